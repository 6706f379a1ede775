// Days and instants on the wire: days of the JST calendar since 2000-01-01, and seconds since 2000-01-01T00:00:00Z
// [TERM-6.1]. PostgreSQL's binary date and timestamptz have the same origin.
import { dayFromNumber, dayNumber } from '../../lib/time.ts';

const ORIGIN_DAY = dayNumber('2000-01-01');
const ORIGIN_MS = Date.UTC(2000, 0, 1);

/** The wire's number of a JST day 'YYYY-MM-DD', days since 2000-01-01; a RangeError on other text. */
export function wireDay(day: string): number {
  return dayNumber(day) - ORIGIN_DAY;
}

/** The JST day 'YYYY-MM-DD' of a day number of the wire. */
export function dayOfWire(number: number): string {
  return dayFromNumber(number + ORIGIN_DAY);
}

/** The same day as its number since 1970-01-01. */
export function dayNumberOfWire(number: number): number {
  return number + ORIGIN_DAY;
}

/** Terminal time of an instant: whole seconds since 2000-01-01T00:00:00Z, rounded down. */
export function terminalTime(at: Date): number {
  return Math.floor((at.getTime() - ORIGIN_MS) / 1000);
}

/** The instant of a terminal time. */
export function terminalInstant(terminalTimeS: number): Date {
  return new Date(ORIGIN_MS + terminalTimeS * 1000);
}
