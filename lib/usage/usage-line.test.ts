import { describe, expect, test } from 'vitest';
import { instantOf } from '../time.ts';
import type { DayIndexes, FittedMeter } from './usage-line.ts';
import { dayHour, hourNumber, usageLine } from './usage-line.ts';
import { gapsOf, hoursOf, usageBetween, usageByDay } from './usage-totals.ts';

const DIAL_L = 1_000_000;

function meter(change: Partial<FittedMeter> = {}): FittedMeter {
  return {
    meterId: 1,
    sizeM3PerHour: 4,
    dialL: DIAL_L,
    fittedAt: instantOf('2026-01-01', 0),
    removedAt: null,
    startIndexL: null,
    finalIndexL: null,
    ...change,
  };
}

/** A day with registers at the given hours ending; all others are missing. */
function day(name: string, registers: Record<number, number>, meterId = 1): DayIndexes {
  return {
    meterId,
    day: name,
    indexL: Array.from({ length: 24 }, (_, element) => registers[element + 1] ?? null),
  };
}

function steady(name: string, startL: number, perHourL: number, meterId = 1): DayIndexes {
  const registers = Array.from({ length: 24 }, (_, element) => [
    element + 1,
    (startL + (element + 1) * perHourL) % DIAL_L,
  ]);
  return day(name, Object.fromEntries(registers), meterId);
}

describe('the hours of a day', () => {
  test('the first hour counts from the last register of the day before', () => {
    const line = usageLine(
      [meter()],
      [day('2026-03-01', { 24: 100 }), steady('2026-03-02', 100, 10)],
    );
    expect(hoursOf(line, '2026-03-02')[0]).toEqual({
      hourEnding: 1,
      state: 'measured',
      usageL: 10,
      marks: [],
    });
  });

  test('a gap keeps its total and its hours have none of their own', () => {
    const line = usageLine([meter()], [day('2026-03-02', { 1: 100, 2: 110, 6: 190, 7: 200 })]);
    const hours = hoursOf(line, '2026-03-02');
    expect(hours.map(({ state }) => state).slice(0, 8)).toEqual([
      'missing',
      'measured',
      'spanned',
      'spanned',
      'spanned',
      'spanned',
      'measured',
      'missing',
    ]);
    expect(gapsOf(line, '2026-03-02')).toEqual([
      {
        from: { day: '2026-03-02', hourEnding: 2 },
        to: { day: '2026-03-02', hourEnding: 6 },
        usageL: 80,
        marks: [],
      },
    ]);
  });

  test('a rolled-over register counts forward', () => {
    const line = usageLine([meter()], [day('2026-03-02', { 9: 999_995, 10: 5 })]);
    expect(hoursOf(line, '2026-03-02')[9]).toMatchObject({ usageL: 10, marks: ['rolled-over'] });
  });

  test('a fallen register gives no usage and never a negative one', () => {
    const line = usageLine([meter()], [day('2026-03-02', { 9: 500, 10: 400, 11: 410 })]);
    const hours = hoursOf(line, '2026-03-02');
    expect(hours[9]).toMatchObject({ state: 'fallen', usageL: null, marks: ['fallen'] });
    expect(hours[10]).toMatchObject({ state: 'measured', usageL: 10 });
    expect(usageByDay(line, '2026-03-02', '2026-03-02')[0]?.usageL).toBeNull();
  });

  test('more gas than the meter lets through gives no usage', () => {
    const line = usageLine([meter()], [day('2026-03-02', { 9: 0, 10: 4_800, 11: 9_601 })]);
    const hours = hoursOf(line, '2026-03-02');
    expect(hours[9]?.marks).toEqual([]);
    expect(hours[10]).toMatchObject({ state: 'fallen', usageL: null, marks: ['implausible'] });
  });
});

describe('a meter exchange', () => {
  const exchangedAt = new Date(instantOf('2026-03-02', 10).getTime() + 30 * 60_000);
  const old = meter({ removedAt: exchangedAt, finalIndexL: 505 });
  const fresh = meter({ meterId: 2, fittedAt: exchangedAt, startIndexL: 3 });
  const days = [day('2026-03-02', { 9: 490, 10: 500 }), day('2026-03-02', { 11: 10, 12: 20 }, 2)];

  test('within an hour adds what both meters counted in it', () => {
    const line = usageLine([fresh, old], days.toReversed());
    const hours = hoursOf(line, '2026-03-02');
    expect(hours[10]).toEqual({
      hourEnding: 11,
      state: 'measured',
      usageL: 12,
      marks: ['exchanged'],
    });
    expect(hours[11]).toMatchObject({ usageL: 10, marks: [] });
  });

  test('on the hour leaves the previous hour to the old meter', () => {
    const at = instantOf('2026-03-02', 10);
    const line = usageLine(
      [
        meter({ removedAt: at, finalIndexL: 500 }),
        meter({ meterId: 2, fittedAt: at, startIndexL: 3 }),
      ],
      days,
    );
    const hours = hoursOf(line, '2026-03-02');
    expect(hours[9]).toMatchObject({ usageL: 10, marks: [] });
    expect(hours[10]).toMatchObject({ usageL: 7, marks: ['exchanged'] });
  });

  test('without a noted register counts the known part and marks it', () => {
    const line = usageLine(
      [
        meter({ removedAt: exchangedAt, finalIndexL: 505 }),
        meter({ meterId: 2, fittedAt: exchangedAt, startIndexL: null }),
      ],
      days,
    );
    expect(hoursOf(line, '2026-03-02')[10]).toMatchObject({
      usageL: 5,
      marks: ['exchanged', 'unnoted'],
    });
    const unread = usageLine(
      [
        meter({ removedAt: exchangedAt }),
        meter({ meterId: 2, fittedAt: exchangedAt, startIndexL: 3 }),
      ],
      days,
    );
    expect(hoursOf(unread, '2026-03-02')[10]).toMatchObject({
      usageL: 7,
      marks: ['unnoted', 'exchanged'],
    });
  });

  test('after days without a meter leaves those days without usage', () => {
    const line = usageLine(
      [old, meter({ meterId: 2, fittedAt: instantOf('2026-03-05', 8), startIndexL: 3 })],
      [day('2026-03-02', { 10: 500 }), day('2026-03-05', { 9: 10 }, 2)],
    );
    expect(line.stretches).toEqual([
      {
        from: hourNumber('2026-03-02', 10),
        to: hourNumber('2026-03-02', 11),
        usageL: 5,
        marks: [],
      },
      {
        from: hourNumber('2026-03-02', 11),
        to: hourNumber('2026-03-05', 8),
        usageL: 0,
        marks: ['without-meter'],
      },
      {
        from: hourNumber('2026-03-05', 8),
        to: hourNumber('2026-03-05', 9),
        usageL: 7,
        marks: ['exchanged'],
      },
    ]);
  });

  test("excludes registers outside a meter's fitting", () => {
    const line = usageLine(
      [old, fresh],
      [...days, day('2026-03-02', { 20: 900 }), day('2026-03-01', { 20: 1 }, 2)],
    );
    expect(
      usageBetween(line, hourNumber('2026-03-01', 0), hourNumber('2026-03-03', 0)).usageL,
    ).toBe(32);
  });
});

test('a new meter counts from the register at its fitting, before any day has arrived', () => {
  const at = new Date(instantOf('2026-03-02', 10).getTime() + 20 * 60_000);
  const line = usageLine(
    [meter({ fittedAt: at, startIndexL: 7 })],
    [day('2026-03-02', { 11: 17 })],
  );
  expect(hoursOf(line, '2026-03-02')[10]).toMatchObject({ state: 'measured', usageL: 10 });
  expect(usageLine([meter({ startIndexL: 7 })], []).stretches).toEqual([]);
});

test('registers outside the permitted hours leave no trace in the line', () => {
  const days = [
    steady('2026-03-01', 0, 10),
    steady('2026-03-02', 240, 10),
    steady('2026-03-03', 480, 10),
  ];
  const line = usageLine([meter({ startIndexL: 0 })], days, {
    from: hourNumber('2026-03-02', 0),
    to: hourNumber('2026-03-02', 24),
  });
  expect(line.stretches).toHaveLength(24);
  expect(usageByDay(line, '2026-03-01', '2026-03-03').map(({ usageL }) => usageL)).toEqual([
    null,
    240,
    null,
  ]);
});

test('hour 24 of a day is hour 0 of the next', () => {
  expect(hourNumber('2024-02-29', 24)).toBe(hourNumber('2024-03-01', 0));
  expect(dayHour(hourNumber('2024-03-01', 0))).toEqual({ day: '2024-02-29', hourEnding: 24 });
  expect(dayHour(hourNumber('2024-03-01', 1))).toEqual({ day: '2024-03-01', hourEnding: 1 });
});
