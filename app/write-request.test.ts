import { describe, expect, it } from 'vitest';
import { ApiError } from './api-client.ts';
import { requestKeys, retryOptions } from './write-request.ts';

describe('the key of a change', () => {
  const numbered = () => {
    let made = 0;
    return requestKeys(() => {
      made += 1;
      return `key-${made}`;
    });
  };

  it('is the same each time the change is sent, and another for another change', () => {
    const keys = numbered();
    const body = { serial: '777', at: '2026-11-20' };
    expect(keys.headerOf(body)).toEqual({ 'Idempotency-Key': 'key-1' });
    expect(keys.headerOf({ ...body })).toEqual({ 'Idempotency-Key': 'key-1' });
    expect(keys.headerOf({ ...body, serial: '778' })).toEqual({ 'Idempotency-Key': 'key-2' });
    expect(keys.headerOf(body)).toEqual({ 'Idempotency-Key': 'key-1' });
  });

  it('is a new one after the change was done, so that an equal change acts again', () => {
    const keys = numbered();
    keys.headerOf(7);
    keys.headerOf(8);
    keys.done(7);
    expect(keys.headerOf(7)).toEqual({ 'Idempotency-Key': 'key-3' });
    expect(keys.headerOf(8)).toEqual({ 'Idempotency-Key': 'key-2' });
  });

  it('is accepted by the API and differs in every form', () => {
    const [one, other] = [requestKeys(), requestKeys()].map(
      (keys) => keys.headerOf({})['Idempotency-Key'],
    );
    expect(one).toMatch(/^[0-9A-Za-z_-]{16,64}$/);
    expect(other).not.toBe(one);
  });
});

describe('a change is sent again automatically', () => {
  const problem = (given: { status: number; retryAfterS?: number }) =>
    new ApiError('conflict', 'x', {
      ...{ type: 'x', title: 'x', code: 'conflict', detail: 'x', reference: 'x' },
      ...given,
    });

  it.each([
    ['a lost answer', new ApiError('offline', 'x'), 2_000],
    [
      'an answer that the first request is running',
      problem({ status: 409, retryAfterS: 5 }),
      5_000,
    ],
  ])('after %s, up to three times', (_, error, delayMs) => {
    expect([0, 1, 2, 3].map((count) => retryOptions.retry(count, error))).toEqual([
      ...[true, true, true],
      false,
    ]);
    expect(retryOptions.retryDelay(0, error)).toBe(delayMs);
  });

  it.each([
    ['a refusal', problem({ status: 409 })],
    ['an error of the page itself', new TypeError('x')],
  ])('but never after %s', (_, error) => {
    expect(retryOptions.retry(0, error)).toBe(false);
  });
});
