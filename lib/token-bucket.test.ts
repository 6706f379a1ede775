import { describe, expect, it } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

describe('a token bucket', () => {
  it('allows a burst and then its rate', () => {
    const bucket = new TokenBucket({ burst: 3, perSecond: 2 }, 0);
    expect([1, 2, 3, 4].map(() => bucket.take(0))).toEqual([true, true, true, false]);
    expect(bucket.take(499)).toBe(false);
    expect(bucket.take(500)).toBe(true);
    expect(bucket.take(500)).toBe(false);
  });

  it('never holds more than its burst', () => {
    const bucket = new TokenBucket({ burst: 2, perSecond: 1000 }, 0);
    expect([1, 2, 3].map(() => bucket.take(60_000))).toEqual([true, true, false]);
  });

  it('takes several at once or none', () => {
    const bucket = new TokenBucket({ burst: 3, perSecond: 1 }, 0);
    expect([4, 2, 2, 1, 0].map((count) => bucket.take(0, count))).toEqual([
      false,
      true,
      false,
      true,
      true,
    ]);
  });

  it('is not filled by a clock that goes back, and continues from there', () => {
    const bucket = new TokenBucket({ burst: 1, perSecond: 1 }, 5000);
    expect(bucket.take(5000)).toBe(true);
    expect(bucket.take(1000)).toBe(false);
    expect(bucket.take(1999)).toBe(false);
    expect(bucket.take(2000)).toBe(true);
  });
});
