import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import en from '../../messages/en/refusals.json' with { type: 'json' };
import ja from '../../messages/ja/refusals.json' with { type: 'json' };
import { REFUSAL_REASONS } from './refusals.ts';

/** Reasons that only frames of earlier versions have. */
const FORMER = ['index_beyond_dial'];

test('the reasons are those of the protocol, and each has its words', () => {
  const text = readFileSync(new URL('../../docs/terminal-protocol.md', import.meta.url), 'utf8');
  const clause = text.slice(text.indexOf('**[TERM-11]**'), text.indexOf('## 12.'));
  const rows = clause.split('\n').filter((line) => line.startsWith('| `'));
  const written = rows.flatMap((row) =>
    Array.from(row.split('|')[1]?.matchAll(/`(\w+)`/g) ?? [], ([, reason]) => reason),
  );
  const known = [...REFUSAL_REASONS].toSorted();
  expect(known).toEqual([...written, ...FORMER].toSorted());
  expect(Object.keys(ja.reasons).toSorted()).toEqual(known);
  expect(Object.keys(en.reasons).toSorted()).toEqual(known);
});
