import { describe, expect, test } from 'vitest';
import { dayNumber } from '../../lib/time.ts';
import { householdOf, usageByHourL } from './demand.ts';
import { hashOf } from './seeded-random.ts';
import { type PressureSite, pressureByHourPa } from './simulated-pressure.ts';

const FIRST = dayNumber('2025-06-01');
const DAYS = 120;

function hoursOf(site: PressureSite, days = DAYS): { pressurePa: number; usedL: number }[] {
  const household = householdOf(site.seed, site.gasKind, 5);
  return Array.from({ length: days }, (_, i) => FIRST + i).flatMap((day) => {
    const byHour = usageByHourL(household, day);
    const usedL = byHour.map((value, hour) => value - (byHour[hour - 1] ?? 0));
    return pressureByHourPa(site, day, usedL).map((pressurePa, hour) => ({
      pressurePa,
      usedL: usedL[hour]!,
    }));
  });
}

function sites(gasKind: 'city' | 'lp', count: number): PressureSite[] {
  return Array.from({ length: count }, (_, i) => ({ seed: hashOf(9, i), areaSeed: 3, gasKind }));
}

const shareWithin = (values: readonly number[], low: number, high: number) =>
  values.filter((v) => v >= low && v <= high).length / values.length;

describe('pressure at a simulated meter', () => {
  test('city gas lies between 1.8 and 2.3 kPa but for rare excursions', () => {
    const values = sites('city', 20).flatMap((site) => hoursOf(site).map((h) => h.pressurePa));
    expect(shareWithin(values, 1800, 2300)).toBeGreaterThan(0.99);
  });

  test('LP gas lies at 3.0 to 3.3 kPa while nothing flows, and between 2.7 and 3.3 kPa in all', () => {
    const hours = sites('lp', 20).flatMap((site) => hoursOf(site));
    const idle = hours.filter((hour) => hour.usedL === 0).map((hour) => hour.pressurePa);
    expect(shareWithin(idle, 3000, 3300)).toBeGreaterThan(0.98);
    const all = hours.map((hour) => hour.pressurePa);
    expect(shareWithin(all, 2700, 3300)).toBeGreaterThan(0.98);
    expect(shareWithin(all, 2700, 3000)).toBeGreaterThan(0.03);
  });

  test('an excursion is rare and leaves the limits', () => {
    const values = sites('lp', 60).flatMap((site) => hoursOf(site).map((h) => h.pressurePa));
    const outside = values.filter((pressurePa) => pressurePa < 2300).length;
    expect(outside).toBeGreaterThan(0);
    expect(outside / values.length).toBeLessThan(0.001);
  });

  test('a drifting LP regulator creeps out of its limit, a sound one does not', () => {
    const sound: PressureSite = { seed: 12, areaSeed: 3, gasKind: 'lp' };
    const drifting = { ...sound, drift: { fromDay: FIRST + 30, paPerDay: 5 } };
    const last = (site: PressureSite) =>
      hoursOf(site)
        .slice(-48)
        .map((hour) => hour.pressurePa);
    expect(Math.max(...last(sound))).toBeLessThan(3300);
    expect(Math.max(...last(drifting))).toBeGreaterThan(3400);
    expect(hoursOf(drifting, 29)).toEqual(hoursOf(sound, 29));
  });

  test('neighbouring hours are alike', () => {
    const values = hoursOf({ seed: 4, areaSeed: 3, gasKind: 'city' }).map((h) => h.pressurePa);
    const steps = values.slice(1).map((value, i) => Math.abs(value - values[i]!));
    expect(steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)]).toBeLessThan(40);
  });
});
