import { describe, expect, test } from 'vitest';
import { addDays, addMonths, instantOf } from '../time.ts';
import { compareSoFar, compareWhole, monthUsage } from './month-usage.ts';
import type { DayIndexes } from './usage-line.ts';
import { usageLine } from './usage-line.ts';
import type { PeriodRule } from './usage-period.ts';
import { usagePeriod } from './usage-period.ts';

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
const CALENDAR: PeriodRule = { kind: 'calendar', closingDay: 20 };

const calendar = (month: string) => usagePeriod(month, CALENDAR);
const february = calendar('2026-02');
const march = calendar('2026-03');

/** `count` days with ten litres an hour, without the days in `lost` and without single registers. */
function lineOf(from: string, count: number, lost: string[] = [], lostAt: [string, number][] = []) {
  const days: DayIndexes[] = [];
  for (let offset = 0; offset < count; offset += 1) {
    const day = addDays(from, offset);
    if (lost.includes(day)) continue;
    const indexL = Array.from({ length: 24 }, (_, element) =>
      lostAt.some(([lostDay, hour]) => lostDay === day && hour === element + 1)
        ? null
        : (offset * 24 + element + 1) * 10,
    );
    days.push({ meterId: 1, day, indexL });
  }
  return usageLine([METER], days);
}

describe('a running month', () => {
  /** March up to the given day and hour, against February. */
  function soFar(
    from: string,
    count: number,
    lost: string[] = [],
    lostAt: [string, number][] = [],
  ) {
    const line = lineOf(from, count, lost, lostAt);
    return compareSoFar({ line, period: march }, { line, period: february });
  }

  test('is compared with the same hour of the other month', () => {
    expect(soFar('2026-01-31', 39)).toEqual({ comparableL: 10 * 240, direction: null });
    expect(soFar('2026-01-31', 39, [], hoursOf('2026-03-10', 7, 24)).comparableL).toBe(2_220);
  });

  test('is compared with the whole of a month that is shorter', () => {
    const comparison = soFar('2026-01-31', 60);
    expect(comparison).toEqual({ comparableL: 28 * 240, direction: 'more' });
  });

  test('is compared with the 29th in a leap year', () => {
    const line = lineOf('2024-01-31', 60);
    const other = { line, period: calendar('2024-02') };
    const { comparableL } = compareSoFar({ line, period: calendar('2024-03') }, other);
    expect(comparableL).toBe(29 * 240);
  });

  test('is not compared by an amount where a register at one of the ends is missing', () => {
    const atBegin = soFar('2026-01-31', 39, [], [['2026-02-28', 24]]);
    expect(atBegin).toEqual({ comparableL: null, direction: null });
    const atOtherEnd = soFar('2026-01-31', 39, [], [['2026-02-10', 24]]);
    expect(atOtherEnd).toEqual({ comparableL: null, direction: null });
    expect(soFar('2026-02-03', 36).comparableL).toBeNull();
  });

  test('is compared by an amount whatever is missing between the ends', () => {
    const lost = ['2026-02-05', '2026-03-04', '2026-03-05'];
    expect(soFar('2026-01-31', 39, lost).comparableL).toBe(10 * 240);
  });
});

/** Single registers of a day. */
function hoursOf(day: string, from: number, to: number): [string, number][] {
  return Array.from({ length: to - from + 1 }, (_, at) => [day, from + at]);
}

describe('a finished month', () => {
  test('is more or less than the other only where no gap over an end can turn it', () => {
    const whole = (lostAt: [string, number][]) => {
      const line = lineOf('2026-01-31', 60, [], lostAt);
      return compareWhole(monthUsage(line, march, OWN), monthUsage(line, february, OWN));
    };
    expect(whole([])).toEqual({ comparableL: 28 * 240, direction: 'more' });
    expect(whole([['2026-02-28', 24]])).toEqual({ comparableL: null, direction: 'more' });
    const lost = ['2026-02-27', '2026-02-28', '2026-03-01', '2026-03-02', '2026-03-03'];
    const fiveDays = lost.flatMap((day) => hoursOf(day, 1, 24));
    expect(whole(fiveDays)).toEqual({ comparableL: null, direction: null });
  });

  test('without its last registers is compared in no way that they could turn', () => {
    const line = lineOf('2026-01-31', 50);
    const running = monthUsage(line, march, OWN);
    expect(running).toMatchObject({ complete: false, mostL: null, totalL: 21 * 240 });
    expect(compareWhole(running, monthUsage(line, february, OWN)).direction).toBeNull();
  });
});

describe('a month', () => {
  test('distinguishes a lost day from one that has not arrived', () => {
    const usage = monthUsage(lineOf('2026-01-31', 20, ['2026-02-04']), february, OWN);
    expect(usage.days).toHaveLength(28);
    expect(usage.days[3]?.state).toBe('missing');
    expect(usage.days[18]).toMatchObject({ day: '2026-02-19', state: 'whole', usageL: 240 });
    expect(usage.days[19]?.state).toBe('awaited');
    expect(usage.totalL).toBe(19 * 240);
  });

  test('does not call a day lost before its report is due, whatever came after it', () => {
    const usage = monthUsage(lineOf('2026-01-31', 20, ['2026-02-04', '2026-02-05']), february, {
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
    const first = monthUsage(line, february, OWN);
    expect(first.days.slice(25).map(({ state }) => state)).toEqual(['whole', 'missing', 'missing']);
    expect(first.gaps).toHaveLength(1);
    const next = monthUsage(line, march, OWN);
    expect((first.totalL ?? 0) + (next.totalL ?? 0)).toBe(39 * 240);
    expect(first.complete).toBe(false);
  });

  test('knows of each day how much at least and at most was used', () => {
    const line = lineOf('2026-01-31', 20, ['2026-02-04']);
    const { days } = monthUsage(line, february, OWN);
    const bounds = days.map(({ leastL, mostL }) => [leastL, mostL]);
    expect(bounds.slice(1, 5)).toEqual([
      [240, 240],
      [240, 240],
      [0, 250],
      [230, 480],
    ]);
    expect(bounds[19]).toEqual([0, null]);
  });

  test('by billing periods has their days, and their totals add up as those of calendar months do', () => {
    const line = lineOf('2025-12-31', 120, ['2026-02-20', '2026-02-21']);
    const rule: PeriodRule = { kind: 'billing', closingDay: 20 };
    const totalOf = (kind: PeriodRule['kind'], first: string, count: number) =>
      Array.from({ length: count }, (_, at) =>
        monthUsage(line, usagePeriod(addMonths(first, at), { ...rule, kind }), OWN),
      ).reduce((sum, { totalL }) => sum + (totalL ?? 0), 0);
    const usage = monthUsage(line, usagePeriod('2026-03', rule), OWN);
    expect(usage).toMatchObject({ firstDay: '2026-02-21', lastDay: '2026-03-20' });
    expect(usage.days).toHaveLength(28);
    // From 24:00 of 19 February, because the registers of the 20th and the 21st are lost.
    expect(usage).toMatchObject({ from: { day: '2026-02-19', hourEnding: 24 }, totalL: 29 * 240 });
    // From 1:00 of 31 December, the first register.
    expect(totalOf('billing', '2026-01', 4)).toBe(230 + 110 * 240);
    expect(totalOf('calendar', '2025-12', 4)).toBe(230 + 90 * 240);
  });
});
