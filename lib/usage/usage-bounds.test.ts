import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { householdDays, lineOfHousehold, otherCourses } from '../testing/household-days.ts';
import { boundsBetween, isExact } from './usage-bounds.ts';
import { hourNumber } from './usage-line.ts';
import { usageBetween } from './usage-totals.ts';

const FIRST = '2026-03-01';
const DAYS = 6;
const START = hourNumber(FIRST, 0);

const anyHours = fc
  .tuple(fc.integer({ min: 0, max: DAYS * 24 - 1 }), fc.integer({ min: 1, max: DAYS * 24 }))
  .map(([from, count]) => ({ from, to: Math.min(from + count, DAYS * 24) }));

describe('the bounds of a usage', () => {
  test('contain every course that the registers allow, and both are reached by one', () => {
    fc.assert(
      fc.property(householdDays(FIRST, DAYS), anyHours, (household, { from, to }) => {
        const line = lineOfHousehold(household);
        const { leastL, mostL } = boundsBetween(line, START + from, START + to);
        const usages = [household.hourlyL, ...otherCourses(household, line, 1)].map((course) =>
          course.slice(from, to).reduce((sum, usageL) => sum + usageL, 0),
        );
        for (const usageL of usages) {
          expect(usageL).toBeGreaterThanOrEqual(leastL);
          if (mostL !== null) expect(usageL).toBeLessThanOrEqual(mostL);
        }
        // A gap over the begin and one over the end are extreme in different courses.
        if (mostL === null) expect(Math.max(...usages)).toBeGreaterThan(leastL);
      }),
      { numRuns: 300 },
    );
  });

  test('are one exactly where the total is certain', () => {
    fc.assert(
      fc.property(householdDays(FIRST, DAYS), anyHours, (household, { from, to }) => {
        const line = lineOfHousehold(household);
        const bounds = boundsBetween(line, START + from, START + to);
        if (isExact(bounds)) {
          const trueL = household.hourlyL.slice(from, to).reduce((sum, usageL) => sum + usageL, 0);
          expect(bounds.leastL).toBe(trueL);
          const total = usageBetween(line, START + from, START + to);
          expect(total.usageL ?? 0).toBe(trueL);
        }
        const isReceived = (hour: number) =>
          line.stretches.some((stretch) => stretch.from === hour || stretch.to === hour);
        if (isReceived(START + from) && isReceived(START + to)) expect(isExact(bounds)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test.each(['fallen', 'unnoted', 'implausible'] as const)(
    'of a usage marked %s are open above',
    (mark) => {
      const stretch = { from: START, to: START + 1, marks: [mark] };
      const usageL = mark === 'unnoted' ? 40 : null;
      const line = { stretches: [{ ...stretch, usageL }] };
      const leastL = mark === 'unnoted' ? 40 : 0;
      expect(boundsBetween(line, START, START + 1)).toEqual({ leastL, mostL: null });
    },
  );
});
