import { isReportOnTime, type ReportWindow } from './report-window.ts';

/**
 * Arrival of a day, as stored in meter_day.arrival: 1 on time, 2 late, 3 back-fill of history, 4 answer to a request.
 */
export type Arrival = 1 | 2 | 3 | 4;

/** Arrivals as words, in the order of the codes from 1, for pages and the API. */
export const ARRIVAL_WORDS = ['onTime', 'late', 'backFill', 'requested'] as const;
export type ArrivalWord = (typeof ARRIVAL_WORDS)[number];

/** Word of a code. @throws RangeError for an unknown code. */
export function arrivalWord(arrival: Arrival): ArrivalWord {
  const word = ARRIVAL_WORDS[arrival - 1];
  if (word === undefined) throw new RangeError(`not an arrival: ${arrival}`);
  return word;
}

/**
 * How a report of a day (its number since 1970-01-01) that was received at an instant arrived [TERM-9.1, TERM-9.4,
 * TERM-9.5].
 */
export function arrivalOf(
  report: { history: boolean; requested: boolean },
  day: number,
  receivedAtMs: number,
  window: ReportWindow,
): Arrival {
  if (report.history) return 3;
  if (report.requested) return 4;
  return isReportOnTime(day, receivedAtMs, window) ? 1 : 2;
}
