import { expect, test } from 'vitest';
import { isWorthRetrying, retryDelayMs } from './retry.ts';

const refusal = (status: number, retryAfterS?: number) =>
  Object.assign(new Error('no'), { status, ...(retryAfterS && { retryAfterS }) });

test.each([
  [0, true],
  [429, true],
  [503, true],
  [403, false],
  [404, false],
  [500, false],
])('status %i is retried: %s', (status, again) => {
  expect(isWorthRetrying(0, refusal(status))).toBe(again);
  expect(isWorthRetrying(2, refusal(status))).toBe(false);
});

test('an error of the page itself is not retried', () => {
  expect(isWorthRetrying(0, new Error('x'))).toBe(false);
});

test('a busy server is asked again after the time that it stated, and not by all pages at once', () => {
  expect(retryDelayMs(0, refusal(429, 3), 0)).toBe(3_000);
  expect(retryDelayMs(1, refusal(429, 3), 1)).toBe(4_500);
  expect(retryDelayMs(1, refusal(0), 0)).toBe(2_000);
  expect(retryDelayMs(9, refusal(0), 0)).toBe(30_000);
});
