/** What a column of a data table is: its name, its values as they are seen, and its values as text for a file. */
import type { ReactNode } from 'react';

/**
 * `figure`: a number, right-aligned; `identifier`: digits that count as written, as leading zeros do; `time`: a day or an
 * instant.
 */
export type ColumnKind = 'text' | 'identifier' | 'figure' | 'time';

/**
 * Where a column stands on a phone, where each row is a card: `title` begins it, `aside` stands beside the title, `fact`
 * is one of the named values below, `line` a line of its own without its name. `none` is left out.
 */
export type PhoneRole = 'title' | 'aside' | 'fact' | 'line' | 'none';

export interface DataColumn<Row, Sort extends string = never> {
  id: string;
  name: string;
  /** Unit of all its values, said once in the head. */
  unit?: string;
  kind?: ColumnKind;
  /** The value in a file: plain, in full, empty where there is none. Also what is seen where `cell` is left out. */
  text: (row: Row) => string;
  cell?: (row: Row) => ReactNode;
  /** By which of the server's orders the column sorts. */
  sort?: Sort;
  phone: PhoneRole;
  /** Always seen: not offered in the choice of columns. */
  fixed?: boolean;
  /** Not seen until it is chosen. */
  extra?: boolean;
  /** Values are long and may break: the column takes the room that the others leave. */
  wide?: boolean;
}

/** Name with unit, as the head of a file has it: 電池 (V). */
export function nameWithUnit({ name, unit }: Pick<DataColumn<never>, 'name' | 'unit'>): string {
  return unit === undefined ? name : `${name} (${unit})`;
}
