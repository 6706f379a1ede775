/** External text, such as a file's, made safe for a terminal. */

/**
 * Control characters (a terminal obeys them), format and direction characters (they can rearrange a line), line
 * separators, lone surrogates. Line ends and tabs stay: they belong to the messages.
 */
const UNPRINTABLE = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const EXCERPT_LENGTH = 40;

/** Text with each such character as an escape, such as \u001b, which means the same in JSON. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => {
    const units = Array.from({ length: character.length }, (_, i) => character.charCodeAt(i));
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
  });
}

/** Beginning of a text of any length, for quoting in a message. */
export function excerpt(text: string): string {
  const characters = [...text.slice(0, 2 * EXCERPT_LENGTH + 2)];
  const shown = printable(characters.slice(0, EXCERPT_LENGTH).join(''));
  return characters.length > EXCERPT_LENGTH ? `${shown}…` : shown;
}
