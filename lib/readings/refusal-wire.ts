import { z } from 'zod';
import { type Answer, Count, Day, Id, Instant, listOf, page, type Wire } from '../wire.ts';
import { NAMED_METERS, REFUSALS_COUNTED, REFUSALS_SHOWN_DAYS } from './refusals.ts';

/** Refused frames in the API. */
const Counted = Count.meta({
  description: `Of the last ${REFUSALS_SHOWN_DAYS} days; no more than ${REFUSALS_COUNTED} are counted`,
});

export const RefusalWire = z
  .object({
    refusalId: Id,
    receivedAt: Instant,
    reason: z.string().meta({ description: 'As in [TERM-11] of the terminal protocol' }),
    isAuthentic: z.boolean().meta({ description: "Opened with the terminal's key" }),
    meterSerial: z.string().nullable().meta({ description: 'What an authentic day report named' }),
    day: Day.nullable(),
    namedMeter: z.enum(NAMED_METERS).nullable().meta({
      description: 'State of the named meter in the register, at this supply point and on this day',
    }),
  })
  .meta({ id: 'Refusal' });

export const RefusalSummaryWire = z
  .object({ count: Counted, latest: RefusalWire })
  .meta({ id: 'RefusalSummary' });

export const RefusalsWire = z
  .object({ ...listOf(RefusalWire), total: Counted })
  .meta({ id: 'Refusals' });

/** Parameters of requests. */
export const RefusalsQuery = z.object(page(25, 500));

export type RefusalWire = Wire<typeof RefusalWire>;
export type RefusalSummaryWire = Wire<typeof RefusalSummaryWire>;
export type RefusalsWire = Wire<typeof RefusalsWire>;
/** A page of a terminal's refused frames. */
export type Refusals = Answer<typeof RefusalsWire>;
