// Random supply points with terminals and stored days, and an instant at which their reports are looked at.
import * as fc from 'fast-check';
import { addDays, instantOf } from '../time.ts';
import { type ReportWindow, reportDueAt } from './report-window.ts';
import { anyDay, anyWindow, besideMs } from './testing-report-window.ts';

/** Days compared: those before the day of `now`. */
export const DAYS = 4;
const HOUR_MS = 3_600_000;

/** Successive terminals of a supply point, and its stored days (the latest first). */
export interface SupplyPointPlan {
  first: ReportWindow;
  /**
   * The first terminal is removed at an instant near the end of the day, the second, if any, is fitted some hours
   * later.
   */
  exchange: {
    hoursFromDayEnd: number;
    besideMs: number;
    gapHours: number;
    second: ReportWindow | null;
  } | null;
  stored: boolean[];
}

export interface Scene {
  supplyPoints: SupplyPointPlan[];
  /** Instant of all reads: near the one at which the day is due from the first supply point, or near a midnight. */
  day: string;
  about: 'due' | 'midnight' | 'hour';
  besideMs: number;
  hour: number;
}

const supplyPointPlan: fc.Arbitrary<SupplyPointPlan> = fc.record({
  first: anyWindow,
  exchange: fc.option(
    fc.record({
      hoursFromDayEnd: fc.constantFrom(-24, -12, 0, 0, 9),
      besideMs: fc.constantFrom(-1, 0, 1, HOUR_MS / 2),
      gapHours: fc.constantFrom(0, 0, 1, 30),
      second: fc.option(anyWindow, { freq: 4 }),
    }),
    { freq: 2 },
  ),
  stored: fc.array(fc.boolean(), { minLength: DAYS, maxLength: DAYS }),
});

export const scenes: fc.Arbitrary<Scene> = fc.record({
  supplyPoints: fc.array(supplyPointPlan, { minLength: 4, maxLength: 4 }),
  ...{ day: anyDay, besideMs, hour: fc.integer({ min: 24, max: 60 }) },
  about: fc.constantFrom('due', 'due', 'midnight', 'hour'),
});

export function instantOfScene({ supplyPoints, day, about, besideMs: ms, hour }: Scene): Date {
  const window = supplyPoints[0]!.first;
  const instants = {
    due: reportDueAt(day, window),
    midnight: instantOf(addDays(day, 1), 24),
    hour: instantOf(day, hour),
  };
  return new Date(instants[about].getTime() + ms);
}
