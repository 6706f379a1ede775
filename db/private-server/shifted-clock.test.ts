import { describe, expect, it } from 'vitest';
import { shiftedClock } from './shifted-clock.ts';

const LIBRARY = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1';
const MACHINE_NOW_MS = Date.parse('2026-11-26T00:00:00Z');
const clock = (environment: Record<string, string>, now: string) =>
  shiftedClock(environment, Date.parse(now), () => MACHINE_NOW_MS);

describe('the clock that the database server gets', () => {
  it("is the machine's own when this process's is not shifted", () => {
    expect(clock({}, '2026-11-26T00:00:00Z')).toEqual({});
    expect(clock({ LD_PRELOAD: '/lib/other.so' }, '2026-11-26T00:00:00Z')).toEqual({});
  });

  it.each([
    ['later', '2026-11-30T15:10:00Z', '+400200'],
    ['earlier', '2026-11-25T23:00:00Z', '-3600'],
  ])('is shifted by the same seconds when this process’s clock is %s', (_, now, shift) => {
    const environment = { LD_PRELOAD: LIBRARY, FAKETIME: '@2026-12-01 00:10:00' };
    expect(clock(environment, now)).toMatchObject({ LD_PRELOAD: LIBRARY, FAKETIME: shift });
  });
});
