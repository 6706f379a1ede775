import { describe, expect, test } from 'vitest';
import { listUnseen } from './unseen-characters.mjs';

describe('characters that nobody sees', () => {
  test.each([
    ['a byte order mark', '\uFEFF', 'FEFF'],
    ['a zero-width space', '\u200B', '200B'],
    ['an override of direction', '\u202E', '202E'],
    ['an isolate', '\u2066', '2066'],
    ['a soft hyphen', '\u00AD', '00AD'],
    ['a blank that does not break', '\u00A0', '00A0'],
    ['a line separator', '\u2028', '2028'],
    ['a Hangul filler', '\u3164', '3164'],
    ['a tag', '\u{E0041}', 'E0041'],
    ['an escape', '\u001B', '001B'],
  ])('%s is found with line and column', (_name, character, code) => {
    expect(listUnseen(`a\nbc${character}d\n`)).toEqual([{ line: 2, column: 3, code }]);
  });

  test('do not include Japanese text, tabs, line ends and signs', () => {
    expect(listUnseen('検針値\u3000㎥ “x” …\t\r\n→ é')).toEqual([]);
  });
});
