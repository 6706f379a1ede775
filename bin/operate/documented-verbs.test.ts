import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { NOUNS } from './nouns.ts';

const operations = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');

/** Cell of a noun in the table of docs/operations.md; empty when there is none. */
function cellOf(noun: string): string {
  const row = operations.split('\n').find((line) => line.startsWith(`| \`${noun}\``));
  return row?.split('|')[2] ?? '';
}

it.each(NOUNS)('docs/operations.md has the verbs of $name', ({ name, verbs }) => {
  const cell = cellOf(name);
  expect(Object.keys(verbs).filter((verb) => !cell.includes(`\`${verb}\``))).toEqual([]);
});
