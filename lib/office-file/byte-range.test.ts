import fc from 'fast-check';
import { expect, test } from 'vitest';
import { askedRange, rangeWithin, withinRange } from './byte-range.ts';

const TAG = '"a"';

test.each([
  [undefined, undefined, undefined],
  ['bytes=100-', undefined, { first: 100 }],
  ['bytes=100-199', undefined, { first: 100, last: 199 }],
  ['bytes=-50', undefined, { suffix: 50 }],
  ['bytes=100-', TAG, { first: 100 }],
  ['bytes=100-', '"b"', undefined],
  ['bytes=100-', `W/${TAG}`, undefined],
  ['bytes=0-1,3-4', undefined, undefined],
  ['bytes=5-4', undefined, undefined],
  ['bytes=-', undefined, undefined],
  ['rows=1-', undefined, undefined],
  ['bytes=99999999999999999999-', undefined, undefined],
])('Range %s with If-Range %s asks for %o', (range, ifRange, asked) => {
  expect(askedRange(range, ifRange, TAG)).toEqual(asked);
});

test.each([
  [{ first: 0 }, { first: 0, last: 9 }],
  [
    { first: 4, last: 99 },
    { first: 4, last: 9 },
  ],
  [{ suffix: 3 }, { first: 7, last: 9 }],
  [{ suffix: 99 }, { first: 0, last: 9 }],
  [{ first: 10 }, undefined],
  [{ suffix: 0 }, undefined],
])('of ten bytes %o is %o', (asked, range) => {
  expect(rangeWithin(asked, 10)).toEqual(range);
});

test('the bytes of a range are those of the whole, however it is cut into blocks', async () => {
  const blocks = fc.array(fc.uint8Array({ maxLength: 9 }), { minLength: 1, maxLength: 9 });
  await fc.assert(
    fc.asyncProperty(blocks, fc.nat(40), fc.nat(40), async (parts, first, more) => {
      const whole = Buffer.concat(parts);
      const range = rangeWithin({ first, last: first + more }, whole.length);
      if (!range) {
        expect(first).toBeGreaterThanOrEqual(whole.length);
        return;
      }
      const given: Buffer[] = [];
      const write = withinRange(range, async (bytes) => void given.push(bytes));
      for (const part of parts) await write(Buffer.from(part));
      expect(Buffer.concat(given)).toEqual(whole.subarray(range.first, range.last + 1));
    }),
  );
});
