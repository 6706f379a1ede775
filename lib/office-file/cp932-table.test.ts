import { expect, test } from 'vitest';
import { charactersOutsideCp932, encodeCp932 } from './cp932.ts';
import { cp932Size, outsideCp932 } from './cp932-table.ts';

/** Every character of the basic plane, but for surrogates and those of private use. */
const CHARACTERS = Array.from({ length: 0x10000 }, (_, code) => code)
  .filter((code) => code < 0xd800 || code > 0xf8ff)
  .map((code) => String.fromCharCode(code));

test('has the very characters that a file can be written with', () => {
  const wrong = CHARACTERS.filter((character) => {
    const isOutside = charactersOutsideCp932(character).length > 0;
    return isOutside !== outsideCp932(character).length > 0;
  });
  expect(wrong.map((character) => `U+${character.charCodeAt(0).toString(16)}`)).toEqual([]);
});

test('says how many bytes each of them has', () => {
  const wrong = CHARACTERS.filter((character) => {
    const encoded = encodeCp932(character);
    return encoded.ok && encoded.bytes.length !== cp932Size(character);
  });
  expect(wrong).toEqual([]);
});

test('names what it lacks once, in order', () => {
  expect(outsideCp932('𠮷〜港〜㎥')).toEqual(['𠮷', '〜', '㎥']);
});
