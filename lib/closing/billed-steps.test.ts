import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { billedSteps } from './billed-steps.ts';
import { billedM3, periodUsage, USAGE_ROUNDINGS } from './billed-usage.ts';

const DIAL = 10_000_000;
const ONE = [{ dialL: DIAL, fromL: 553_634, toL: 597_570 }];
const step = (from: string, to: string, difference: string, read: string | null = null) => {
  return { from, to, read, difference };
};

describe('the calculation of a billed usage', () => {
  test('reads both registers in whole m³', () => {
    expect(billedSteps(ONE, 'difference-of-floors')).toEqual({
      ...{ steps: [step('553', '597', '44')], sum: null, usageM3: '44' },
    });
  });

  test('reads both registers in 0.1 m³', () => {
    expect(billedSteps(ONE, 'difference-of-floors-0.1')).toEqual({
      ...{ steps: [step('553.6', '597.5', '43.9')], sum: null, usageM3: '43.9' },
    });
  });

  test('rounds once, at the end, when the tariff says so', () => {
    expect(billedSteps(ONE, 'floor-of-difference')).toEqual({
      ...{ steps: [step('553.634', '597.570', '43.936')], sum: '43.936', usageM3: '43' },
    });
  });

  test('counts on past the end of the dial and keeps what was read', () => {
    const rolled = [{ dialL: DIAL, fromL: 9_990_500, toL: 12_300 }];
    expect(billedSteps(rolled, 'difference-of-floors')).toEqual({
      ...{ steps: [step('9990', '10012', '22', '12')], sum: null, usageM3: '22' },
    });
  });

  test('has a step for each meter of an exchange', () => {
    const exchanged = [
      { dialL: DIAL, fromL: 3_459_200, toL: 3_488_900 },
      { dialL: DIAL, fromL: 0, toL: 1_050 },
    ];
    expect(billedSteps(exchanged, 'difference-of-floors')).toEqual({
      steps: [step('3459', '3488', '29'), step('0', '1', '1')],
      ...{ sum: null, usageM3: '30' },
    });
  });

  test('takes back what was issued too much of a meter that had been removed before', () => {
    const segments = [
      { dialL: DIAL, fromL: 3_490_100, toL: 3_488_900, takesBack: true },
      { dialL: DIAL, fromL: 0, toL: 9_050 },
    ];
    expect(billedSteps(segments, 'difference-of-floors')).toEqual({
      steps: [step('3490', '3488', '-2'), step('0', '9', '9')],
      ...{ sum: null, usageM3: '7' },
    });
    expect(billedSteps(segments.slice(0, 1), 'difference-of-floors')).toBeUndefined();
  });

  test('is undefined without a meter, and where a register is unknown or fell', () => {
    expect(billedSteps([], 'difference-of-floors')).toBeUndefined();
    for (const fromL of [null, 600_000]) {
      const segments = [{ dialL: DIAL, fromL, toL: 597_570 }];
      expect(billedSteps(segments, 'difference-of-floors')).toBeUndefined();
    }
  });

  test('adds up, step by step, to what is billed, whatever the registers', () => {
    const litres = fc.integer({ min: 0, max: DIAL - 1 });
    const segment = fc.record({
      ...{ dialL: fc.constant(DIAL), fromL: litres, toL: litres },
      takesBack: fc.boolean(),
      sizeM3PerHour: fc.constant(Number.POSITIVE_INFINITY),
      ...{ fromAtS: fc.constant(null), toAtS: fc.constant(null) },
    });
    return fc.assert(
      fc.property(
        fc.array(segment, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(...USAGE_ROUNDINGS),
        (segments, rounding) => {
          const calculation = billedSteps(segments, rounding);
          expect(calculation !== undefined).toBe(periodUsage(segments).known);
          if (!calculation) return;
          const { steps, sum, usageM3 } = calculation;
          expect(usageM3).toBe(billedM3(segments, rounding));
          const inL = (text: string) => Math.round(Number(text) * 1000);
          for (const each of steps) {
            expect(inL(each.to) - inL(each.from)).toBe(inL(each.difference));
          }
          const added = steps.reduce((total, each) => total + inL(each.difference), 0);
          expect(added).toBe(inL(sum ?? usageM3));
        },
      ),
    );
  });
});
