import { describe, expect, it } from 'vitest';
import { CLOCK_POLICY, isClockDue, isWindowDue } from './clock-drift.ts';

describe('a terminal clock', () => {
  it.each([
    ['unknown', undefined, undefined, false],
    ['right', 0, undefined, false],
    ['a minute ahead', 60, undefined, false],
    ['more than a minute ahead', 61, undefined, true],
    ['more than a minute behind', -61, undefined, true],
    ['wrong, and set half an hour ago', 100, 1_800_000, false],
    ['wrong, and set an hour ago', 100, 3_600_000, true],
  ])('that is %s is to be set or not', (_, offsetS, provenAgoMs, isDue) => {
    const nowMs = 10_000_000;
    const provenAtMs = provenAgoMs === undefined ? undefined : nowMs - provenAgoMs;
    expect(isClockDue({ offsetS, provenAtMs }, nowMs, CLOCK_POLICY)).toBe(isDue);
  });
});

describe('a report window', () => {
  const wanted = { reportMinute: 60, reportWindowMinutes: 240 };
  const held = { ...wanted, generation: 2, provenAt: new Date(0) };
  it.each([
    ['was never acknowledged', undefined, [1], true],
    ['is the one of the register', held, [1, 2], false],
    ['opens at another minute', { ...held, reportMinute: 61 }, [2], true],
    ['has another length', { ...held, reportWindowMinutes: 1 }, [2], true],
    ['was told to a terminal whose key is retired', held, [3], true],
  ])('that %s is to be sent or not', (_, proven, generations, isDue) => {
    expect(isWindowDue(proven, wanted, generations)).toBe(isDue);
  });
});
