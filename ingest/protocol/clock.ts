// Days and instants on the wire count from 2000-01-01: days of the JST calendar, and seconds since
// 2000-01-01T00:00:00Z [TERM-6.1]. PostgreSQL's binary date and timestamptz have the same origin.

const ORIGIN_MS = Date.UTC(2000, 0, 1);
const DAY_MS = 86_400_000;

/** The number of a JST day written 'YYYY-MM-DD'; a RangeError when it is no such day. */
export function dayNumber(day: string): number {
  const number = (Date.parse(`${day}T00:00:00Z`) - ORIGIN_MS) / DAY_MS;
  if (!Number.isInteger(number) || dayText(number) !== day) {
    throw new RangeError(`expected a day as YYYY-MM-DD, not "${day}"`);
  }
  return number;
}

/** The JST day 'YYYY-MM-DD' of a day number. */
export function dayText(number: number): string {
  return new Date(ORIGIN_MS + number * DAY_MS).toISOString().slice(0, 10);
}

/** Terminal time of an instant: whole seconds since 2000-01-01T00:00:00Z, rounded down. */
export function terminalTime(at: Date): number {
  return Math.floor((at.getTime() - ORIGIN_MS) / 1000);
}

/** The instant of a terminal time. */
export function instantOf(terminalTimeS: number): Date {
  return new Date(ORIGIN_MS + terminalTimeS * 1000);
}
