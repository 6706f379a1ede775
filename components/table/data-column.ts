/** Column of a data table: its name, the rendered value, and the value as text for a file. */
import type { ReactNode } from 'react';

/**
 * `figure`: a number, right-aligned; `identifier`: digits that are kept as written, with leading zeros; `time`: a day
 * or an instant.
 */
export type ColumnKind = 'text' | 'identifier' | 'figure' | 'time';

/**
 * Position of a column in the card of a row on a phone: `title` comes first, `aside` beside it, `fact` is one of the
 * named values below, `line` a line without its name. `none` is left out.
 */
export type PhoneRole = 'title' | 'aside' | 'fact' | 'line' | 'none';

export interface DataColumn<Row, Sort extends string = never> {
  id: string;
  name: string;
  /** Unit of all values, shown once in the head. */
  unit?: string;
  kind?: ColumnKind;
  /** Value in a file: plain text, complete, empty when there is none. Also rendered when `cell` is undefined. */
  text: (row: Row) => string;
  cell?: (row: Row) => ReactNode;
  /** The server's sort order of this column. */
  sort?: Sort;
  phone: PhoneRole;
  /** Always visible: not offered in the choice of columns. */
  fixed?: boolean;
  /** Hidden until chosen. */
  extra?: boolean;
  /** Long values that may wrap: the column takes the width that the others leave. */
  wide?: boolean;
}

/** Name with unit, as in the head of a file: 電池 (V). */
export function nameWithUnit({ name, unit }: Pick<DataColumn<never>, 'name' | 'unit'>): string {
  return unit === undefined ? name : `${name} (${unit})`;
}
