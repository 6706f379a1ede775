import { z } from 'zod';
import { REGISTER_RULES, STEP_RULES } from './judge-registers.ts';

/** Verdicts of validation in the API. */
export const RegisterRuleWire = z.enum(REGISTER_RULES).meta({
  id: 'RegisterRule',
  description: 'Why a register is in doubt',
});

export const StepRuleWire = z.enum(STEP_RULES).meta({
  id: 'StepRule',
  description: 'Why the usage between two sound registers is unknown',
});
