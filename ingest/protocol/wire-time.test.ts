import { describe, expect, it } from 'vitest';
import { dayOfWire, terminalInstant, terminalTime, wireDay } from './wire-time.ts';

describe('days and instants on the wire', () => {
  it.each([
    ['2000-01-01', 0],
    ['2000-12-31', 365],
    ['2025-01-31', 9162],
    ['2179-06-06', 65535],
  ])('number %s as %i', (day, number) => {
    expect(wireDay(day)).toBe(number);
    expect(dayOfWire(number)).toBe(day);
  });

  it.each(['2025-02-29', '2025-1-31', '2025-01-31T00:00', ''])('know no day "%s"', (text) => {
    expect(() => wireDay(text)).toThrow(RangeError);
  });

  it('count terminal time in whole seconds of UTC', () => {
    expect(terminalTime(new Date('2000-01-01T00:00:00Z'))).toBe(0);
    expect(terminalTime(new Date('2025-02-01T00:05:00.999+09:00'))).toBe(791_651_100);
    expect(terminalInstant(791_651_100).toISOString()).toBe('2025-01-31T15:05:00.000Z');
  });
});
