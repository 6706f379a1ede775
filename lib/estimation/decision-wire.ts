/** A decision on the usage of a closing row, as its explanation shows it. */
import { z } from 'zod';
import { type Answer, Day, Id, Instant } from '../wire.ts';
import { METER_ERRORS } from './tolerance-correction.ts';

export const DecisionWire = z
  .object({
    decisionId: Id,
    kind: z.enum(['certified', 'correction']),
    onDay: Day.meta({
      description:
        'certified: the day that the row closes; correction: of the period with whose row it is billed',
    }),
    litres: z.number().int(),
    percent: z.string().nullable(),
    direction: z.enum(METER_ERRORS).nullable(),
    baseM3: z.string().nullable(),
    isBaseChanged: z.boolean().meta({
      description:
        'correction: the closings that it is of were issued again with another usage, so that it is to be decided again',
    }),
    reason: z.string(),
    decidedName: z.string(),
    decidedAt: Instant,
    supersedes: Id.nullable(),
    withdrawnName: z.string().nullable(),
    withdrawnAt: Instant.nullable(),
    isUsed: z.boolean().meta({
      description: 'True: the row has it. False: it was withdrawn, or a reading came before it',
    }),
  })
  .meta({ id: 'UsageDecision' });
export type Decision = Answer<typeof DecisionWire>;
