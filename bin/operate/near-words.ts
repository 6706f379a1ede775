import { elementAt } from '../../lib/certain.ts';

/** Share of a word's letters that may be wrong. */
const NEAR_SHARE = 0.34;

/** Known words that a mistyped one may mean, the nearest first. */
export function nearWords(typed: string, known: readonly string[]): string[] {
  return known
    .map((word) => ({ word, distance: distanceOf(typed.toLowerCase(), word) }))
    .filter(
      ({ word, distance }) =>
        word.includes(typed.toLowerCase()) || distance <= Math.ceil(word.length * NEAR_SHARE),
    )
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ word }) => word);
}

/** Levenshtein distance: letters to insert, remove or replace. */
function distanceOf(a: string, b: string): number {
  const letters = [...b];
  let above = Array.from({ length: letters.length + 1 }, (_, i) => i);
  for (const [i, letter] of [...a].entries()) {
    const row = [i + 1];
    for (const [k, other] of letters.entries()) {
      const changed = elementAt(above, k) + (letter === other ? 0 : 1);
      row.push(Math.min(elementAt(above, k + 1) + 1, elementAt(row, k) + 1, changed));
    }
    above = row;
  }
  return elementAt(above, -1);
}
