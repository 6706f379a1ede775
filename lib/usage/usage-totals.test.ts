import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, instantOf } from '../time.ts';
import type { DayIndexes, FittedMeter } from './usage-line.ts';
import { hourNumber, usageLine } from './usage-line.ts';
import {
  gapsBetween,
  hoursOf,
  longGapsBetween,
  stretchesEnding,
  usageBetween,
  usageByDay,
} from './usage-totals.ts';

const DIAL_L = 1_000_000;

function meter(change: Partial<FittedMeter>): FittedMeter {
  return {
    meterId: 1,
    sizeM3PerHour: 4,
    dialL: DIAL_L,
    fittedAt: instantOf('2026-03-01', 0),
    removedAt: null,
    startIndexL: null,
    finalIndexL: null,
    ...change,
  };
}

/** Ten days of true hourly usage, read with gaps, over a rollover and sometimes an exchange within an hour. */
const history = fc
  .record({
    hourlyL: fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 240, maxLength: 240 }),
    known: fc.array(fc.boolean(), { minLength: 240, maxLength: 240 }),
    startL: fc.constantFrom(0, 400_000, 985_000, 999_999),
    exchangeHour: fc.option(fc.integer({ min: 1, max: 239 }), { nil: undefined }),
    exchangeMinute: fc.integer({ min: 0, max: 59 }),
    secondStartL: fc.constantFrom(0, 12, 990_000),
  })
  .map((plan) => {
    const firstDay = '2026-03-01';
    const cut = plan.exchangeHour ?? 240;
    const cutAt = new Date(instantOf(firstDay, cut).getTime() + plan.exchangeMinute * 60_000);
    const beforeL = plan.hourlyL.slice(0, cut).reduce((sum, use) => sum + use, 0);
    const ofOldL = Math.floor(((plan.hourlyL[cut] ?? 0) * plan.exchangeMinute) / 60);
    const oldFinalL = (plan.startL + beforeL + ofOldL) % DIAL_L;
    const trueL: number[] = [];
    plan.hourlyL.reduce((sum, use) => {
      trueL.push(sum + use);
      return sum + use;
    }, 0);
    const register = (hour: number) => {
      const passedL = trueL[hour - 1] ?? 0;
      return hour <= cut
        ? { meterId: 1, indexL: (plan.startL + passedL) % DIAL_L }
        : { meterId: 2, indexL: (plan.secondStartL + passedL - beforeL - ofOldL) % DIAL_L };
    };
    const days: DayIndexes[] = [];
    for (let offset = 0; offset < 10; offset += 1) {
      for (const meterId of [1, 2]) {
        const indexL = Array.from({ length: 24 }, (_, element) => {
          const hour = offset * 24 + element + 1;
          const { meterId: fitted, indexL: value } = register(hour);
          return plan.known[hour - 1] && fitted === meterId ? value : null;
        });
        days.push({ meterId, day: addDays(firstDay, offset), indexL });
      }
    }
    const meters = [meter({ startIndexL: plan.startL, fittedAt: instantOf(firstDay, 0) })];
    if (plan.exchangeHour !== undefined) {
      meters[0]!.removedAt = cutAt;
      meters[0]!.finalIndexL = oldFinalL;
      meters.push(meter({ meterId: 2, fittedAt: cutAt, startIndexL: plan.secondStartL }));
    }
    return { firstDay, meters, days, trueL, known: plan.known };
  });

describe('for any missing hours', () => {
  test('a total is the difference of the registers at its ends', () => {
    fc.assert(
      fc.property(history, ({ firstDay, meters, days, trueL }) => {
        const line = usageLine(meters, days);
        const start = hourNumber(firstDay, 0);
        for (const { from, to, usageL } of line.stretches) {
          expect(usageL).toBe((trueL[to - start - 1] ?? 0) - (trueL[from - start - 1] ?? 0));
        }
        line.stretches.forEach((stretch, position) => {
          const before = line.stretches[position - 1];
          if (before) expect(stretch.from).toBe(before.to);
        });
      }),
    );
  });

  test('hours and gaps add up to the period, and so do the days', () => {
    fc.assert(
      fc.property(history, ({ firstDay, meters, days }) => {
        const line = usageLine(meters, days);
        const from = hourNumber(firstDay, 0);
        const to = from + 240;
        const totalL = usageBetween(line, from, to).usageL ?? 0;
        const byDay = usageByDay(line, firstDay, addDays(firstDay, 9));
        expect(byDay.reduce((sum, { usageL }) => sum + (usageL ?? 0), 0)).toBe(totalL);
        const hoursL = byDay
          .flatMap((entry) => hoursOf(line, entry.day))
          .reduce((sum, { usageL }) => sum + (usageL ?? 0), 0);
        const gapsL = stretchesEnding(line, from, to)
          .filter((stretch) => stretch.to - stretch.from > 1)
          .reduce((sum, { usageL }) => sum + (usageL ?? 0), 0);
        expect(hoursL + gapsL).toBe(totalL);
      }),
    );
  });

  test('a day is closed exactly when its last hour is known', () => {
    fc.assert(
      fc.property(history, ({ firstDay, meters, days, known }) => {
        const line = usageLine(meters, days);
        usageByDay(line, firstDay, addDays(firstDay, 9)).forEach((entry, offset) => {
          const closes = known[offset * 24 + 23];
          if (closes && line.stretches.length > 0) expect(entry.untilHour).toBe(24);
          if (entry.untilHour === 24 && !meters[1]) expect(closes).toBe(true);
        });
      }),
    );
  });
});

test('a long gap contains a whole day; the hours within a day, or over one midnight, are none', () => {
  const ofDay = (day: string, hours: number[]): DayIndexes => ({
    meterId: 1,
    day,
    indexL: Array.from({ length: 24 }, (_, at) => (hours.includes(at + 1) ? 100 : null)),
  });
  const days = [
    ofDay('2026-03-01', [1, 24]),
    ofDay('2026-03-02', [1, 20]),
    ofDay('2026-03-03', [5, 24]),
    ofDay('2026-03-05', [1]),
  ];
  const line = usageLine([meter({})], days);
  const [from, to] = [hourNumber('2026-03-01', 0), hourNumber('2026-03-06', 0)];
  const ends = (gaps: ReturnType<typeof gapsBetween>) =>
    gaps.map((gap) => [gap.from.day, gap.from.hourEnding, gap.to.day, gap.to.hourEnding]);
  expect(ends(longGapsBetween(line, from, to))).toEqual([['2026-03-03', 24, '2026-03-05', 1]]);
  expect(gapsBetween(line, from, to)).toHaveLength(5);
});
