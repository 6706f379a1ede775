// File of supply points: one a row, with customer number, meter and terminal. Parsed as a whole before anything is
// registered; rows in faults are those of a spreadsheet, the header being row 1.

import { z } from 'zod';
import type { RowFault } from '../errors.ts';
import { textOfFile } from '../office-file/file-text.ts';
import { excerpt } from '../printable.ts';
import { LATEST_REPORT_MINUTE, USUAL_REPORT_WINDOW } from '../readings/report-window.ts';
import { TERMINAL_NUMBER } from '../terminals/terminal-number.ts';

const COLUMNS = {
  supply_point: z.string().regex(/^[0-9A-Za-z-]{1,32}$/, 'give 1 to 32 digits, letters or hyphens'),
  area: z.string().regex(/^[0-9A-Za-z-]{1,32}$/, "give an area's code"),
  closing_day: z
    .string()
    .regex(/^([1-9]|[12]\d|3[01])$/, 'give 1 to 31, 31 being the end of the month')
    .transform(Number),
  customer: z
    .string()
    .regex(/^[0-9A-Za-z-]{0,32}$/, 'give 1 to 32 digits, letters or hyphens, or nothing'),
  meter_serial: z.string().regex(/^[0-9]{1,12}$/, 'give 1 to 12 decimal digits'),
  meter_size: z
    .string()
    .regex(/^\d{1,4}(\.\d)?$/, 'give the size (号) in m³/h, such as 4 or 1.6')
    .transform(Number)
    .refine((size) => size > 0, 'give a size above 0'),
  dial_l: z
    .string()
    .regex(/^\d{4,10}$/, 'give the dial capacity in litres, such as 10000000 for 9,999.999 m³')
    .transform(Number)
    .refine((litres) => litres >= 1_000 && litres <= 2_147_483_647, 'give 1000 to 2147483647'),
  start_index_l: z
    .string()
    .regex(/^\d{0,10}$/, 'give the register when fitted in whole litres, or nothing')
    .transform((text) => (text === '' ? undefined : Number(text))),
  terminal: z
    .string()
    .refine(
      (text) => text === '' || TERMINAL_NUMBER.test(text),
      'give 1 to 16 decimal digits, or nothing for a number that is made',
    )
    .transform((text) => (text === '' ? undefined : text)),
  report_minute: z
    .string()
    .regex(/^\d{0,4}$/, 'give the minute of the day, 0 to 1439, or nothing for 60 (01:00)')
    .transform((text) => (text === '' ? USUAL_REPORT_WINDOW.reportMinute : Number(text)))
    .refine((minute) => minute <= LATEST_REPORT_MINUTE, 'give the minute of the day, 0 to 1439'),
} as const;

type Column = keyof typeof COLUMNS;

/** Columns of the file in the order of the documentation; a file may have them in any order. */
// `Object.keys` is typed as any strings; these are the keys of COLUMNS, whole.
export const SUPPLY_POINT_COLUMNS = Object.keys(COLUMNS) as Column[];

/**
 * Headings of personal data, which this system must never hold: names, addresses, telephone numbers, e-mail addresses.
 */
const PERSONAL =
  /name|address|phone|\btel|fax|mail|birth|氏名|名前|お名前|名義|住所|番地|電話|携帯|メール|生年月日|郵便/i;
const UNIQUE = ['supply_point', 'customer', 'meter_serial', 'terminal'] as const;

/** A row of the file. */
export interface SupplyPointEntry {
  /** Row of the file, the header being row 1. */
  row: number;
  supplyPoint: string;
  area: string;
  closingDay: number;
  /** Undefined: unoccupied. */
  customer: string | undefined;
  meterSerial: string;
  meterSize: number;
  dialL: number;
  startIndexL: number | undefined;
  /** Undefined: a number is generated. */
  terminal: string | undefined;
  reportMinute: number;
}

/**
 * With faults: the entries without a fault, so that they can be checked against the register and all faults reported at
 * once.
 */
export type SupplyPointFile =
  | { ok: true; entries: SupplyPointEntry[] }
  | { ok: false; faults: RowFault[]; entries: SupplyPointEntry[] };

/** Parses a whole file; all faults are reported in the order of the rows. */
export function parseSupplyPointFile(bytes: Uint8Array): SupplyPointFile {
  const [header, ...rows] = rowsOf(textOfFile(bytes));
  if (!header) return refusal({ row: 1, message: 'the file is empty' });
  const headings = header.cells.map((cell) => cell.toLowerCase());
  const faults = headerFaults(headings);
  if (faults.length > 0) return { ok: false, faults, entries: [] };
  const entries: SupplyPointEntry[] = [];
  for (const row of rows) {
    const entry = entryOf(row, headings, faults);
    if (entry) entries.push(entry);
  }
  if (rows.length === 0) faults.push({ row: 2, message: 'there is no place in the file' });
  faults.push(...repeated(entries));
  if (faults.length > 0) return { ok: false, faults: inOrder(faults), entries };
  return { ok: true, entries };
}

function refusal(fault: RowFault): SupplyPointFile {
  return { ok: false, faults: [fault], entries: [] };
}

/** Faults in the order of the rows. */
export function inOrder(faults: readonly RowFault[]): RowFault[] {
  return faults.toSorted((a, b) => a.row - b.row);
}

/** A fault as text: `row 12, column closing_day: …`. */
export function describeRowFault({ row, column, message }: RowFault): string {
  return `row ${row}${column === undefined ? '' : `, column ${column}`}: ${message}`;
}

interface Row {
  row: number;
  cells: string[];
}

function rowsOf(text: string): Row[] {
  return text
    .split(/\r\n|\n|\r/)
    .map((line, i) => ({ row: i + 1, cells: line.split(',').map(bare) }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''));
}

/** A cell without surrounding spaces and quotes, and without the formula ="…" that keeps zeros in a spreadsheet. */
function bare(cell: string): string {
  const trimmed = cell.trim();
  const quoted = /^"(.*)"$/.exec(trimmed)?.[1]?.replaceAll('""', '"') ?? trimmed;
  return (/^="(.*)"$/.exec(quoted)?.[1] ?? quoted).trim();
}

function missingColumns(headings: readonly string[]): RowFault[] {
  const missing = SUPPLY_POINT_COLUMNS.filter((column) => !headings.includes(column));
  if (missing.length > 1) {
    return [{ row: 1, message: `columns are missing: ${missing.join(', ')}` }];
  }
  return missing.map((column) => ({ row: 1, column, message: 'the column is missing' }));
}

function headerFaults(headings: readonly string[]): RowFault[] {
  const [only = ''] = headings;
  if (headings.length === 1 && /[;\t]/.test(only)) {
    return [{ row: 1, message: 'separate the columns with commas, as "place template" does' }];
  }
  const faults: RowFault[] = [];
  for (const [i, heading] of headings.entries()) {
    if (SUPPLY_POINT_COLUMNS.some((column) => column === heading)) {
      if (headings.indexOf(heading) < i) {
        faults.push({ row: 1, column: heading, message: 'the column is there twice' });
      }
      continue;
    }
    const message = PERSONAL.test(heading)
      ? 'this system holds no personal data: remove the column. A customer is a customer number'
      : `there is no such column; the columns are ${SUPPLY_POINT_COLUMNS.join(', ')}`;
    faults.push({ row: 1, column: excerpt(heading) || `${i + 1} (without a heading)`, message });
  }
  return [...faults, ...missingColumns(headings)];
}

function entryOf(
  { row, cells }: Row,
  headings: readonly string[],
  faults: RowFault[],
): SupplyPointEntry | undefined {
  if (cells.length !== headings.length) {
    faults.push({
      row,
      message: `${headings.length} columns expected, as in the header; ${cells.length} found`,
    });
    return undefined;
  }
  const before = faults.length;
  const value = <C extends Column>(column: C): z.output<(typeof COLUMNS)[C]> => {
    const result = COLUMNS[column].safeParse(cells[headings.indexOf(column)]);
    if (!result.success) {
      faults.push({ row, column, message: result.error.issues[0]?.message ?? 'not a value' });
    }
    // After a fault it is undefined, and then no entry is returned. The compiler does not follow the schema of a column
    // that is a type parameter.
    return result.data as z.output<(typeof COLUMNS)[C]>;
  };
  const entry: SupplyPointEntry = {
    row,
    supplyPoint: value('supply_point'),
    area: value('area'),
    closingDay: value('closing_day'),
    customer: value('customer') || undefined,
    meterSerial: value('meter_serial'),
    meterSize: value('meter_size'),
    dialL: value('dial_l'),
    startIndexL: value('start_index_l'),
    terminal: value('terminal'),
    reportMinute: value('report_minute'),
  };
  if (entry.startIndexL !== undefined && entry.startIndexL >= entry.dialL) {
    const column = 'start_index_l';
    faults.push({ row, column, message: `the dial counts to ${entry.dialL - 1} L only` });
  }
  return faults.length === before ? entry : undefined;
}

/** Repeated values of unique columns, with the row of their first occurrence. */
function repeated(entries: readonly SupplyPointEntry[]): RowFault[] {
  const faults: RowFault[] = [];
  for (const column of UNIQUE) {
    const rows = new Map<string, number>();
    for (const entry of entries) {
      const value = uniqueValue(entry, column);
      if (value === undefined) continue;
      const earlier = rows.get(value);
      if (earlier === undefined) rows.set(value, entry.row);
      else
        faults.push({ row: entry.row, column, message: `${value} is in row ${earlier} already` });
    }
  }
  return faults;
}

/** Value of an entry in one of the unique columns. */
export function uniqueValue(
  entry: SupplyPointEntry,
  column: (typeof UNIQUE)[number],
): string | undefined {
  switch (column) {
    case 'supply_point':
      return entry.supplyPoint;
    case 'customer':
      return entry.customer;
    case 'meter_serial':
      return entry.meterSerial;
    case 'terminal':
      return entry.terminal;
  }
}
