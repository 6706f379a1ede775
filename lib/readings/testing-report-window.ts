// Report windows, days and instants at the edges of the rule.
import * as fc from 'fast-check';
import { addDays } from '../time.ts';
import {
  LATEST_REPORT_MINUTE,
  LONGEST_REPORT_WINDOW_MINUTES,
  type ReportWindow,
} from './report-window.ts';

/** Before everything that a test reads. */
export const LONG_AGO = new Date('2020-01-01T00:00:00+09:00');

export const anyWindow: fc.Arbitrary<ReportWindow> = fc.record({
  reportMinute: fc.oneof(
    fc.integer({ min: 0, max: LATEST_REPORT_MINUTE }),
    fc.constantFrom(0, 60, LATEST_REPORT_MINUTE),
  ),
  reportWindowMinutes: fc.oneof(
    fc.integer({ min: 1, max: LONGEST_REPORT_WINDOW_MINUTES }),
    fc.constantFrom(1, 240, LONGEST_REPORT_WINDOW_MINUTES),
  ),
});

/** Days at the ends of months and years, leap days and an ordinary one. */
export const anyDay = fc
  .tuple(
    fc.constantFrom('2023-12-31', '2024-02-29', '2025-02-28', '2026-04-30', '2026-11-20'),
    fc.integer({ min: -2, max: 2 }),
  )
  .map(([day, by]) => addDays(day, by));

/** Offsets of up to a minute around an instant, in milliseconds. */
export const besideMs = fc.constantFrom(-60_000, -1, 0, 1, 60_000);
