// On time or late [TERM-9.1]: a day's report window opens at a minute of the JST day that follows it. Instants are
// milliseconds since 1970, days are days since 2000-01-01, as on the wire.
import type { Arrival } from '../../lib/readings/arrival.ts';
import { dayNumber } from '../../lib/time.ts';
import { lastHour } from '../protocol/hours.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** A terminal whose clock is a little ahead reports an hour that is not quite over. */
const AHEAD_MS = 5 * MINUTE_MS;
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

/** Why a report cannot be true yet, by our clock: its day has not begun, or an hour of it has not ended [TERM-11]. */
export function futureFault(
  report: { day: number; indexMask: number; pressureMask: number },
  receivedAtMs: number,
): 'future_day' | 'future_hour' | undefined {
  if (report.day > wireDayNow(receivedAtMs)) return 'future_day';
  const hour = lastHour(report.indexMask | report.pressureMask);
  const beganAtMs = (report.day + WIRE_ORIGIN_DAYS) * DAY_MS - JST_OFFSET_MS;
  return beganAtMs + hour * HOUR_MS > receivedAtMs + AHEAD_MS ? 'future_hour' : undefined;
}

/** The JST day of an instant, as the wire counts days. */
export function wireDayNow(atMs: number): number {
  return Math.floor((atMs + JST_OFFSET_MS) / DAY_MS) - WIRE_ORIGIN_DAYS;
}
