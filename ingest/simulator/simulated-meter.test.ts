import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, dayNumber, instantOf } from '../../lib/time.ts';
import { householdOf } from './demand.ts';
import {
  readDay,
  readRegister,
  type SimulatedMeter,
  usageLine,
  usedUntilL,
} from './simulated-meter.ts';

const FIRST = '2025-03-01';
const SITE = { seed: 1, areaSeed: 2, gasKind: 'city' as const };

function lineOf(seed: number) {
  return usageLine(householdOf(seed, 'city', 3), dayNumber(FIRST));
}

function fitted(overrides: Partial<SimulatedMeter> = {}): SimulatedMeter {
  return {
    serial: '00001',
    dialL: 100_000_000,
    fittedAt: instantOf(FIRST, 0),
    startIndexL: 1_234_567,
    ...overrides,
  };
}

describe('register of a simulated meter', () => {
  test('the index never falls', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const line = lineOf(seed);
        let last = 0;
        for (let i = 0; i < 40; i += 1) {
          for (const index of readDay(line, [fitted()], SITE, addDays(FIRST, i))[0]!.indexL) {
            expect(index).toBeGreaterThanOrEqual(last);
            last = index!;
          }
        }
      }),
      { numRuns: 20 },
    );
  });

  test('a register near its capacity begins again, and the usage goes on', () => {
    const line = lineOf(5);
    const meter = fitted({ dialL: 10_000_000, startIndexL: 9_990_000 });
    const indexes = Array.from({ length: 60 }, (_, i) => addDays(FIRST, i)).flatMap(
      (day) => readDay(line, [meter], SITE, day)[0]!.indexL as number[],
    );
    const falls = indexes.filter((index, i) => index < (indexes[i - 1] ?? 0));
    expect(falls).toHaveLength(1);
    const usedL = line.beforeDayL(dayNumber(addDays(FIRST, 60)));
    expect((9_990_000 + usedL) % 10_000_000).toBe(indexes.at(-1));
  });

  test('on the day of an exchange each meter shows its own hours', () => {
    const line = lineOf(6);
    const exchangedAt = new Date('2025-03-10T10:30:00+09:00');
    const old = fitted({ removedAt: exchangedAt });
    const next = fitted({ serial: '00002', fittedAt: exchangedAt, startIndexL: 120 });
    const [oldDay, newDay] = readDay(line, [old, next], SITE, '2025-03-10');
    expect(oldDay!.indexL.indexOf(null)).toBe(10);
    expect(newDay!.indexL.findIndex((index) => index !== null)).toBe(10);
    expect(readDay(line, [old, next], SITE, '2025-03-11').map((day) => day.serial)).toEqual([
      '00002',
    ]);
  });

  test('no litre is lost at an exchange: both meters together count what the household used', () => {
    const line = lineOf(7);
    const exchangedAt = new Date('2025-03-10T19:47:00+09:00');
    const old = fitted({ removedAt: exchangedAt });
    const next = fitted({ serial: '00002', fittedAt: exchangedAt, startIndexL: 0 });
    const finalL = readRegister(line, old, exchangedAt) - old.startIndexL;
    const end = instantOf('2025-03-20', 24);
    expect(finalL + readRegister(line, next, end)).toBe(usedUntilL(line, end));
  });

  test('a day before the line begins is refused', () => {
    expect(() => lineOf(8).beforeDayL(dayNumber(FIRST) - 1)).toThrow(/begins on 2025-03-01/);
  });
});
