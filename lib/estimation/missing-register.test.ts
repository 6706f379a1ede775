import { describe, expect, test } from 'vitest';
import {
  type EstimationFacts,
  type MissedRow,
  missingRegister,
  usageByDays,
} from './missing-register.ts';

const DAY_S = 86_400;
/** 24:00 JST of 2026-11-20. */
const CLOSES_S = Date.parse('2026-11-21T00:00:00+09:00') / 1000;

function row(more: Partial<MissedRow> = {}): MissedRow {
  return {
    ...{ sizeM3PerHour: 6, dialL: 10_000_000, reading: null, isOneFitting: true, hasUsage: false },
    previous: { indexL: 1_000_400, atS: CLOSES_S - 31 * DAY_S },
    ...{ closesAtS: CLOSES_S, rounding: 'difference-of-floors' },
    ...more,
  };
}

function facts(more: Partial<EstimationFacts> = {}): EstimationFacts {
  return {
    ...{ missedReading: 'last-usage', next: null, isFirst: false, isAbsent: false },
    ...{ isDisaster: false, certified: null, lastPeriod: issued('44', 30) },
    ...more,
  };
}

function issued(usageM3: string, days: number): EstimationFacts['lastPeriod'] {
  const toAtS = CLOSES_S - 31 * DAY_S;
  return { ...{ runId: 7, usageM3, fromL: null, toL: null }, fromAtS: toAtS - days * DAY_S, toAtS };
}

const certified = (litres: number) => ({
  ...{ decisionId: 3, litres, reason: 'told by telephone', decidedBy: 'staff:1' },
  decidedAtS: CLOSES_S,
});

describe('a closing without a reading', () => {
  test('bills what the last period billed, in whole billed units above the last register', () => {
    expect(missingRegister(row(), facts())).toMatchObject({
      ...{ basis: 'last-usage', indexL: 1_044_400 },
      lastUsage: { usageM3: '44', days: 30, periodDays: 31, runId: 7 },
    });
  });

  test('is taken in proportion to the days where the utility chose it, cut', () => {
    const byDays = facts({ missedReading: 'last-usage-by-days' });
    // 44 × 31 / 30 = 45.47
    expect(missingRegister(row(), byDays)?.indexL).toBe(1_045_400);
    expect(usageByDays({ usageM3: '7.4', days: 30, periodDays: 31 })).toBe('7.6');
    expect(usageByDays({ usageM3: '7.4', days: 0, periodDays: 31 })).toBeNull();
  });

  test('takes the registers of a last period that was not issued', () => {
    const toAtS = CLOSES_S - 31 * DAY_S;
    const lastPeriod = {
      ...{ runId: null, usageM3: null, fromL: 950_900, toL: 1_000_400 },
      ...{ fromAtS: toAtS - 30 * DAY_S, toAtS },
    };
    expect(missingRegister(row(), facts({ lastPeriod }))?.lastUsage?.usageM3).toBe('50');
  });

  test.each([
    ['absence', { isAbsent: true }],
    ['first-reading', { isFirst: true, lastPeriod: null }],
  ])('bills nothing: %s', (basis, more) => {
    expect(missingRegister(row(), facts(more))).toMatchObject({ basis, indexL: 1_000_400 });
  });

  test('follows the same rules in a disaster, which it names', () => {
    expect(missingRegister(row(), facts({ isDisaster: true }))).toMatchObject({
      ...{ basis: 'last-usage', isDisaster: true },
    });
  });

  test('counts past the end of the dial', () => {
    const previous = { indexL: 9_990_000, atS: CLOSES_S - 31 * DAY_S };
    expect(missingRegister(row({ previous }), facts())?.indexL).toBe(34_000);
  });

  test.each([
    ['the utility has no rule', row(), facts({ missedReading: 'none' })],
    ['the last usage is not known', row(), facts({ lastPeriod: null })],
    ['the meter was exchanged', row({ isOneFitting: false }), facts()],
    ['it could not have passed the meter', row(), facts({ lastPeriod: issued('9000', 30) })],
  ])('stays to be checked where %s', (_, missed, of) => {
    expect(missingRegister(missed, of)).toBeNull();
  });

  test('is not estimated where there is a reading, however old', () => {
    const reading = { indexL: 1_010_000, atS: CLOSES_S - 20 * DAY_S };
    expect(missingRegister(row({ reading, hasUsage: true }), facts())).toBeNull();
  });
});

describe('interpolation', () => {
  const reading = { indexL: 1_040_000, atS: CLOSES_S - 3600 };
  const next = { indexL: 1_040_100, atS: CLOSES_S + 2 * 3600 };

  test('takes the register between both in proportion to the time, cut to litres', () => {
    expect(missingRegister(row({ reading, hasUsage: true }), facts({ next }))).toMatchObject({
      ...{ basis: 'interpolation', indexL: 1_040_033, between: [reading, next] },
    });
  });

  test('goes past the end of the dial', () => {
    const before = { indexL: 9_999_990, atS: CLOSES_S - 3600 };
    const after = { indexL: 20, atS: CLOSES_S + 3600 };
    const missed = row({ reading: before, hasUsage: true });
    expect(missingRegister(missed, facts({ next: after }))?.indexL).toBe(5);
  });

  test.each([
    ['the later register is not there', row({ reading, hasUsage: true }), null],
    ['it was read at 24:00', row({ reading: { ...reading, atS: CLOSES_S }, hasUsage: true }), next],
    ['the register falls', row({ reading, hasUsage: true }), { ...next, indexL: 1_039_000 }],
    ['the row has no usage', row({ reading, hasUsage: false }), next],
  ])('is left where %s', (_, missed, later) => {
    expect(missingRegister(missed, facts({ next: later }))).toBeNull();
  });
});

describe('a usage that staff decided', () => {
  test('comes before the rules', () => {
    expect(missingRegister(row(), facts({ certified: certified(30_000) }))).toMatchObject({
      ...{ basis: 'decision', indexL: 1_030_400, certified: { decisionId: 3 } },
    });
  });

  test('comes after a register that was read at the closing', () => {
    const reading = { indexL: 1_040_000, atS: CLOSES_S };
    const of = facts({ certified: certified(30_000) });
    expect(missingRegister(row({ reading, hasUsage: true }), of)).toBeNull();
  });

  test('stands for a register that gives no usage', () => {
    const reading = { indexL: 900_000, atS: CLOSES_S };
    const of = facts({ certified: certified(0) });
    expect(missingRegister(row({ reading }), of)?.indexL).toBe(1_000_400);
  });

  test('is never below a reading of the period', () => {
    const reading = { indexL: 1_040_000, atS: CLOSES_S - 5 * DAY_S };
    const of = (litres: number) => facts({ certified: certified(litres) });
    const missed = row({ reading, hasUsage: true });
    expect(missingRegister(missed, of(39_000))).toBeNull();
    expect(missingRegister(missed, of(40_000))?.indexL).toBe(1_040_400);
  });
});
