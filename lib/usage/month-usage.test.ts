import { describe, expect, test } from 'vitest';
import { addDays, instantOf } from '../time.ts';
import { countsFromStart, monthUsage, usageAtSameTime } from './month-usage.ts';
import type { DayIndexes } from './usage-line.ts';
import { usageLine } from './usage-line.ts';

const METER = {
  meterId: 1,
  sizeM3PerHour: 2.5,
  dialL: 100_000_000,
  fittedAt: instantOf('2020-01-01', 0),
  removedAt: null,
  startIndexL: null,
  finalIndexL: null,
};
const OWN = { own: { firstDay: '2020-01-01', lastDay: null }, isAwaited: () => false };

/** `count` days with ten litres an hour, without the days in `lost`. */
function lineOf(from: string, count: number, lost: string[] = []) {
  const days: DayIndexes[] = [];
  for (let offset = 0; offset < count; offset += 1) {
    const day = addDays(from, offset);
    if (lost.includes(day)) continue;
    const indexL = Array.from({ length: 24 }, (_, element) => (offset * 24 + element + 1) * 10);
    days.push({ meterId: 1, day, indexL });
  }
  return usageLine([METER], days);
}

describe('the same time of another month', () => {
  const line = lineOf('2026-01-31', 60);

  test('is the same hour of the month', () => {
    expect(usageAtSameTime(line, '2026-02', { day: '2026-03-10', hourEnding: 24 })).toBe(2_400);
    expect(usageAtSameTime(line, '2026-02', { day: '2026-03-10', hourEnding: 6 })).toBe(2_220);
  });

  test('is the whole of a month that is shorter', () => {
    expect(usageAtSameTime(line, '2026-02', { day: '2026-03-31', hourEnding: 24 })).toBe(28 * 240);
  });

  test('is the 29th in a leap year', () => {
    const leap = lineOf('2024-01-31', 31);
    expect(usageAtSameTime(leap, '2024-02', { day: '2024-03-29', hourEnding: 24 })).toBe(29 * 240);
  });

  test('is unknown where the month’s registers begin late or end early', () => {
    const begunLate = lineOf('2026-02-03', 60);
    expect(usageAtSameTime(begunLate, '2026-02', { day: '2026-03-10', hourEnding: 24 })).toBeNull();
    const silent = lineOf('2026-01-31', 45, ['2026-02-09', '2026-02-10', '2026-02-11']);
    expect(usageAtSameTime(silent, '2026-02', { day: '2026-03-10', hourEnding: 24 })).toBeNull();
    expect(usageAtSameTime(silent, '2026-02', { day: '2026-03-12', hourEnding: 24 })).toBe(
      12 * 240,
    );
  });
});

describe('a month', () => {
  test('distinguishes a lost day from one that has not arrived', () => {
    const usage = monthUsage(lineOf('2026-01-31', 20, ['2026-02-04']), '2026-02', OWN);
    expect(usage.days).toHaveLength(28);
    expect(usage.days[3]?.state).toBe('missing');
    expect(usage.days[18]).toMatchObject({ day: '2026-02-19', state: 'whole', usageL: 240 });
    expect(usage.days[19]?.state).toBe('awaited');
    expect(usage.totalL).toBe(19 * 240);
  });

  test('does not call a day lost before its report is due, whatever came after it', () => {
    const usage = monthUsage(lineOf('2026-01-31', 20, ['2026-02-04', '2026-02-05']), '2026-02', {
      ...OWN,
      isAwaited: (day) => day >= '2026-02-05',
    });
    expect(usage.days.slice(3, 6).map(({ state }) => state)).toEqual([
      'missing',
      'awaited',
      'whole',
    ]);
  });

  test('counts a day lost at its end once the next month has begun', () => {
    const line = lineOf('2026-01-31', 40, ['2026-02-27', '2026-02-28']);
    const february = monthUsage(line, '2026-02', OWN);
    expect(february.days.slice(25).map(({ state }) => state)).toEqual([
      'whole',
      'missing',
      'missing',
    ]);
    expect(february.gaps).toHaveLength(1);
    const march = monthUsage(line, '2026-03', OWN);
    expect((february.totalL ?? 0) + (march.totalL ?? 0)).toBe(39 * 240);
  });

  test('that begins in the middle is not compared with another', () => {
    expect(countsFromStart(monthUsage(lineOf('2026-02-10', 10), '2026-02', OWN))).toBe(false);
    expect(countsFromStart(monthUsage(lineOf('2026-01-31', 10), '2026-02', OWN))).toBe(true);
    expect(countsFromStart(monthUsage(lineOf('2026-02-01', 10), '2026-02', OWN))).toBe(true);
  });
});
