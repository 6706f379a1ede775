import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { dayNumber } from '../time.ts';
import {
  clockLitres,
  type DayClosing,
  isWeekEnd,
  mayBeStuck,
  stuckRegisters,
  unlikeSeasons,
} from './reading-marks.ts';

const DIAL = 10_000_000;
const FIRST = dayNumber('2024-01-01');

/** Closings of days with this usage, from the first day on; null: no report. */
function closingsOf(usage: readonly (number | null)[], from = 1_000_000): DayClosing[] {
  let indexL = from;
  const start = { day: FIRST - 1, hour: 24, indexL };
  const days = usage.map((each, at) => {
    indexL = (indexL + (each ?? 500)) % DIAL;
    return { day: FIRST + at, hour: 24, indexL, isKnown: each !== null };
  });
  return [start, ...days.filter(({ isKnown }) => isKnown)];
}

const flowing = (days: number) => Array.from({ length: days }, () => 500);
const still = (days: number) => Array.from({ length: days }, () => 0);
const NEVER_AWAY = { dialL: DIAL, away: [] };

describe('a register that stands still', () => {
  it('is stuck where the household flows steadily before and after', () => {
    const closings = closingsOf([...flowing(40), ...still(15), ...flowing(10)]);
    expect(stuckRegisters(closings, NEVER_AWAY)).toMatchObject([
      {
        ...{ rule: 'stuck-register', from: FIRST + 40, to: FIRST + 54, litres: 7500 },
        facts: { days: 15, longestDays: 0, dailyL: 500 },
      },
    ]);
  });

  it('is stuck over days without a report and past the end of the dial', () => {
    const days = [...flowing(40), 0, 0, null, null, ...still(11), ...flowing(10)];
    const closings = closingsOf(days, DIAL - 1000);
    const withGap = closings.map((each) =>
      each.day > FIRST + 43 ? { ...each, indexL: (each.indexL - 1000 + DIAL) % DIAL } : each,
    );
    expect(stuckRegisters(withGap, NEVER_AWAY)).toMatchObject([
      { from: FIRST + 40, to: FIRST + 54 },
    ]);
  });

  test.each([
    ['for a holiday', [...flowing(40), ...still(13), ...flowing(10)]],
    [
      'no more than twice as long as once before',
      [...flowing(40), ...still(8), ...flowing(40), ...still(16), ...flowing(10)],
    ],
    ['with too little history', [...flowing(27), ...still(15), ...flowing(10)]],
    [
      'where it often does',
      [...flowing(14), ...[0, 500, 0, 500, 0, 500, 0], ...flowing(7), ...still(15), ...flowing(10)],
    ],
    ['and flows no more', [...flowing(40), ...still(30)]],
    [
      'and flows on some days only',
      [...flowing(40), ...still(15), 500, 0, 500, 0, 500, 500, 500, 500],
    ],
  ])('is not stuck %s', (_, usage) => {
    expect(stuckRegisters(closingsOf(usage), NEVER_AWAY)).toEqual([]);
  });

  it('is not stuck while the place is recorded as absent', () => {
    const closings = closingsOf([...flowing(40), ...still(15), ...flowing(10)]);
    const away = [{ from: FIRST + 45, to: FIRST + 46 }];
    expect(stuckRegisters(closings, { dialL: DIAL, away })).toEqual([]);
  });

  it('is never stuck where every day flows', () => {
    const usage = fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 40, maxLength: 400 });
    fc.assert(
      fc.property(usage, (each) => stuckRegisters(closingsOf(each), NEVER_AWAY).length === 0),
    );
  });
});

it('a standstill of two weeks shows at the ends of weeks, whatever the day it begins on', () => {
  for (let begin = 40; begin < 47; begin += 1) {
    const closings = closingsOf([...flowing(begin), ...still(14), ...flowing(10)]);
    expect([begin, mayBeStuck(closings)]).toEqual([begin, true]);
  }
  expect(mayBeStuck(closingsOf(flowing(60)))).toBe(false);
});

describe('a week unlike the same season of other years', () => {
  // Monday 1 January 2024; two years of 3,500 L a week, then `last` from January 2026 on.
  const years = (last: number[]) => closingsOf([...flowing(2 * 364), ...last]);

  const weeksOf = (dailyL: number, count: number) =>
    Array.from({ length: 7 * count }, () => dailyL);

  test.each([
    ['far more in a week', 2400, 1, { usageL: 16_800, leastL: 3500, mostL: 3500, weeks: 8 }],
    ['far less in two', 100, 2, { usageL: 1400, leastL: 7000, mostL: 7000, weeks: 9 }],
  ])('has a mark: %s', (_, dailyL, count, facts) => {
    const marks = unlikeSeasons(years(weeksOf(dailyL, count)), DIAL);
    expect(marks).toMatchObject([{ from: FIRST + 728, to: FIRST + 727 + 7 * count }]);
    expect(marks[0]?.facts).toMatchObject({ ...facts, weeks: expect.any(Number) });
    expect(marks[0]?.litres).toBe(Math.abs(dailyL * 7 - 3500) * count);
  });

  it('has none in a single week of far less: that is a holiday', () => {
    expect(unlikeSeasons(years([...weeksOf(0, 1), ...flowing(7)]), DIAL)).toEqual([]);
  });

  it.each([1500, 150])('has none at %d L a day', (dailyL) => {
    expect(unlikeSeasons(years(weeksOf(dailyL, 2)), DIAL)).toEqual([]);
  });

  it('has none in the first year, nor of a usage that was small before', () => {
    expect(
      unlikeSeasons(closingsOf([...flowing(200), ...still(40), ...flowing(60)]), DIAL),
    ).toEqual([]);
    const small = closingsOf([...Array.from({ length: 400 }, () => 100), ...still(21)]);
    expect(unlikeSeasons(small, DIAL)).toEqual([]);
  });

  it('ends on Sundays', () => {
    expect(
      ['2026-11-22', '2026-11-23', '1969-12-28'].map((day) => isWeekEnd(dayNumber(day))),
    ).toEqual([true, false, true]);
  });
});

it('a clock that is off leaves at most the usage of a day in doubt', () => {
  expect([clockLitres(4800, -3600), clockLitres(4800, 900_000)]).toEqual([200, 4800]);
});
