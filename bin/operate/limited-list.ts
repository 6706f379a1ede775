/** Lists that may be long: a limit, and a note when there are more rows. */
import { optional, whole } from './option.ts';
import { counted } from './outcome-text.ts';
import type { Outcome } from './verb.ts';

const USUAL = 1_000;

/** Option for the number of rows. */
export const LIMIT = optional('COUNT', `at most so many (${USUAL})`, whole(1, 1_000_000));

export interface List<Row> {
  /** Singular name of a row: "meter". */
  of: string;
  /** Requested number; undefined: 1,000. */
  limit: number | undefined;
  /** Keys of the rows, used as headings. */
  headings: readonly string[];
  /** Reads at most so many rows, the first in order. */
  read: (limit: number) => Promise<Row[]>;
}

/** Outcome of a list. One row more than shown is read, to know whether there are more. */
export async function listed<Row extends object>(list: List<Row>): Promise<Outcome> {
  const { of, limit = USUAL, headings, read } = list;
  const found = await read(limit + 1);
  const rows = found.slice(0, limit).map((row) => Object.fromEntries(Object.entries(row)));
  const more = found.length > limit ? ' (the first; there are more: --limit)' : '';
  return { said: `${counted(rows.length, of)}${more}`, table: { headings, rows } };
}
