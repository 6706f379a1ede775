/**
 * zod schemas for query and path parameters: ids, days, months, text and offsets, bounded so that no accepted value can
 * cause a database error. Every parameter of the API is made of these.
 */
import { z } from 'zod';
import { isMonth } from './time.ts';

const ID_MAX = 2 ** 31 - 1;
const FIRST_YEAR = '2000';
const LAST_YEAR = '2199';
const YEARS = `${FIRST_YEAR} to ${LAST_YEAR}`;
const TEXT_MAX_LENGTH = 64;
/** Control characters, and lone surrogates, which no text of the database can have. */
const NO_TEXT = /[\p{Cc}\p{Cs}]/u;

const isInYears = (text: string): boolean =>
  text.slice(0, 4) >= FIRST_YEAR && text.slice(0, 4) <= LAST_YEAR;

/** The id of a row, as text. */
export const IdParam = z.coerce.number().int().min(1).max(ID_MAX);

/** Number of rows of a list to skip, as text. */
export const OffsetParam = z.coerce.number().int().min(0).max(ID_MAX).default(0);

/** A JST day YYYY-MM-DD of 2000 to 2199. */
export const DayParam = z.iso
  .date()
  .refine(isInYears, `a day of the years ${YEARS}`)
  .meta({ description: 'JST day', example: '2026-11-22' });

/** An instant of 2000 to 2199 in ISO 8601 with its offset. */
export const InstantParam = z.iso
  .datetime({ offset: true })
  .refine(isInYears, `an instant of the years ${YEARS}`)
  .transform((text) => new Date(text))
  .meta({ example: '2026-11-20T10:30:00+09:00' });

/** A month YYYY-MM of 2000 to 2199. */
export const MonthParam = z
  .string()
  .refine((text) => isMonth(text) && isInYears(text), `a month as YYYY-MM of the years ${YEARS}`)
  .meta({ description: 'Month YYYY-MM', example: '2026-11' });

/** One line of text, as typed into a search. */
export const TextParam = z
  .string()
  .max(TEXT_MAX_LENGTH)
  .refine((text) => !NO_TEXT.test(text), 'text without control characters');
