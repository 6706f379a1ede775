import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { billedM3, defaultRounding, formatIndexM3, periodUsage } from './billed-usage.ts';

const DIAL_L = 10_000_000;
const segment = (fromL: number | null, toL: number | null, dialL = DIAL_L) => ({
  ...{ dialL, sizeM3PerHour: 6, fromL, toL },
  ...{ fromAtS: 0, toAtS: 30 * 24 * 3600 },
});

describe('usage of a period', () => {
  test.each([
    { what: 'one meter', segments: [segment(1_000, 46_851)], usageL: 45_851, rolledOver: false },
    { what: 'nothing used', segments: [segment(5, 5)], usageL: 0, rolledOver: false },
    {
      what: 'a rolled-over register',
      segments: [segment(9_990_000, 12_000)],
      usageL: 22_000,
      rolledOver: true,
    },
    {
      what: 'two exchanges in one period',
      segments: [segment(500_000, 510_000), segment(0, 3_000), segment(100, 2_100)],
      usageL: 15_000,
      rolledOver: false,
    },
    {
      what: 'an exchange after a rollover',
      segments: [segment(9_999_999, 4_000), segment(0, 1_000)],
      usageL: 5_001,
      rolledOver: true,
    },
  ])('$what adds up', ({ segments, usageL, rolledOver }) => {
    expect(periodUsage(segments)).toEqual({ known: true, usageL, rolledOver });
  });

  test('a register that falls far from its dial is no rollover', () => {
    expect(periodUsage([segment(5_000_000, 4_999_000)])).toEqual({
      known: false,
      reason: 'index-fell',
    });
  });

  test('a register that falls slightly near its dial is no rollover', () => {
    expect(periodUsage([segment(9_990_000, 9_989_000)]).known).toBe(false);
  });

  test('more than could have passed has no usage', () => {
    // 1.2 × 6 m³ an hour, in 31 days, since the instant of a register may be wrong by a day.
    const mostL = 1.2 * 6_000 * 31 * 24;
    expect(periodUsage([segment(1_000, 1_000 + mostL)]).known).toBe(true);
    const implausible = { known: false, reason: 'implausible' };
    expect(periodUsage([segment(1_000, 1_001 + mostL)])).toEqual(implausible);
    expect(periodUsage([segment(5, 10), segment(0, 16_777_215, 100_000_000)])).toEqual(implausible);
    expect(() => billedM3([segment(0, 1 + mostL)], 'difference-of-floors')).toThrow(RangeError);
  });

  test('a fall that would need more than could have passed is no rollover', () => {
    expect(periodUsage([segment(99_999_999, 1_044_640, 100_000_000)]).known).toBe(true);
    expect(periodUsage([segment(99_999_999, 5_400_000, 100_000_000)])).toEqual({
      known: false,
      reason: 'index-fell',
    });
  });

  test('an exchanged meter with an unknown index makes the usage unknown', () => {
    expect(periodUsage([segment(1_000, null), segment(0, 500)])).toEqual({
      known: false,
      reason: 'index-missing',
    });
  });

  test('usages over consecutive readings add up to the usage over all of them', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(800_000), { minLength: 2, maxLength: 24 }), (differences) => {
        let total = 0;
        let readings = 0;
        let index = 9_000_000;
        for (const difference of differences) {
          const next = (index + difference) % DIAL_L;
          const usage = periodUsage([segment(index, next)]);
          if (usage.known) total += usage.usageL;
          readings += difference;
          index = next;
        }
        expect(total).toBe(readings);
      }),
    );
  });
});

describe('billed usage', () => {
  const cases = [
    { segments: [segment(3_175_986, 3_239_415)], whole: '63', floors: '64', tenths: '63.5' },
    { segments: [segment(999, 1_000)], whole: '0', floors: '1', tenths: '0.1' },
    { segments: [segment(1_000, 1_999)], whole: '0', floors: '0', tenths: '0.9' },
    { segments: [segment(9_999_999, 1)], whole: '0', floors: '1', tenths: '0.1' },
    {
      segments: [segment(1_900, 2_800), segment(0, 1_900)],
      whole: '2',
      floors: '2',
      tenths: '2.8',
    },
  ];

  test.each(cases)('$whole, $floors or $tenths', ({ segments, whole, floors, tenths }) => {
    expect(billedM3(segments, 'floor-of-difference')).toBe(whole);
    expect(billedM3(segments, 'difference-of-floors')).toBe(floors);
    expect(billedM3(segments, 'difference-of-floors-0.1')).toBe(tenths);
  });

  test('differences of floors of consecutive months add up to the register’s own difference', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(300_000), { minLength: 1, maxLength: 20 }), (differences) => {
        let index = 1_234_567;
        let tenths = 0;
        for (const difference of differences) {
          const billed = billedM3([segment(index, index + difference)], 'difference-of-floors-0.1');
          tenths += Number(billed.replace('.', ''));
          index += difference;
        }
        expect(tenths).toBe(Math.floor(index / 100) - 12_345);
      }),
    );
  });

  test('is a RangeError when the usage is unknown', () => {
    for (const rounding of ['floor-of-difference', 'difference-of-floors'] as const) {
      expect(() => billedM3([segment(5, null)], rounding)).toThrow(RangeError);
    }
  });

  test("of city gas is in whole m³ and of LP gas in tenths without a tariff's rounding", () => {
    expect(defaultRounding('city')).toBe('difference-of-floors');
    expect(defaultRounding('lp')).toBe('difference-of-floors-0.1');
  });
});

test('an index in m³ keeps its three decimals', () => {
  expect(formatIndexM3(12_905_635)).toBe('12905.635');
  expect(formatIndexM3(2_240_380)).toBe('2240.380');
  expect(formatIndexM3(7)).toBe('0.007');
});
