import { describe, expect, test } from 'vitest';
import { alternativesOf, listStaleNames } from './dependency-rules.mjs';

const FILES = ['db/client.ts', 'db/server-lock.ts', 'lib/a/queries.ts', 'lib/time.test.ts'];

function rule(path: string) {
  return { name: 'a-rule', from: { path: '^lib/' }, to: { path } };
}

describe('the names in the rules about imports', () => {
  test.each([
    ['^db/(client|server-[^/]*)\\.ts$', ['^db/client\\.ts$', '^db/server-[^/]*\\.ts$']],
    ['(^|/)x(?!y|z)', ['^xy', '^xz', '/xy', '/xz']],
    ['a(b(c|d))?|e', ['abc', 'abd', 'a', 'e']],
    ['\\.(test|spec)\\.tsx?$', ['\\.test\\.tsx?$', '\\.spec\\.tsx?$']],
  ])('%s has its alternatives', (pattern, alternatives) => {
    expect(alternativesOf(pattern)).toEqual(alternatives);
  });

  test('that exist are not reported', () => {
    const rules = [rule('^db/(client|server-[^/]*)\\.ts$'), rule('(^|[/-])queries\\.ts$')];
    expect(listStaleNames(rules, ['db/x-queries.ts', 'queries.ts', ...FILES])).toEqual([]);
  });

  test("that no longer exist are reported with the rule's name", () => {
    expect(listStaleNames([rule('^db/(client|packages)\\.ts$')], FILES)).toEqual([
      'a-rule: no file matches ^db/packages\\.ts$, a part of ^db/(client|packages)\\.ts$',
    ]);
  });

  test('of exceptions are checked too', () => {
    const stale = { name: 'a-rule', from: { path: '^lib/', pathNot: '^lib/gone/' }, to: {} };
    expect(listStaleNames([stale], FILES)).toHaveLength(1);
  });
});
