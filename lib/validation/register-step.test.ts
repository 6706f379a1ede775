import { describe, expect, it } from 'vitest';
import { possibleL, registerStep } from './register-step.ts';

const METER = { sizeM3PerHour: 4, dialL: 1_000_000 };

describe('the step of a register', () => {
  it.each([
    { title: 'counts forward', from: 100, to: 150, step: { usageL: 50, rolledOver: false } },
    { title: 'stands still', from: 100, to: 100, step: { usageL: 0, rolledOver: false } },
    { title: 'passes the dial', from: 999_990, to: 15, step: { usageL: 25, rolledOver: true } },
    {
      title: 'passes all that can',
      from: 0,
      to: 4_800,
      step: { usageL: 4_800, rolledOver: false },
    },
  ])('is known when it $title', ({ from, to, step }) => {
    expect(registerStep(METER, from, to, 1)).toEqual({ state: 'known', ...step });
  });

  it.each([
    { title: 'it falls', from: 5_000, to: 4_999, hours: 1, state: 'fallen' },
    {
      title: 'it falls a little near the end',
      from: 999_990,
      to: 999_980,
      hours: 1,
      state: 'fallen',
    },
    { title: 'it falls from nine tenths', from: 900_000, to: 5, hours: 10_000, state: 'fallen' },
    { title: 'it falls to the half', from: 950_000, to: 500_000, hours: 10_000, state: 'fallen' },
    { title: 'more than can pass the dial', from: 999_000, to: 4_000, hours: 1, state: 'fallen' },
    { title: 'more than can pass', from: 0, to: 4_801, hours: 1, state: 'implausible' },
  ])('is unknown where $title', ({ from, to, hours, state }) => {
    expect(registerStep(METER, from, to, hours)).toEqual({ state });
  });

  it('may be as great as 1.2 × the size of the meter lets through in the time', () => {
    expect(possibleL({ sizeM3PerHour: 2.5, dialL: 1 }, 24)).toBe(72_000);
  });
});
