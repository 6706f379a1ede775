import { z } from 'zod';
import { PlainName } from '../plain-name.ts';
import { DayParam, IdParam, OffsetParam, TextParam } from '../query-params.ts';
import { type Answer, Count, Day, HourEnding, Id, Instant, Litres, type Wire } from '../wire.ts';
import { MARK_RULES } from './reading-marks.ts';

/** Marks for attention (注意) in the API. Registers and usage are litres, days JST days. */
const MarkRuleWire = z.enum(MARK_RULES).meta({
  id: 'MarkRule',
  description:
    'stuck-register: stood still for far longer than ever, between days of steady flow; unlike-season: a usage far from that of the same weeks of other years; clock-doubt: the clock of the terminal was off by half an hour or more; received-later: a register came for an hour that was entered by hand',
});

export const MARK_STATES = ['open', 'seen'] as const;

export const MarksQuery = z.object({
  state: z.enum(MARK_STATES).default('open').meta({ description: 'seen: latest first' }),
  rule: MarkRuleWire.optional(),
  meterId: IdParam.optional(),
  search: TextParam.optional().meta({
    description: 'A part of a customer or supply point number or meter serial',
  }),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  offset: OffsetParam,
});

const Seen = z.object({
  days: Count.nullable().meta({ description: 'stuck-register: days that it stood still' }),
  longestDays: Count.nullable().meta({ description: 'stuck-register: the longest time before' }),
  dailyL: Litres.nullable().meta({ description: 'stuck-register: litres a day before it' }),
  usageL: Litres.nullable().meta({ description: 'unlike-season: usage of these weeks' }),
  leastL: Litres.nullable().meta({ description: 'unlike-season: the least of the others' }),
  mostL: Litres.nullable().meta({ description: 'unlike-season: the most of the others' }),
  weeks: Count.nullable().meta({ description: 'unlike-season: weeks of other years' }),
  offsetS: z.number().int().nullable().meta({
    description: 'clock-doubt: clock of the terminal minus that of the server, seconds',
  }),
  hourEnding: HourEnding.nullable().meta({ description: 'received-later' }),
  editId: Id.nullable().meta({
    description: 'received-later: the edit; to take it back is to use what came',
  }),
  enteredL: Litres.nullable().meta({ description: 'received-later: what was entered, and counts' }),
  receivedL: Litres.nullable().meta({ description: 'received-later: what came' }),
});

export const ReadingMarkWire = z
  .object({
    meterId: Id,
    rule: MarkRuleWire,
    fromOn: Day,
    toOn: Day,
    litres: Litres.meta({ description: 'By how much the usage may be another' }),
    facts: Seen.meta({ description: 'What the rule saw; what another rule sees is null' }),
    meterSerial: z.string(),
    supplyPointNumber: z.string().nullable(),
    customerNumber: z.string().nullable().meta({ description: 'Null: vacant then' }),
    markedAt: Instant,
    seenName: z.string().nullable().meta({ description: 'Who looked at it; null: nobody yet' }),
    seenAt: Instant.nullable(),
    note: z.string().nullable(),
  })
  .meta({ id: 'ReadingMark' });
export type ReadingMarkWire = Wire<typeof ReadingMarkWire>;
export type ReadingMarkAnswer = Answer<typeof ReadingMarkWire>;

export const ReadingMarksWire = z
  .object({
    total: Count,
    byRule: z.partialRecord(z.enum(MARK_RULES), Count).meta({
      description: 'Marks of the state by rule, whatever rule is asked for',
    }),
    rows: z.array(ReadingMarkWire),
  })
  .meta({ id: 'ReadingMarks' });
export type ReadingMarksWire = Wire<typeof ReadingMarksWire>;
export type ReadingMarks = Answer<typeof ReadingMarksWire>;

export const MarkSeenInput = z
  .strictObject({
    meterId: Id.min(1).max(2 ** 31 - 1),
    rule: MarkRuleWire,
    fromOn: DayParam,
    isSeen: z
      .boolean()
      .meta({ description: 'false: takes it back, so that the mark is open again' }),
    note: PlainName.optional().meta({ description: 'What was found, without personal data' }),
  })
  .meta({ id: 'MarkSeenBody' });
export type MarkSeenInput = z.input<typeof MarkSeenInput>;
