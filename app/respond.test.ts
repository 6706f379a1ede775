import { describe, expect, it } from 'vitest';
import { DomainError, type ErrorCode } from '../lib/errors.ts';
import { problemOf, respondProblem } from './respond.ts';

function recorder() {
  const lines: { level: string; fields: Record<string, unknown> }[] = [];
  return {
    lines,
    error: (fields: Record<string, unknown>) => lines.push({ level: 'error', fields }),
    info: (fields: Record<string, unknown>) => lines.push({ level: 'info', fields }),
  };
}

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
    const problem = problemOf(new DomainError(code, 'because'), recorder());
    expect(problem).toMatchObject({
      status,
      code,
      detail: 'because',
      type: `urn:kenshin:problem:${code}`,
    });
  });

  it('says nothing of a fault of ours but the reference that the log has too', () => {
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

  it('names the fields of invalid input and the end of a lock, and no other detail', () => {
    const faults = [{ field: 'query.month', message: 'not a month' }];
    const invalid = problemOf(new DomainError('invalid_input', 'x', { faults }), recorder());
    expect(invalid.faults).toEqual(faults);
    const until = '2026-11-23T14:35:00+09:00';
    const locked = problemOf(new DomainError('locked', 'x', { until, inner: 1 }), recorder());
    expect(locked.until).toBe(until);
    expect(locked).not.toHaveProperty('inner');
  });
});

describe('respondProblem', () => {
  it('answers as problem+json that nobody keeps', async () => {
    const problem = problemOf(new DomainError('conflict', 'taken'), recorder());
    const response = respondProblem(problem);
    expect(response.status).toBe(409);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual(problem);
  });
});

describe('a refusal for want of turns', () => {
  it.each([
    ['own', 429],
    ['all', 503],
  ])('of scope %s is %i and says when to come back', async (scope, status) => {
    const log = recorder();
    const refusal = new DomainError('busy', 'later', { scope, retryAfterS: 3 });
    const response = respondProblem(problemOf(refusal, log));
    expect(response.status).toBe(status);
    expect(response.headers.get('retry-after')).toBe('3');
    expect(await response.json()).toMatchObject({ code: 'busy', retryAfterS: 3 });
    expect(log.lines.map(({ level }) => level)).toEqual(['info']);
  });

  it('has a time too while the database is away', () => {
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
