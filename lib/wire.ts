/**
 * Shared schemas of the API's answers and parameters; every `…-wire.ts` uses them. Days are JST calendar days; litres,
 * pascals and counts are whole; null is a value that is unknown, never a zero.
 */
import { z } from 'zod';
import { GAS_KINDS } from './gas-kind.ts';
import { DayParam, OffsetParam } from './query-params.ts';

export const Day = z.iso.date().meta({ description: 'JST day', example: '2026-11-22' });

export const Month = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
  .meta({ description: 'Month YYYY-MM', example: '2026-11' });

/** An instant: a Date in a verb's answer, ISO 8601 text on the wire. */
export const Instant = z.iso.datetime({ offset: true }).brand<'Instant', 'in'>();

/** An instant that stays text, as it is printed. */
export const JstInstant = z.iso.datetime({ offset: true }).meta({
  description: 'With the offset of JST; 24:00 is the next day at 00:00',
  example: '2026-11-21T00:00:00+09:00',
});

/** The id of a row. */
export const Id = z.number().int();

export const HourEnding = z
  .number()
  .int()
  .min(1)
  .max(24)
  .meta({ description: 'k closes the hour from k−1:00 to k:00 JST' });

export const Litres = z.number().int().min(0);

/** Gauge pressure. */
export const Pascals = z.number().int();

export const Count = z.number().int().min(0);

export const GasKind = z.enum(GAS_KINDS);

/** Resolution of a series: a value for each hour or for each day. The API's parameter and field `step`. */
export const RESOLUTIONS = ['hour', 'day'] as const;
export const Resolution = z.enum(RESOLUTIONS);
export type Resolution = (typeof RESOLUTIONS)[number];

/** Fields of an answer with a part of a long list: its rows, and the length of the whole list, also past its end. */
export function listOf<Row extends z.ZodType>(row: Row) {
  return {
    total: Count.meta({ description: 'Rows of the whole list, of which `rows` is a part' }),
    rows: z.array(row),
  };
}

/** Parameters for a part of a long list: `usual` rows by default, `most` at most. */
export function page(usual: number, most: number) {
  return {
    limit: z.coerce.number().int().min(1).max(most).default(usual),
    offset: OffsetParam,
  };
}

/** Parameters that choose a period of whole days, both included. */
export const period = {
  from: DayParam.optional().meta({ description: 'First day; six days before `to` when left out' }),
  to: DayParam.optional().meta({ description: 'Last day; yesterday when left out' }),
};

/** What a client receives: instants are text. */
export type Wire<Shape extends z.ZodType> = z.output<Shape>;

/** What a read verb returns: as on the wire, with instants as Dates. */
export type Answer<Shape extends z.ZodType> = WithDates<z.input<Shape>>;

type WithDates<T> =
  T extends z.core.$brand<'Instant'>
    ? Date
    : T extends object
      ? { [Key in keyof T]: WithDates<T[Key]> }
      : T;
