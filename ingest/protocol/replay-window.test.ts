import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  EMPTY_WINDOW,
  judgeCounter,
  maskOf,
  mergeWindows,
  type ReplayWindow,
  takeCounter,
  windowFromMask,
} from './replay-window.ts';

function windowOf(counters: readonly number[]): ReplayWindow {
  return counters.reduce(takeCounter, EMPTY_WINDOW);
}

const near = fc.integer({ min: 1, max: 200 });
const anywhere = fc.integer({ min: 1, max: 0xffffffff });
const counters = fc.oneof(fc.array(near), fc.array(anywhere));

describe('the replay window', () => {
  it('lets the first counter be any number', () => {
    expect(judgeCounter(EMPTY_WINDOW, 1)).toBe('fresh');
    expect(judgeCounter(EMPTY_WINDOW, 0xffffffff)).toBe('fresh');
  });

  it.each([
    [100, 'seen'],
    [99, 'fresh'],
    [69, 'fresh'],
    [68, 'seen'],
    [67, 'fresh'],
    [37, 'fresh'],
    [36, 'too_old'],
    [1, 'too_old'],
    [101, 'fresh'],
  ])('with 68 and 100 seen judges %i as %s', (counter, verdict) => {
    expect(judgeCounter(windowOf([68, 100]), counter)).toBe(verdict);
  });

  it('has the state of every counter as far as it reaches', () => {
    fc.assert(
      fc.property(counters, fc.oneof(near, anywhere), (seen, counter) => {
        const high = Math.max(0, ...seen);
        const expected =
          counter <= high - 64 ? 'too_old' : seen.includes(counter) ? 'seen' : 'fresh';
        expect(judgeCounter(windowOf(seen), counter)).toBe(expected);
      }),
    );
  });

  it('does not depend on the order of frames within its reach', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1000, max: 1063 })), (seen) => {
        expect(windowOf(seen)).toEqual(windowOf([...seen].reverse()));
      }),
    );
  });

  it('merges to the result of taking both lists of counters', () => {
    fc.assert(
      fc.property(counters, counters, (a, b) => {
        const merged = mergeWindows(windowOf(a), windowOf(b));
        expect(merged).toEqual(windowOf([...a, ...b]));
        expect(merged).toEqual(mergeWindows(windowOf(b), windowOf(a)));
      }),
    );
  });

  it('is not changed by a counter below its reach', () => {
    const window = windowOf([5, 100]);
    expect(takeCounter(window, 36)).toEqual(window);
  });

  it('keeps bit k of its mask for the counter k below the highest', () => {
    expect(maskOf(windowOf([10, 8, 7]))).toBe(0b1101n);
    expect(maskOf(windowOf([1, 64]))).toBe(-(2n ** 63n) + 1n);
    expect(maskOf(windowOf(Array.from({ length: 64 }, (_, i) => i + 1)))).toBe(-1n);
  });

  it('comes back from the stored mask', () => {
    fc.assert(
      fc.property(counters, (seen) => {
        const window = windowOf(seen);
        expect(windowFromMask(window.high, maskOf(window))).toEqual(window);
      }),
    );
  });
});
