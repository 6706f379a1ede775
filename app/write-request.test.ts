import { describe, expect, it } from 'vitest';
import { ApiError } from './api-client.ts';
import { requestKeys, sentAgain } from './write-request.ts';

describe('the key of a change', () => {
  const numbered = () => {
    let made = 0;
    return requestKeys(() => {
      made += 1;
      return `key-${made}`;
    });
  };

  it('is the same however often the change is sent, and another for another change', () => {
    const keys = numbered();
    const body = { serial: '777', at: '2026-11-20' };
    expect(keys.headerOf(body)).toEqual({ 'Idempotency-Key': 'key-1' });
    expect(keys.headerOf({ ...body })).toEqual({ 'Idempotency-Key': 'key-1' });
    expect(keys.headerOf({ ...body, serial: '778' })).toEqual({ 'Idempotency-Key': 'key-2' });
    expect(keys.headerOf(body)).toEqual({ 'Idempotency-Key': 'key-1' });
  });

  it('is a new one once the change was done, so that the same once more acts once more', () => {
    const keys = numbered();
    keys.headerOf(7);
    keys.headerOf(8);
    keys.done(7);
    expect(keys.headerOf(7)).toEqual({ 'Idempotency-Key': 'key-3' });
    expect(keys.headerOf(8)).toEqual({ 'Idempotency-Key': 'key-2' });
  });

  it('is one that the API takes, and no other form has', () => {
    const [one, other] = [requestKeys(), requestKeys()].map(
      (keys) => keys.headerOf({})['Idempotency-Key'],
    );
    expect(one).toMatch(/^[0-9A-Za-z_-]{16,64}$/);
    expect(other).not.toBe(one);
  });
});

describe('a change is sent again by itself', () => {
  const problem = (given: { status: number; retryAfterS?: number }) =>
    new ApiError('conflict', 'x', {
      ...{ type: 'x', title: 'x', code: 'conflict', detail: 'x', reference: 'x' },
      ...given,
    });

  it.each([
    ['the answer was lost', new ApiError('offline', 'x'), 2_000],
    ['the first one is being worked on', problem({ status: 409, retryAfterS: 5 }), 5_000],
  ])('where %s, three times at most', (_, error, delayMs) => {
    expect([0, 1, 2, 3].map((count) => sentAgain.retry(count, error))).toEqual([
      ...[true, true, true],
      false,
    ]);
    expect(sentAgain.retryDelay(0, error)).toBe(delayMs);
  });

  it.each([
    ['was refused', problem({ status: 409 })],
    ['failed in the page itself', new TypeError('x')],
  ])('and never where it %s', (_, error) => {
    expect(sentAgain.retry(0, error)).toBe(false);
  });
});
