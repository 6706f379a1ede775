/**
 * Random usage of a household by the hour, read with gaps, and other courses that its registers allow: for properties
 * that no course of the gaps may contradict.
 */
import * as fc from 'fast-check';
import { addDays, instantOf } from '../time.ts';
import type { DayIndexes, FittedMeter, UsageLine } from '../usage/usage-line.ts';
import { hourNumber, usageLine } from '../usage/usage-line.ts';

export interface HouseholdDays {
  firstDay: string;
  /** Usage of each hour, litres. */
  hourlyL: readonly number[];
  /** Whether the register at the end of each hour was received. */
  received: readonly boolean[];
}

export const HOUSEHOLD_METER: FittedMeter = {
  meterId: 1,
  sizeM3PerHour: 2.5,
  dialL: 100_000_000,
  fittedAt: instantOf('2020-01-01', 0),
  removedAt: null,
  startIndexL: null,
  finalIndexL: null,
};

/** Days with quiet and busy hours, single lost registers, lost stretches of up to three days, and an end that is late. */
export function householdDays(firstDay: string, days: number): fc.Arbitrary<HouseholdDays> {
  const hours = days * 24;
  const hour = fc.oneof(
    { weight: 3, arbitrary: fc.constant(0) },
    { weight: 5, arbitrary: fc.integer({ min: 0, max: 200 }) },
    { weight: 1, arbitrary: fc.integer({ min: 200, max: 2_500 }) },
  );
  const lost = fc.array(
    fc.record({
      from: fc.integer({ min: 0, max: hours - 1 }),
      count: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 72 })),
    }),
    { maxLength: Math.max(3, Math.floor(days / 4)) },
  );
  const plan = fc.record({
    pattern: fc.array(hour, { minLength: 24, maxLength: 48 }),
    lost,
    late: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: Math.min(hours, 60) })),
  });
  return plan.map(({ pattern, lost: stretches, late }) => ({
    [fc.toStringMethod]: () => JSON.stringify({ firstDay, days, pattern, lost: stretches, late }),
    firstDay,
    hourlyL: Array.from({ length: hours }, (_, at) => pattern[at % pattern.length] ?? 0),
    received: Array.from(
      { length: hours },
      (_, at) =>
        at < hours - late && !stretches.some(({ from, count }) => at >= from && at < from + count),
    ),
  }));
}

/** The usage line of what was received. */
export function lineOfHousehold(household: HouseholdDays): UsageLine {
  return usageLine([HOUSEHOLD_METER], recordsOfHousehold(household));
}

/** The days with what was received of their registers; a day without any is left out. */
export function recordsOfHousehold({ firstDay, hourlyL, received }: HouseholdDays): DayIndexes[] {
  const days: DayIndexes[] = [];
  let indexL = 0;
  for (let at = 0; at < hourlyL.length; at += 24) {
    const day = addDays(firstDay, at / 24);
    const registers = hourlyL.slice(at, at + 24).map((usageL, element) => {
      indexL += usageL;
      return received[at + element] ? indexL : null;
    });
    if (registers.some((value) => value !== null)) {
      days.push({ meterId: 1, day, indexL: registers });
    }
  }
  return days;
}

/**
 * Other courses with the same registers: each gap's usage wholly in its first, its last and its middle hour, and spread
 * by chance; hours without a register on one side have used nothing, or much.
 */
export function otherCourses(household: HouseholdDays, line: UsageLine, seed: number): number[][] {
  const { firstDay, hourlyL } = household;
  const start = hourNumber(firstDay, 0);
  const random = fc.sample(fc.double({ min: 0, max: 1, noNaN: true }), { numRuns: 64, seed });
  const divide = (share: (at: number, count: number) => number, beyondL: number) => {
    const course = hourlyL.map(() => beyondL);
    for (const { from, to, usageL } of line.stretches) {
      const count = to - from;
      let leftL = usageL ?? 0;
      for (let at = 0; at < count; at += 1) {
        const partL = at === count - 1 ? leftL : Math.min(leftL, share(at, count) * (usageL ?? 0));
        const whole = Math.floor(partL);
        course[from - start + at] = whole;
        leftL -= whole;
      }
    }
    return course;
  };
  const only = (wanted: (count: number) => number) => (at: number, count: number) =>
    at === wanted(count) ? 1 : 0;
  return [
    divide(
      only(() => 0),
      0,
    ),
    divide(
      only((count) => count - 1),
      30_000,
    ),
    divide(
      only((count) => Math.floor(count / 2)),
      0,
    ),
    divide((at) => random[at % random.length] ?? 0, 17),
    divide((_, count) => 1 / count, 0),
  ];
}
