// On time or late [TERM-9.1]: a day's report window opens at a minute of the JST day that follows it. Instants are
// milliseconds since 1970, days are days since 2000-01-01, as on the wire.
import { dayNumber } from '../../lib/time.ts';
import type { Arrival } from '../store/batch.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const JST_OFFSET_MS = 9 * 3_600_000;
const WIRE_ORIGIN_DAYS = dayNumber('2000-01-01');

/**
 * How a report arrived. `windowEndMinute` is the minute, counted from the midnight after the day, at which its window
 * ends.
 */
export function arrivalOf(
  report: { day: number; history: boolean; requested: boolean },
  receivedAtMs: number,
  windowEndMinute: number,
): Arrival {
  if (report.history) return 3;
  if (report.requested) return 4;
  const midnightMs = (report.day + 1 + WIRE_ORIGIN_DAYS) * DAY_MS - JST_OFFSET_MS;
  return receivedAtMs < midnightMs + windowEndMinute * MINUTE_MS ? 1 : 2;
}

/** The JST day of an instant, as the wire counts days. */
export function wireDayNow(atMs: number): number {
  return Math.floor((atMs + JST_OFFSET_MS) / DAY_MS) - WIRE_ORIGIN_DAYS;
}
