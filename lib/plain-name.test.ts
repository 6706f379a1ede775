import { describe, expect, test } from 'vitest';
import { acceptName } from './plain-name.ts';

describe('a name', () => {
  test.each([
    ['港町地区', '港町地区'],
    ['  検針係 ', '検針係'],
    ['第２ブロック (北)', '第２ブロック (北)'],
    ['𠮷野', '𠮷野'],
    ['あ'.repeat(100), 'あ'.repeat(100)],
    ['𠮷'.repeat(100), '𠮷'.repeat(100)],
  ])('%j is kept', (given, kept) => {
    expect(acceptName('name', given)).toBe(kept);
  });

  test.each([
    ['nothing', ''],
    ['blanks', ' 　 '],
    ['3,000 characters', 'あ'.repeat(3_000)],
    ['a line break', '港町\n地区'],
    ['a NUL', '港\0町'],
    ['an escape', '\u001b[31m港町'],
    ['an override of direction', '港町\u202eモカ'],
    ['an isolate of direction', '港町\u2066'],
    ['half a pair', '港\ud800町'],
    ['a blank of no width', '港\u200b町'],
    ['a line separator', '港\u2028町'],
  ])('with %s is refused, and the field is named', (_, given) => {
    expect(() => acceptName('displayName', given)).toThrow(/^displayName: give /);
  });
});
