import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { charactersOutsideCp932, encodeCp932 } from './cp932.ts';

describe('text as CP932', () => {
  test("keeps the characters that only Windows' table has, with Windows' bytes", () => {
    const encoded = encodeCp932('髙﨑①㈱～－ⅰ');
    expect(encoded.ok && encoded.bytes.toString('hex')).toBe('fbfcfab18740878a8160817cfa40');
  });

  test.each([
    ['U+00A5 would become a backslash', '¥'],
    ['U+203E would become a tilde', '‾'],
    ['U+301C is not the wave dash of Windows', '〜'],
    ['U+2212 is not the minus of Windows', '−'],
    ['U+2014 is not the dash of Windows', '—'],
    ['㎥ is not in the table', '㎥'],
    ['beyond the basic plane', '𠮷'],
    ['an emoji', '🔥'],
  ])('reports what it would change: %s', (_, character) => {
    expect(encodeCp932(`港${character}町`)).toEqual({ ok: false, characters: [character] });
  });

  test('names each character once, in order', () => {
    expect(charactersOutsideCp932('𠮷〜港〜𠮷')).toEqual(['𠮷', '〜']);
    expect(charactersOutsideCp932('港町')).toEqual([]);
  });

  test('reads back as it was written, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const encoded = encodeCp932(text);
        if (encoded.ok) expect(iconv.decode(encoded.bytes, 'cp932')).toBe(text);
        else expect(encoded.characters.length).toBeGreaterThan(0);
      }),
    );
  });
});
