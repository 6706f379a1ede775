import { describe, expect, it } from 'vitest';
import { listStaleReferences } from './document-paths.mjs';

const FILES: Readonly<Record<string, string>> = {
  'lib/time.ts': 'export function dayOf() {}\nclass A { #tick() {} }',
  'docs/usage.md': '',
};
const checkout = {
  exists: (path: string) => path in FILES,
  read: (path: string) => FILES[path] ?? '',
};
const staleIn = (text: string) => listStaleReferences('docs/web.md', text, checkout);

describe('a document', () => {
  it.each([
    ['a path that exists', 'see `lib/time.ts` and [usage](usage.md#units)'],
    ['names that the file has', '`lib/time.ts` (`dayOf`, `#tick`)'],
    ['text in parentheses that is no name', '`lib/time.ts` (`YYYY-MM-DD`)'],
    ['a path in a block of code', '```\n`lib/none.ts`\n```'],
    ['a pattern', '`lib/<idea>.ts`'],
  ])('may contain %s', (_, text) => {
    expect(staleIn(text)).toEqual([]);
  });

  it.each([
    ['a path', 'one\nsee `lib/none.ts`', 'docs/web.md:2 names lib/none.ts, which does not exist'],
    ['a link', '[x](none.md)', 'docs/web.md:1 names docs/none.md, which does not exist'],
    [
      'a name of the file',
      'the way: `lib/time.ts`\n(`dayOf`,\n`day`)',
      'docs/web.md:1 names day, which lib/time.ts does not have',
    ],
  ])('is reported for %s that is not there', (_, text, fault) => {
    expect(staleIn(text)).toEqual([fault]);
  });
});
