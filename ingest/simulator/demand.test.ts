import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, dayNumber, daysBetween } from '../../lib/time.ts';
import { dayUsageL, type Household, householdOf, usageByHourL } from './demand.ts';
import { hashOf } from './seeded-random.ts';

const WEATHER = 77;
const FIRST = dayNumber('2025-01-01');

function fleet(gasKind: 'city' | 'lp', size: number): Household[] {
  return Array.from({ length: size }, (_, i) => householdOf(hashOf(1, i), gasKind, WEATHER));
}

/** m³ of each month of 2025. */
function months(household: Household): number[] {
  return Array.from({ length: 12 }, (_, month) => {
    const first = `2025-${String(month + 1).padStart(2, '0')}-01`;
    const next = month === 11 ? '2026-01-01' : `2025-${String(month + 2).padStart(2, '0')}-01`;
    let sum = 0;
    for (let i = 0; i < daysBetween(first, next); i += 1) {
      sum += dayUsageL(household, dayNumber(addDays(first, i)));
    }
    return sum / 1000;
  });
}

const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;

describe('demand of a simulated household', () => {
  test('the same seed and day give the same hours, asked for in any order', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: FIRST, max: FIRST + 800 }), (seed, day) => {
        const first = usageByHourL(householdOf(seed, 'city', WEATHER), day);
        usageByHourL(householdOf(seed, 'city', WEATHER), day + 1);
        expect(usageByHourL(householdOf(seed, 'city', WEATHER), day)).toEqual(first);
      }),
    );
  });

  test('the hours of a day never fall and add up to the day, in whole litres', () => {
    const kind = fc.constantFrom('city' as const, 'lp' as const);
    fc.assert(
      fc.property(fc.nat(), kind, fc.integer({ min: 0, max: 40_000 }), (seed, gasKind, day) => {
        const household = householdOf(seed, gasKind, WEATHER);
        const byHour = usageByHourL(household, day);
        expect(byHour).toHaveLength(24);
        expect(byHour.at(-1)).toBe(dayUsageL(household, day));
        for (const [i, value] of byHour.entries()) {
          expect(Number.isInteger(value)).toBe(true);
          expect(value).toBeGreaterThanOrEqual(byHour[i - 1] ?? 0);
        }
      }),
    );
  });

  test('a city-gas household uses 20 to 70 m³ in its mean month', () => {
    for (const household of fleet('city', 60)) {
      const month = mean(months(household));
      expect(month).toBeGreaterThan(18);
      expect(month).toBeLessThan(70);
    }
  });

  test('a city-gas fleet follows the published months: about 17 m³ in August, over 40 m³ in January', () => {
    const byMonth = fleet('city', 120).map(months);
    const august = mean(byMonth.map((m) => m[7]!));
    const january = mean(byMonth.map((m) => m[0]!));
    expect(august).toBeGreaterThan(14);
    expect(august).toBeLessThan(28);
    expect(january).toBeGreaterThan(40);
    expect(january).toBeLessThan(70);
  });

  test('an LP fleet uses about 8.0 m³ a month in the summer half-year and 10.3 m³ in the winter one', () => {
    const byMonth = fleet('lp', 200).map(months);
    const summer = mean(byMonth.flatMap((m) => m.slice(3, 9)));
    const winter = mean(byMonth.flatMap((m) => [...m.slice(0, 3), ...m.slice(9)]));
    expect(Math.abs(summer - 8.0)).toBeLessThan(0.8);
    expect(Math.abs(winter - 10.3)).toBeLessThan(1.0);
    for (const household of byMonth) {
      expect(mean(household)).toBeGreaterThan(4);
      expect(mean(household)).toBeLessThan(14);
    }
  });

  test('the evening bath stands out and the night is quiet', () => {
    const byHour = new Array<number>(24).fill(0);
    for (const household of fleet('city', 40)) {
      for (let day = FIRST + 150; day < FIRST + 180; day += 1) {
        const hours = usageByHourL(household, day);
        for (const [hour, usedL] of hours.entries())
          byHour[hour]! += usedL - (hours[hour - 1] ?? 0);
      }
    }
    const total = byHour.reduce((sum, v) => sum + v, 0);
    const share = (from: number, to: number) =>
      byHour.slice(from, to).reduce((sum, v) => sum + v, 0) / total;
    expect(share(18, 24)).toBeGreaterThan(0.6);
    expect(share(0, 5)).toBeLessThan(0.03);
  });

  test('a household is away now and then, and uses nothing then', () => {
    const days = fleet('city', 20).flatMap((household) =>
      Array.from({ length: 365 }, (_, i) => dayUsageL(household, FIRST + i)),
    );
    const away = days.filter((usedL) => usedL === 0).length / days.length;
    expect(away).toBeGreaterThan(0.01);
    expect(away).toBeLessThan(0.1);
  });
});
