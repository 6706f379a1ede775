import { describe, expect, test } from 'vitest';
import { excerpt, printable } from './printable.ts';

describe('printable text', () => {
  test.each([
    ['text of any script, with its lines', 'お客様番号\t𠮷\n12'],
    ['an escape of a terminal', '\u001b[31mred', '\\u001b[31mred'],
    [
      'a carriage return, a bell, DEL and C1',
      '\r\u0007\u007f\u009b',
      '\\u000d\\u0007\\u007f\\u009b',
    ],
    ['marks of direction', '\u202eevil\u2066', '\\u202eevil\\u2066'],
    ['separators of lines', 'a\u2028b', 'a\\u2028b'],
    ['half a pair', 'a\ud842', 'a\\ud842'],
    ['a tag beyond 16 bits', '\u{e0041}', '\\udb40\\udc41'],
  ])('%s', (_, text, shown = text) => {
    expect(printable(text)).toBe(shown);
    expect(JSON.parse(printable(JSON.stringify({ text })))).toEqual({ text });
  });
});

describe('an excerpt', () => {
  test('is the whole of a short text and the beginning of a long one', () => {
    expect(excerpt('𠮷'.repeat(40))).toBe('𠮷'.repeat(40));
    expect(excerpt('𠮷'.repeat(41))).toBe(`${'𠮷'.repeat(40)}…`);
    expect(excerpt('x'.repeat(1_000_000))).toBe(`${'x'.repeat(40)}…`);
  });

  test('has no character that is not text', () => {
    expect(excerpt('\u001b]0;title\u0007')).toBe('\\u001b]0;title\\u0007');
  });
});
