// Replay file: `date,i01,…,i24`, one JST day a line, the register in litres at 1:00 … 24:00, blank without a reading.
// Checked as a whole, also against the clock and the customer's stays, before it is used; lines and columns in faults
// count from 1.
import { excerpt } from '../printable.ts';
import { dayNumber, dayOf, formatJst, instantOf, isDay } from '../time.ts';
import { mayRollOver } from '../validation/register-step.ts';
import { faultOfStay, type ReplayStay, stayOf } from './replay-stay.ts';

const HOURS = 24;
const COLUMNS = ['date', ...Array.from({ length: HOURS }, (_, i) => `i${pad(i + 1)}`)];
const BYTE_ORDER_MARK = '\uFEFF';
const WHOLE_NUMBER = /^[0-9]+$/;
/** First day that the terminal protocol can express [TERM-6.1]. */
const FIRST_DAY = '2000-01-01';

/** A day of the file; element k − 1 is the register at k:00, litres, null when there is none. */
export interface ReplayDay {
  /** JST 'YYYY-MM-DD'. */
  readonly day: string;
  readonly indexL: readonly (number | null)[];
  /** Index in the rules' `stays` of the stay that it belongs to; 0 without stays. */
  readonly stay: number;
  /** Its line in the file. */
  readonly line: number;
}

/** A fault with its position: `column` is a column's number in the line, undefined for the whole line. */
export interface ReplayFault {
  readonly line: number;
  readonly column?: number | undefined;
  readonly message: string;
}

/** Something unusual with a clear meaning: accepted, and reported. */
export interface ReplayNote {
  readonly line: number;
  readonly message: string;
}

export type ReplayFile =
  | {
      readonly ok: true;
      readonly days: readonly ReplayDay[];
      readonly notes: readonly ReplayNote[];
    }
  | { readonly ok: false; readonly faults: readonly ReplayFault[] };

export interface ReplayRules {
  /** In the order of their days; empty for a customer without any, whose days are then all accepted. */
  stays: readonly ReplayStay[];
  /** Dial capacity when no stay has another, litres. */
  dialL: number;
  /** No reading may be later than this. */
  now: Date;
}

interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

/** Parses a whole file. All faults are reported in the order of their lines; with any there are no days. */
export function parseReplayFile(text: string, rules: ReplayRules): ReplayFile {
  const faults: ReplayFault[] = [];
  const notes: ReplayNote[] = [];
  const rows = rowsOf(text, notes);
  checkHeader(rows.shift(), faults);
  const days: ReplayDay[] = [];
  for (const row of rows) {
    const day = parseDay(row, rules, faults);
    if (day) days.push(day);
  }
  checkOrder(days, faults);
  noteUnfinished(days, rules, notes);
  checkIndexes(days, { rules, faults, notes });
  if (faults.length === 0 && days.length === 0) {
    faults.push({ line: 1, message: 'there is no day in the file' });
  }
  const absent = daysNotNamed(days);
  if (absent > 0) {
    notes.push({ line: 1, message: `${absent} days between the first and the last are not in it` });
  }
  if (faults.length > 0) return { ok: false, faults: faults.sort(byRow) };
  return { ok: true, days, notes };
}

/** A fault as text: `line 12, column 7 (i06): …`. */
export function describeFault({ line, column, message }: ReplayFault): string {
  if (column === undefined) return `line ${line}: ${message}`;
  const name = COLUMNS[column - 1];
  return `line ${line}, column ${column}${name ? ` (${name})` : ''}: ${message}`;
}

function rowsOf(text: string, notes: ReplayNote[]): Row[] {
  const body = text.startsWith(BYTE_ORDER_MARK) ? text.slice(BYTE_ORDER_MARK.length) : text;
  const lines = body.split(/\r\n|\n|\r/);
  while (lines.at(-1)?.trim() === '') lines.pop();
  const rows = lines.map((line, i) => ({ line: i + 1, cells: line.split(',').map(bare) }));
  return rows.filter((row) => {
    const empty = row.cells.length === 1 && row.cells[0] === '';
    if (empty) notes.push({ line: row.line, message: 'an empty line was passed over' });
    return !empty;
  });
}

/** A cell without the spaces and quotes that spreadsheets add. */
function bare(cell: string): string {
  const trimmed = cell.trim();
  return /^".*"$/.test(trimmed) ? trimmed.slice(1, -1).trim() : trimmed;
}

function checkHeader(header: Row | undefined, faults: ReplayFault[]): void {
  if (!header) {
    faults.push({ line: 1, message: 'the file is empty' });
    return;
  }
  const column = COLUMNS.findIndex((name, i) => header.cells[i]?.toLowerCase() !== name);
  if (column >= 0) {
    const found = header.cells[column];
    faults.push({
      line: header.line,
      column: column + 1,
      message: `the header must be date,i01,…,i24: "${COLUMNS[column]}" expected, ${found ? `"${excerpt(found)}"` : 'nothing'} found`,
    });
  } else if (header.cells.length > COLUMNS.length) {
    faults.push(countFault(header));
  }
}

function countFault({ line, cells }: Row): ReplayFault {
  const column = Math.min(cells.length, COLUMNS.length) + 1;
  return {
    line,
    column,
    message: `${COLUMNS.length} columns expected (the date and ${HOURS} hours), ${cells.length} found`,
  };
}

function parseDay(row: Row, rules: ReplayRules, faults: ReplayFault[]): ReplayDay | undefined {
  if (row.cells.length !== COLUMNS.length) {
    faults.push(countFault(row));
    return undefined;
  }
  const [day = '', ...hours] = row.cells;
  const dateFault = faultOfDate(day, rules.now) ?? faultOfStay(day, rules.stays);
  if (dateFault) {
    faults.push({ line: row.line, column: 1, message: dateFault });
    return undefined;
  }
  const stay = stayOf(day, rules.stays) ?? 0;
  const dialL = dialOf(rules, stay);
  const indexL = hours.map((cell, i) => {
    const fault = faultOfIndex(cell, dialL) ?? faultOfHour(cell, { day, hour: i + 1 }, rules.now);
    if (fault) faults.push({ line: row.line, column: i + 2, message: fault });
    return cell === '' || fault ? null : Number(cell);
  });
  return { day, indexL, stay, line: row.line };
}

function dialOf({ stays, dialL }: ReplayRules, stay: number): number {
  return stays[stay]?.dialL ?? dialL;
}

function faultOfDate(day: string, now: Date): string | undefined {
  if (!isDay(day)) return `"${excerpt(day)}" is not a calendar day written YYYY-MM-DD`;
  if (day > dayOf(now)) return `${day} lies in the future`;
  if (day < FIRST_DAY) return `${day} lies before ${FIRST_DAY}, the first day that can be sent`;
  return undefined;
}

function faultOfHour(
  cell: string,
  { day, hour }: { day: string; hour: number },
  now: Date,
): string | undefined {
  if (cell === '' || instantOf(day, hour) <= now) return undefined;
  const clock = formatJst(now).slice(11, 16);
  return `${day} ${hour}:00 is yet to come, it is ${clock}: leave the cell blank`;
}

/** A day that is not over is accepted with its hours so far; the rest can follow in a later file. */
function noteUnfinished(
  days: readonly ReplayDay[],
  { now }: ReplayRules,
  notes: ReplayNote[],
): void {
  for (const { day, line } of days) {
    if (instantOf(day, 24) <= now) continue;
    notes.push({ line, message: `${day} is not over yet: only the hours so far are sent` });
  }
}

function faultOfIndex(cell: string, dialL: number): string | undefined {
  if (cell === '') return undefined;
  if (!WHOLE_NUMBER.test(cell)) return `"${excerpt(cell)}" is not a whole number of litres`;
  if (Number(cell) >= dialL)
    return `${excerpt(cell)} L is beyond the dial, which counts to ${dialL - 1} L`;
  return undefined;
}

function checkOrder(days: readonly ReplayDay[], faults: ReplayFault[]): void {
  const lines = new Map<string, number>();
  let latest: ReplayDay | undefined;
  for (const day of days) {
    const earlier = lines.get(day.day);
    if (earlier !== undefined) {
      faults.push({
        line: day.line,
        column: 1,
        message: `${day.day} occurs twice: here and in line ${earlier}`,
      });
    } else if (latest && day.day < latest.day) {
      faults.push({
        line: day.line,
        column: 1,
        message: `${day.day} comes after ${latest.day} of line ${latest.line}: sort the file by date`,
      });
    }
    lines.set(day.day, earlier ?? day.line);
    if (!latest || day.day > latest.day) latest = day;
  }
}

function checkIndexes(
  days: readonly ReplayDay[],
  { rules, faults, notes }: { rules: ReplayRules; faults: ReplayFault[]; notes: ReplayNote[] },
): void {
  let before: Reading | undefined;
  for (const reading of days.flatMap(readingsOf)) {
    // At another supply point it is another register.
    if (before && before.stay === reading.stay && reading.indexL < before.indexL) {
      const { line, column } = reading;
      // Whether so much could have passed is found by validation, which knows the meter's size.
      if (mayRollOver(dialOf(rules, reading.stay), before.indexL, reading.indexL)) {
        notes.push({ line, message: `the register began again at ${COLUMNS[column - 1]}` });
      } else {
        const from = `${before.indexL} L (line ${before.line}, ${COLUMNS[before.column - 1]})`;
        const message = `the index falls from ${from} to ${reading.indexL} L, and that is no rollover: only a register above 0.9 of its dial begins again below half of it`;
        faults.push({ line, column, message });
      }
    }
    before = reading;
  }
  const empty = days.filter(({ indexL }) => indexL.every((index) => index === null)).length;
  if (empty > 0) {
    notes.push({ line: 1, message: `${empty} days have no reading at all; they are sent as such` });
  }
}

interface Reading {
  readonly indexL: number;
  readonly stay: number;
  readonly line: number;
  readonly column: number;
}

function readingsOf({ indexL, stay, line }: ReplayDay): Reading[] {
  return indexL.flatMap((index, i) =>
    index === null ? [] : [{ indexL: index, stay, line, column: i + 2 }],
  );
}

function byRow(a: ReplayFault, b: ReplayFault): number {
  return a.line - b.line || (a.column ?? 0) - (b.column ?? 0);
}

/** Days between the first and the last that are not in the file. */
function daysNotNamed(days: readonly ReplayDay[]): number {
  const [first] = days;
  const last = days.at(-1);
  if (!first || !last) return 0;
  return dayNumber(last.day) - dayNumber(first.day) + 1 - days.length;
}

function pad(number: number): string {
  return String(number).padStart(2, '0');
}
