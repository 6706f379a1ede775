import { z } from 'zod';
import { isDay } from '../../lib/time.ts';

/** Names of faults; docs/simulator.md describes each and its effect. */
export const FAULT_KINDS = [
  'missing-hours',
  'late-days',
  'duplicates',
  'wrong-key',
  'clock-drift',
  'replay',
  'silent',
  'pressure-drift',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/** Switches one fault on; the meanings of `rate`, `fromDay` and `amount` for each are in docs/simulator.md. */
export const FaultSetting = z.object({
  kind: z.enum(FAULT_KINDS),
  /** Share of the days, 0 to 1. */
  rate: z.number().min(0).max(1).default(1),
  fromDay: z.string().refine(isDay, 'not a calendar day').optional(),
  amount: z.number().default(1),
});

export type FaultSetting = z.infer<typeof FaultSetting>;
