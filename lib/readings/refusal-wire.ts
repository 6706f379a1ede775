import { z } from 'zod';
import { AskedOffset } from '../query-params.ts';
import { REFUSALS_COUNTED, REFUSALS_SHOWN_DAYS } from './refusals.ts';

/** What the API says of frames that were not accepted. */
const Day = z.iso.date().meta({ description: 'JST day', example: '2026-11-22' });
const Instant = z.iso.datetime({ offset: true });
const Counted = z
  .number()
  .int()
  .min(0)
  .meta({
    description: `Of the last ${REFUSALS_SHOWN_DAYS} days; no more than ${REFUSALS_COUNTED} are counted`,
  });

export const RefusalWire = z
  .object({
    refusalId: z.number().int(),
    receivedAt: Instant,
    reason: z.string().meta({ description: 'As in [TERM-11] of the terminal protocol' }),
    isAuthentic: z.boolean().meta({ description: "Opened with the terminal's key" }),
    meterSerial: z.string().nullable().meta({ description: 'What an authentic day report named' }),
    day: Day.nullable(),
    namedMeter: z.enum(['unregistered', 'notFitted', 'fitted']).nullable().meta({
      description: 'How the named meter stands in the register, at this place and on this day',
    }),
  })
  .meta({ id: 'Refusal' });

export const RefusalSummaryWire = z
  .object({ count: Counted, latest: RefusalWire })
  .meta({ id: 'RefusalSummary' });

export const RefusalsWire = z
  .object({ total: Counted, refusals: z.array(RefusalWire) })
  .meta({ id: 'Refusals' });

/** What may be asked. */
export const RefusalsQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(25),
  offset: AskedOffset,
});

export type RefusalWire = z.infer<typeof RefusalWire>;
export type RefusalSummaryWire = z.infer<typeof RefusalSummaryWire>;
export type RefusalsWire = z.infer<typeof RefusalsWire>;
