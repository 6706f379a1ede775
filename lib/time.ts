/**
 * Calendar of the product: zone Asia/Tokyo (UTC+9, no daylight saving), so plain arithmetic is exact. A day is text
 * YYYY-MM-DD, a month YYYY-MM. Hour ending k (1…24) is the instant k:00 of the day, 24 the day's end.
 */
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const JST_OFFSET_MS = 9 * HOUR_MS;

const DAY_PATTERN = /^(\d{4})-(\d{2})-(\d{2})$/;
const MONTH_PATTERN = /^(\d{4})-(0[1-9]|1[0-2])$/;

/** True for a real calendar day written YYYY-MM-DD (2025-02-29 is not one). */
export function isDay(text: string): boolean {
  return parseDay(text) !== undefined;
}

/** The day that was parsed last: rows of one day come one after the other. */
let parsed: { text: string; number: number | undefined } = { text: '', number: undefined };

/** Days since 1970-01-01; undefined for text that is not a calendar day. Called for every reading, so it is fast. */
function parseDay(text: string): number | undefined {
  if (text !== parsed.text) parsed = { text, number: newlyParsed(text) };
  return parsed.number;
}

function newlyParsed(text: string): number | undefined {
  if (!DAY_PATTERN.test(text)) return undefined;
  const at = Date.parse(`${text}T00:00:00Z`);
  return new Date(at).getUTCDate() === Number(text.slice(8)) ? at / DAY_MS : undefined;
}

export function isMonth(text: string): boolean {
  return MONTH_PATTERN.test(text);
}

/** Days since 1970-01-01. @throws RangeError when the text is not a calendar day. */
export function dayNumber(day: string): number {
  const number = parseDay(day);
  if (number === undefined) throw new RangeError(`not a calendar day: ${day}`);
  return number;
}

export function dayFromNumber(number: number): string {
  return new Date(number * DAY_MS).toISOString().slice(0, 10);
}

export function addDays(day: string, days: number): string {
  return dayFromNumber(dayNumber(day) + days);
}

/** Days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: string, to: string): number {
  return dayNumber(to) - dayNumber(from);
}

export function addMonths(month: string, months: number): string {
  const [year, monthOfYear] = splitMonth(month);
  const count = year * 12 + (monthOfYear - 1) + months;
  return `${String(Math.floor(count / 12)).padStart(4, '0')}-${String((count % 12) + 1).padStart(2, '0')}`;
}

export function monthOf(day: string): string {
  return day.slice(0, 7);
}

export function daysInMonth(month: string): number {
  const [year, monthOfYear] = splitMonth(month);
  return new Date(Date.UTC(year, monthOfYear, 0)).getUTCDate();
}

function splitMonth(month: string): [number, number] {
  const match = MONTH_PATTERN.exec(month);
  if (!match) throw new RangeError(`not a month: ${month}`);
  return [Number(match[1]), Number(match[2])];
}

/** The end (24:00 JST) of the day with this number since 1970-01-01, in milliseconds since 1970. */
export function dayEndMs(number: number): number {
  return (number + 1) * DAY_MS - JST_OFFSET_MS;
}

/** Instant at which hour ending `hourEnding` (0…24) of a JST day closes; 0 is the day's beginning. */
export function instantOf(day: string, hourEnding: number): Date {
  return new Date(dayNumber(day) * DAY_MS - JST_OFFSET_MS + hourEnding * HOUR_MS);
}

/** The JST calendar day of an instant. */
export function dayOf(at: Date): string {
  return new Date(at.getTime() + JST_OFFSET_MS).toISOString().slice(0, 10);
}

/** Minutes since JST midnight, 0…1439. */
export function minuteOfDay(at: Date): number {
  return Math.floor(((at.getTime() + JST_OFFSET_MS) % DAY_MS) / 60_000);
}

/** The instant that was written last: most readings of a closing are of the same. */
let written = { ms: Number.NaN, text: '' };

/** The instant as ISO 8601 in JST with its offset, to the second: 2026-11-23T14:00:00+09:00. */
export function formatJst(at: Date): string {
  const ms = at.getTime();
  if (ms !== written.ms) {
    written = { ms, text: `${new Date(ms + JST_OFFSET_MS).toISOString().slice(0, 19)}+09:00` };
  }
  return written.text;
}
