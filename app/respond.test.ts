import { describe, expect, it } from 'vitest';
import { DomainError, type ErrorCode, invalidField, type Refusal } from '../lib/errors.ts';
import { logOf, problemOf, respondProblem } from './respond.ts';

function recorder() {
  const lines: { level: string; fields: Record<string, unknown> }[] = [];
  return {
    lines,
    error: (fields: Record<string, unknown>) => lines.push({ level: 'error', fields }),
    info: (fields: Record<string, unknown>) => lines.push({ level: 'info', fields }),
  };
}

/** A refusal of each code with the details it requires. */
function refusalOf(code: ErrorCode): DomainError {
  if (code === 'busy') return new DomainError(code, 'because', { scope: 'all', retryAfterS: 2 });
  if (code === 'locked') return new DomainError(code, 'because', { until: UNTIL, retryAfterS: 60 });
  return new DomainError(code, 'because');
}

const UNTIL = '2026-11-23T14:35:00+09:00';

describe('problemOf', () => {
  it.each<[ErrorCode, number]>([
    ['unauthenticated', 401],
    ['forbidden', 403],
    ['not_found', 404],
    ['invalid_input', 400],
    ['conflict', 409],
    ['locked', 423],
    ['busy', 503],
    ['too_large', 413],
    ['unavailable', 503],
  ])('answers %s with %i', (code, status) => {
    const problem = problemOf(refusalOf(code), recorder());
    expect(problem).toMatchObject({
      status,
      code,
      detail: 'because',
      type: `urn:kenshin:problem:${code}`,
    });
  });

  it('reveals nothing of an internal error but the reference, which is also logged', () => {
    const log = recorder();
    const fault = new Error('password of the database is hunter2');
    const problem = problemOf(fault, log);
    expect(problem).toMatchObject({ status: 500, code: 'internal' });
    expect(JSON.stringify(problem)).not.toContain('hunter2');
    expect(log.lines).toEqual([
      { level: 'error', fields: { err: fault, reference: problem.reference } },
    ]);
  });

  it('logs a database that is away as an error and a refusal as a note', () => {
    const log = recorder();
    problemOf(new DomainError('unavailable', 'away'), log);
    problemOf(new DomainError('forbidden', 'no'), log);
    expect(log.lines.map(({ level }) => level)).toEqual(['error', 'info']);
  });

  it.each<[Refusal, Record<string, unknown>]>([
    [
      new DomainError('invalid_input', 'x', { faults: [{ field: 'month', message: 'no' }] }),
      { faults: [{ field: 'month', message: 'no' }] },
    ],
    [invalidField('to', 'not over'), { faults: [{ field: 'to', message: 'not over' }] }],
    [
      new DomainError('conflict', 'x', {
        faults: [
          { row: 3, column: 'closing_day', message: 'a' },
          { row: 4, message: 'b' },
        ],
      }),
      {
        faults: [
          { field: '3.closing_day', message: 'a' },
          { field: '4', message: 'b' },
        ],
      },
    ],
    [new DomainError('conflict', 'x', { constraint: 'area_key' }), {}],
    [new DomainError('forbidden', 'x', { capability: 'meter.read' }), { capability: 'meter.read' }],
    [new DomainError('forbidden', 'x'), {}],
    [
      new DomainError('locked', 'x', { until: UNTIL, retryAfterS: 60 }),
      { until: UNTIL, retryAfterS: 60 },
    ],
    [new DomainError('busy', 'x', { scope: 'own', retryAfterS: 3 }), { retryAfterS: 3 }],
    [new DomainError('unavailable', 'x', { cause: 'ENOENT', retryAfterS: 7 }), { retryAfterS: 7 }],
    [new DomainError('unavailable', 'x'), { retryAfterS: 5 }],
    [new DomainError('not_found', 'x', { meterId: 7 }), {}],
    [new DomainError('unauthenticated', 'x'), {}],
    [new DomainError('too_large', 'x'), {}],
  ])('includes the details of %o that the client needs, and no others', (refusal, included) => {
    const problem = problemOf(refusal, recorder());
    const { type, title, status, code, detail, reference, ...members } = problem;
    expect({ type, title, status, code, detail, reference }).not.toContain(undefined);
    expect(members).toEqual(included);
  });
});

describe('respondProblem', () => {
  it('answers as problem+json with no-store', async () => {
    const problem = problemOf(new DomainError('conflict', 'taken'), recorder());
    const response = respondProblem(problem);
    expect(response.status).toBe(409);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual(problem);
  });
});

describe('a caller without credentials', () => {
  it('gets the scheme that the API accepts', () => {
    const refusal = new DomainError('unauthenticated', 'sign in first');
    const response = respondProblem(problemOf(refusal, recorder()));
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    const other = respondProblem(problemOf(new DomainError('forbidden', 'no'), recorder()));
    expect(other.headers.has('www-authenticate')).toBe(false);
  });
});

describe('a refusal because all turns are taken', () => {
  it.each([
    ['own', 429],
    ['all', 503],
  ] as const)('of scope %s is %i and has a retry time', async (scope, status) => {
    const log = recorder();
    const refusal = new DomainError('busy', 'later', { scope, retryAfterS: 3 });
    const response = respondProblem(problemOf(refusal, log));
    expect(response.status).toBe(status);
    expect(response.headers.get('retry-after')).toBe('3');
    expect(await response.json()).toMatchObject({ code: 'busy', retryAfterS: 3 });
    expect(log.lines.map(({ level }) => level)).toEqual(['info']);
  });

  it('has a retry time also while the database is unreachable', () => {
    const response = respondProblem(problemOf(new DomainError('unavailable', 'away'), recorder()));
    expect(response.headers.get('retry-after')).toBe('5');
  });
});

describe('a reference', () => {
  it('can be read out without mistaking a letter for a digit', () => {
    for (let round = 0; round < 100; round += 1) {
      const { reference } = problemOf(new DomainError('conflict', 'taken'), recorder());
      expect(reference).toMatch(/^[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}$/);
    }
  });
});

describe('the log of refusals', () => {
  it('contains no key that a client wrote into an address, whole or in part', () => {
    const log = recorder();
    const key = `kenshin_${'aB3_-'.repeat(8)}xyz`;
    const where = { path: `/api/v1/${'x'.repeat(170)}${key}` };
    logOf(log, where).info({ detail: `there is no GET /api/v1/${key}` }, 'a request was refused');
    expect(log.lines[0]?.fields.detail).toBe('there is no GET /api/v1/kenshin_…');
    expect(log.lines[0]?.fields.path).not.toContain('aB3');
  });
});
