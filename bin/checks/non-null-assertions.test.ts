import { describe, expect, it } from 'vitest';
import { assertionsIn, findAssertions } from './non-null-assertions.mjs';

describe('a non-null assertion', () => {
  it.each([
    ['of an element', 'const a = list[0]!;'],
    ['of a call', 'use(map.get(key)!);'],
    ['within a chain', 'const a = b!.c;'],
    ['of what is assigned', 'list[0]! += 1;'],
  ])('is found: %s', (_, text) => {
    expect(assertionsIn(`// 検針\n${text}\n`, 'x.ts')).toEqual([2]);
  });

  it.each([
    ['a negation', 'const a = !b;'],
    ['an inequality', 'const a = b !== c;'],
    ['a field set later', 'class A { b!: string }'],
    ['a sentence', '// no a!.b here'],
  ])('is not %s', (_, text) => {
    expect(assertionsIn(text, 'x.ts')).toEqual([]);
  });
});

describe('the assertions of the sources', () => {
  const sources = [
    ['lib/hot.ts', 'const a = list[0]!;\nconst b = list[1]!;'],
    ['lib/other.ts', 'const a = 1;'],
    ['lib/other.test.ts', 'const a = list[0]!;'],
  ];

  it('are no more than the file may have', () => {
    expect(findAssertions(sources, { 'lib/hot.ts': [2, 'for each frame'] })).toEqual([]);
    expect(findAssertions(sources, { 'lib/hot.ts': [1, 'for each frame'] })).toEqual([
      'lib/hot.ts: 2 non-null assertions (lines 1, 2), 1 allowed',
    ]);
    expect(findAssertions(sources, {})).toEqual([
      'lib/hot.ts: 2 non-null assertions (lines 1, 2), 0 allowed',
    ]);
  });

  it('are not allowed in greater number than there are', () => {
    const allowed = { 'lib/hot.ts': [2, 'for each frame'], 'lib/other.ts': [1, 'for each frame'] };
    expect(findAssertions(sources, allowed)).toEqual([
      'lib/other.ts: 0 non-null assertions, fewer than the 1 allowed: lower the number',
    ]);
  });
});
