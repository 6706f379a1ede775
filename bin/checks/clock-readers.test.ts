import { describe, expect, it } from 'vitest';
import { findClockSuites, readsClock } from './clock-readers.mjs';

describe('the suites that read the clock', () => {
  it.each([
    ['a date made of the present instant', 'const today = dayOf(new Date());', true],
    ['milliseconds of the present instant', 'const at = Date.now() + 5;', true],
    ['the clock as a value to call', 'const now = Date.now;', true],
    ['the database clock in a statement', "sql`expires_at > now() - interval '1 day'`", true],
    ['a date made of a given instant', 'const at = new Date(options.nowMs);', false],
    ['a clock that is handed in', 'const at = options.now();', false],
    ['a sentence about the clock', '/** Not Date.now(): the clock is handed in. */', false],
  ])('count %s', (_, text, expected) => {
    expect(readsClock(text)).toBe(expected);
  });

  it('are found through the modules that they import', () => {
    const found = findClockSuites([]).find(({ suite }) => suite === 'app/api/v1/my.db.test.ts');
    expect(found?.through).toContain('app/api/v1/my.ts');
  });
});
