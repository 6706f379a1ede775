import { z } from 'zod';
import { CHECK_REASONS } from '../closing/closing-counts.ts';
import { ClosingDay, ClosingRowWire } from '../closing/closing-wire.ts';
import { type Answer, Count, Day, Instant, listOf, page, type Wire } from '../wire.ts';

/** Rows of closings on the work-list, in the API. */
export const ClosingChecksQuery = z.object({
  closingDay: ClosingDay.optional().meta({
    description: 'One of `closings`; without it that which closed first',
  }),
  ...page(50, 200),
});

const ClosingCheckWire = z
  .object({ reasons: z.array(z.enum(CHECK_REASONS)), row: ClosingRowWire })
  .meta({ id: 'ClosingCheck' });

const OpenClosingWire = z.object({ closingDay: z.number().int().min(1).max(31), closesOn: Day });

export const ClosingChecksWire = z
  .object({
    asOf: Instant.meta({ description: 'Instant for which all of this is true' }),
    closings: z.array(OpenClosingWire).meta({
      description: 'The latest closing of each closing day, while nothing of it was issued',
    }),
    shown: OpenClosingWire.nullable().meta({
      description: 'The closing whose rows these are; null where the asked one is not among them',
    }),
    toCheck: Count.meta({
      description:
        'Rows of that closing to check, with those that a reading of the work-list explains',
    }),
    ...listOf(ClosingCheckWire),
  })
  .meta({ id: 'ClosingChecks' });
export type ClosingChecksWire = Wire<typeof ClosingChecksWire>;
export type ClosingChecks = Answer<typeof ClosingChecksWire>;
