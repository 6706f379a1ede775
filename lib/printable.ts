/** Text from outside, a file for instance, as it may stand on a person's terminal. */

/**
 * Controls (a terminal obeys them), formats and directions (they let a text rewrite its line), separators of lines, halves
 * of a pair. Ends of lines and tabs stay: they are the messages' own.
 */
const UNPRINTABLE = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const EXCERPT_LENGTH = 40;

/** Each character that is not text stands as its escape, such as \u001b, which means the same in JSON. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => {
    const units = Array.from({ length: character.length }, (_, i) => character.charCodeAt(i));
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
  });
}

/** The beginning of a text of any length, to be quoted in a message. */
export function excerpt(text: string): string {
  const characters = [...text.slice(0, 2 * EXCERPT_LENGTH + 2)];
  const shown = printable(characters.slice(0, EXCERPT_LENGTH).join(''));
  return characters.length > EXCERPT_LENGTH ? `${shown}…` : shown;
}
