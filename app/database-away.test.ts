import { describe, expect, it } from 'vitest';
import { DomainError } from '../lib/errors.ts';
import { unavailableOr } from './database-away.ts';

describe('unavailableOr', () => {
  it.each([
    ['a refused connection', 'ECONNREFUSED', 'connect ECONNREFUSED'],
    ['a server that is starting', '57P03', 'the database system is starting up'],
    ['a lost connection', '08006', 'connection failure'],
    ['a pool that waited too long', '', 'timeout exceeded when trying to connect'],
    [
      'a connection lost between statements',
      '',
      'Client has encountered a connection error and is not queryable',
    ],
    ['a connection cut off', '', 'Connection terminated unexpectedly'],
  ])('maps %s to `unavailable`', (_, code, message) => {
    const cause = Object.assign(new Error(message), code && { code });
    expect(unavailableOr(cause)).toMatchObject({ code: 'unavailable', cause });
  });

  it.each([
    ['ended by the server', '57014', 'canceling statement due to statement timeout'],
    [
      'left idle for too long',
      '25P03',
      'terminating connection due to idle-in-transaction timeout',
    ],
    ['without an answer', '', 'Query read timeout'],
  ])('maps a statement that timed out (%s) to `unavailable`', (_, code, message) => {
    const cause = Object.assign(new Error(message), code && { code });
    const refusal = { code: 'unavailable', message: expect.stringContaining('too long'), cause };
    expect(unavailableOr(cause)).toMatchObject(refusal);
  });

  it('leaves other errors and refusals unchanged', () => {
    const fault = Object.assign(new Error('column "x" does not exist'), { code: '42703' });
    const refusal = new DomainError('conflict', 'taken');
    expect(unavailableOr(fault)).toBe(fault);
    expect(unavailableOr(refusal)).toBe(refusal);
    expect(unavailableOr('text')).toBe('text');
  });
});
