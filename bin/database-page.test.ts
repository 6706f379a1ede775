import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from './demo/product-processes.ts';

const text = (name: string) => readFileSync(join(ROOT, name), 'utf8');
const matches = (page: string, pattern: RegExp) =>
  [...page.matchAll(pattern)].map(([, name]) => name).sort();

it('docs/database.md lists every table and view of the schema, and no other', () => {
  const sections = text('docs/database.md').split(/^## /m);
  const tables = sections.find((section) => section.startsWith('Tables\n')) ?? '';
  const list = tables.slice(tables.indexOf('- **'), tables.indexOf('\n\nA customer'));
  const inSchema = /^CREATE (?:TABLE|VIEW) (?:public\.)?([a-z_.]+)/gm;
  expect(matches(list, /`([a-z_.]+)`/g)).toEqual(matches(text('db/schema.sql'), inSchema));
});
