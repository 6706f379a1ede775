import { describe, expect, it } from 'vitest';
import { clockReadings, findClockSuites } from './clock-readers.mjs';

describe('a reading of the clock', () => {
  it.each([
    ['a date made of the present instant', 'const today = dayOf(new Date());'],
    ['the same without brackets', 'const at = new Date;'],
    ['the present instant as text', 'const at = Date();'],
    ['milliseconds of the present instant', 'const at = Date.now() + 5;'],
    ['the clock as a value to call', 'const now = Date.now;'],
    ['the database clock in a statement', "sql`expires_at > now() - interval '1 day'`"],
    ['the same in a plain text', "query('select * from t where at < clock_timestamp()')"],
    ['the database’s day', "query('select current_date')"],
  ])('is %s', (_, text) => {
    expect(clockReadings(text)).toEqual([1]);
  });

  it.each([
    ['a date made of a given instant', 'const at = new Date(options.nowMs);'],
    ['a clock that is handed in', 'const at = options.now(); const also = now();'],
    ['a clock that is asked for as a parameter', 'interface Options { now(): Date }'],
    ['a time that has passed', 'const startedMs = performance.now();'],
    ['a sentence about the clock', '/** Not Date.now(): the clock is handed in. */'],
  ])('is not %s', (_, text) => {
    expect(clockReadings(text)).toEqual([]);
  });

  it('is reported with its line', () => {
    expect(clockReadings('// 検針\n\nexport const a = 1;\nexport const b = new Date();\n')).toEqual(
      [4],
    );
  });
});

describe('the suites that read the clock', () => {
  const sources = new Map([
    ['app/edge.ts', 'export const instant = () => new Date();'],
    [
      'app/context.ts',
      "export { instant } from './edge.ts';\nexport interface Context { now: Date }",
    ],
    ['app/direct.test.ts', 'const now = Date.now();'],
    ['app/far.db.test.ts', "import { instant } from './context.ts';"],
    ['app/later.spec.ts', "const context = await import('./context.ts');"],
    ['app/types.test.ts', "import type { Context } from './context.ts';"],
    ['app/none.test.ts', "import { it } from 'vitest';"],
  ]);

  it('read it directly or through run-time imports, not through types', () => {
    expect(findClockSuites([], sources)).toEqual([
      { suite: 'app/direct.test.ts', through: ['app/direct.test.ts'] },
      { suite: 'app/far.db.test.ts', through: ['app/edge.ts'] },
      { suite: 'app/later.spec.ts', through: ['app/edge.ts'] },
    ]);
  });

  it('do not include those for which it decides nothing', () => {
    const found = findClockSuites(['app/edge.ts'], sources);
    expect(found.map(({ suite }) => suite)).toEqual(['app/direct.test.ts']);
  });
});
