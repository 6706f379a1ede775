/**
 * CP932 without an encoder, for pages: the characters that its two-byte codes have, taken from the platform's decoder.
 * Built at the first use. A test compares it with the encoder of files.
 */

let table: ReadonlySet<string> | undefined;

/** Lead bytes of two-byte codes. */
const LEADS = [
  [0x81, 0x9f],
  [0xe0, 0xfc],
] as const;
/** Characters that platforms decode and the encoder of files does not write. */
const PRIVATE = /\p{Co}/u;
const REPLACED = '\uFFFD';

function twoByteCharacters(): ReadonlySet<string> {
  table ??= new Set(
    LEADS.flatMap(([first, last]) => rangeOf(first, last)).flatMap(charactersAfter),
  );
  return table;
}

/** Characters of the codes with a lead byte. */
function charactersAfter(lead: number): string[] {
  const decoder = new TextDecoder('shift_jis');
  return rangeOf(0x40, 0xfc)
    .map((trail) => decoder.decode(Uint8Array.of(lead, trail)))
    .filter((text) => [...text].length === 1 && text !== REPLACED && !PRIVATE.test(text));
}

function rangeOf(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

/** ASCII with U+0080, which CP932 has as one byte, and katakana of half width. */
const ONE_BYTE = /^[\0-\x80\uFF61-\uFF9F]$/;

/** Bytes of a text in CP932, of which each character is written. */
export function cp932Size(text: string): number {
  let size = 0;
  for (const character of text) size += ONE_BYTE.test(character) ? 1 : 2;
  return size;
}

/** Characters that CP932 lacks, each once, in order. */
export function outsideCp932(text: string): string[] {
  const outside = [...text].filter(
    (character) => !ONE_BYTE.test(character) && !twoByteCharacters().has(character),
  );
  return [...new Set(outside)];
}
