/** Lists that may be long: how many rows are told, and that there are more. */
import { optional, whole } from './option.ts';
import { counted } from './outcome-text.ts';
import type { Outcome } from './verb.ts';

const USUAL = 1_000;

/** The option with which more or fewer rows are asked for. */
export const LIMIT = optional('COUNT', `at most so many (${USUAL})`, whole(1, 1_000_000));

export interface List<Row> {
  /** What a row is: "meter". */
  of: string;
  /** How many were asked for; 1,000 where nothing was. */
  limit: number | undefined;
  /** Keys of the rows. */
  headings: readonly string[];
  /** Yields at most so many rows, the first in order. */
  read: (limit: number) => Promise<Row[]>;
}

/** The outcome of a list. One row more than is told is read, so that it can say whether there are more. */
export async function listed<Row extends object>(list: List<Row>): Promise<Outcome> {
  const { of, limit = USUAL, headings, read } = list;
  const found = await read(limit + 1);
  const rows = found.slice(0, limit).map((row) => Object.fromEntries(Object.entries(row)));
  const more = found.length > limit ? ' (the first; there are more: --limit)' : '';
  return { said: `${counted(rows.length, of)}${more}`, table: { headings, rows } };
}
