/**
 * Text as CP932 (Windows-31J), the encoding that office programs on Japanese Windows expect of a plain CSV file.
 * Encoders differ on hundreds of characters and put "?" or a look-alike for what they lack, so every text is decoded
 * again and compared: what does not come back as it was is named, never written.
 */
import iconv from 'iconv-lite';

const ENCODING = 'cp932';

export type EncodedText =
  | { ok: true; bytes: Buffer }
  /** The characters that CP932 does not have, each once, in the order in which they occur. */
  | { ok: false; characters: string[] };

export function encodeCp932(text: string): EncodedText {
  const bytes = iconv.encode(text, ENCODING);
  if (iconv.decode(bytes, ENCODING) === text) return { ok: true, bytes };
  return { ok: false, characters: charactersOutsideCp932(text) };
}

/** The characters of a text that CP932 does not have, each once; none where it can be written. */
export function charactersOutsideCp932(text: string): string[] {
  const outside = new Set<string>();
  for (const character of text) {
    if (iconv.decode(iconv.encode(character, ENCODING), ENCODING) !== character) {
      outside.add(character);
    }
  }
  return [...outside];
}
