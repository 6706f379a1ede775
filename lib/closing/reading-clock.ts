import { addDays } from '../time.ts';

/**
 * Time of a reading in office notation: midnight is 24:00 of the day that it closes.
 * @param readAt ISO 8601 with the JST offset, as in `ClosingRow`.
 */
export function readingClock(readAt: string): { day: string; clock: string } {
  const day = readAt.slice(0, 10);
  return readAt.slice(11, 19) === '00:00:00'
    ? { day: addDays(day, -1), clock: '24:00' }
    : { day, clock: readAt.slice(11, 16) };
}
