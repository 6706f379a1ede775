import { describe, expect, it } from 'vitest';
import { CLOCK_POLICY, isClockDue } from './clock-drift.ts';

describe('a terminal clock', () => {
  it.each([
    ['unknown', undefined, undefined, false],
    ['right', 0, undefined, false],
    ['a minute ahead', 60, undefined, false],
    ['more than a minute ahead', 61, undefined, true],
    ['more than a minute behind', -61, undefined, true],
    ['wrong, and set half an hour ago', 100, 1_800_000, false],
    ['wrong, and set an hour ago', 100, 3_600_000, true],
  ])('that is %s is to be set or not', (_, offsetS, setAgoMs, isDue) => {
    const nowMs = 10_000_000;
    const setAtMs = setAgoMs === undefined ? undefined : nowMs - setAgoMs;
    expect(isClockDue({ offsetS, setAtMs }, nowMs, CLOCK_POLICY)).toBe(isDue);
  });
});
