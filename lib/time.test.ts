import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  addMonths,
  dayFromNumber,
  dayNumber,
  dayOf,
  daysBetween,
  daysInMonth,
  formatJst,
  instantOf,
  isDay,
  minuteOfDay,
} from './time.ts';

describe('the JST calendar', () => {
  it('knows leap days and refuses days that do not exist', () => {
    expect(isDay('2024-02-29')).toBe(true);
    expect(isDay('2025-02-29')).toBe(false);
    expect(isDay('2025-13-01')).toBe(false);
    expect(isDay('2025-1-1')).toBe(false);
    expect(() => dayNumber('2025-02-30')).toThrow(RangeError);
    expect(daysInMonth('2024-02')).toBe(29);
    expect(daysInMonth('2026-11')).toBe(30);
  });

  it('closes hour ending 24 at the next day’s midnight in Japan', () => {
    expect(instantOf('2026-11-23', 24).toISOString()).toBe('2026-11-23T15:00:00.000Z');
    expect(instantOf('2026-11-23', 24)).toEqual(instantOf('2026-11-24', 0));
    expect(dayOf(instantOf('2026-11-23', 24))).toBe('2026-11-24');
  });

  it('gives the minute of the day and the instant in JST', () => {
    const at = new Date('2026-11-23T05:07:59Z');
    expect(minuteOfDay(at)).toBe(14 * 60 + 7);
    expect(formatJst(at)).toBe('2026-11-23T14:07:59+09:00');
  });

  it('adds months over year ends', () => {
    expect(addMonths('2026-01', -1)).toBe('2025-12');
    expect(addMonths('2026-12', 1)).toBe('2027-01');
    expect(addMonths('2026-11', -13)).toBe('2025-10');
  });

  it('counts days consistently', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 40_000 }),
        fc.integer({ min: -900, max: 900 }),
        (n, k) => {
          const day = dayFromNumber(n);
          expect(dayNumber(day)).toBe(n);
          expect(daysBetween(day, addDays(day, k))).toBe(k);
        },
      ),
    );
  });
});
