/**
 * Text as CP932 (Windows-31J), the encoding that office programs on Japanese Windows expect of a plain CSV file.
 * Encoders differ on hundreds of characters and write "?" or a look-alike for missing ones, so every text is decoded
 * again and compared: characters that differ are reported, never written.
 */
import iconv from 'iconv-lite';

const ENCODING = 'cp932';

export type EncodedText =
  | { ok: true; bytes: Buffer }
  /** Characters that CP932 lacks, each once, in the order in which they occur. */
  | { ok: false; characters: string[] };

export function encodeCp932(text: string): EncodedText {
  const bytes = iconv.encode(text, ENCODING);
  if (iconv.decode(bytes, ENCODING) === text) return { ok: true, bytes };
  return { ok: false, characters: charactersOutsideCp932(text) };
}

/** Characters of a text that CP932 lacks, each once; empty when it can be written. */
export function charactersOutsideCp932(text: string): string[] {
  const outside = new Set<string>();
  for (const character of text) {
    if (iconv.decode(iconv.encode(character, ENCODING), ENCODING) !== character) {
      outside.add(character);
    }
  }
  return [...outside];
}
