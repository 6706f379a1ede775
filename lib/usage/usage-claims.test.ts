import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { householdDays, lineOfHousehold, otherCourses } from '../testing/household-days.ts';
import { addDays } from '../time.ts';
import { monthUsage } from './month-usage.ts';
import { busiestHour, gapDays, highestDay, isCertainlyUnused } from './usage-claims.ts';
import type { UsageLine } from './usage-line.ts';
import { hourNumber } from './usage-line.ts';
import { usagePeriod } from './usage-period.ts';
import { gapsOf, hoursOf } from './usage-totals.ts';

const FIRST = '2026-02-26';
const DAYS = 40;
const START = hourNumber(FIRST, 0);
const MARCH = usagePeriod('2026-03', { kind: 'calendar', closingDay: 31 });
const OWN = { own: { firstDay: '2020-01-01', lastDay: null }, isAwaited: () => false };

const household = householdDays(FIRST, DAYS);
const anyDay = fc.integer({ min: 0, max: DAYS - 1 }).map((offset) => addDays(FIRST, offset));

function dayOfLine(line: UsageLine, day: string) {
  return { usage: { day }, hours: hoursOf(line, day), gaps: gapsOf(line, day) };
}

/** The greatest possible usage of an hour, from the line alone. */
function mostOfHour(line: UsageLine, hour: number): number {
  const stretch = line.stretches.find(({ from, to }) => from < hour && hour <= to);
  return stretch?.usageL ?? Number.POSITIVE_INFINITY;
}

function hoursUsed(course: readonly number[], day: string): number[] {
  const at = hourNumber(day, 0) - START;
  return course.slice(at, at + 24);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

describe('the busiest hour of a day', () => {
  test('is certain exactly where no course of the gaps gives another hour more', () => {
    fc.assert(
      fc.property(household, anyDay, (plan, day) => {
        const line = lineOfHousehold(plan);
        const most = busiestHour(dayOfLine(line, day));
        if (most === undefined) {
          expect(hoursOf(line, day).every(({ usageL }) => usageL === null)).toBe(true);
          return;
        }
        const midnight = hourNumber(day, 0);
        const limits = Array.from({ length: 24 }, (_, at) => mostOfHour(line, midnight + at + 1));
        expect(most.certain).toBe(Math.max(...limits) <= most.usageL);
        for (const course of [plan.hourlyL, ...otherCourses(plan, line, 3)]) {
          const used = hoursUsed(course, day);
          expect(used[most.hourEnding - 1]).toBe(most.usageL);
          if (most.certain) expect(Math.max(...used)).toBe(most.usageL);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('is not told of a day with an hour of which only part is known', () => {
    const hours = hoursOf({ stretches: [] }, '2026-03-01').map((hour) => ({
      ...hour,
      state: 'measured' as const,
      usageL: hour.hourEnding === 5 ? 99_000 : 40,
      marks: hour.hourEnding === 5 ? (['unnoted'] as const) : [],
    }));
    expect(busiestHour({ usage: { day: '2026-03-01' }, hours, gaps: [] })).toBeUndefined();
  });
});

test('a day is called unused only when no course of the gaps uses gas on it', () => {
  fc.assert(
    fc.property(household, anyDay, (plan, day) => {
      const line = lineOfHousehold(plan);
      const unused = isCertainlyUnused(dayOfLine(line, day));
      const courses = [plan.hourlyL, ...otherCourses(plan, line, 5)];
      const usesNone = courses.every((course) => sum(hoursUsed(course, day)) === 0);
      const midnight = hourNumber(day, 0);
      const limits = Array.from({ length: 24 }, (_, at) => mostOfHour(line, midnight + at + 1));
      expect(unused).toBe(limits.every((limit) => limit === 0));
      if (unused) expect(usesNone).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('the highest day of a month has its usage, and is certain only where no course gives another more', () => {
  fc.assert(
    fc.property(household, (plan) => {
      const line = lineOfHousehold(plan);
      const month = monthUsage(line, MARCH, OWN);
      const highest = highestDay(month);
      if (highest === undefined) return;
      for (const course of [plan.hourlyL, ...otherCourses(plan, line, 7)]) {
        expect(sum(hoursUsed(course, highest.day))).toBe(highest.usageL);
        if (!highest.certain) continue;
        const others = month.days.map(({ day }) => sum(hoursUsed(course, day)));
        expect(Math.max(...others)).toBe(highest.usageL);
      }
    }),
    { numRuns: 200 },
  );
});

test('the days of gaps are the days with hours in one, those that may still arrive left out', () => {
  fc.assert(
    fc.property(household, fc.boolean(), (plan, endsAwaited) => {
      const line = lineOfHousehold(plan);
      const isAwaited = (day: string) => endsAwaited && day >= '2026-03-30';
      const month = monthUsage(line, MARCH, { ...OWN, isAwaited });
      const { counted, next } = gapDays(month);
      const named = new Set([...counted, ...next]);
      for (const { day, state } of month.days) {
        const isInGap = hoursOf(line, day).some((hour) => hour.state === 'spanned');
        expect(named.has(day)).toBe(isInGap && state !== 'awaited');
      }
      const until = month.until ? hourNumber(month.until.day, month.until.hourEnding) : 0;
      for (const day of counted) expect(hourNumber(day, 0)).toBeLessThan(until);
    }),
    { numRuns: 200 },
  );
});
