import { expect, test } from 'vitest';
import { type Page, readPage } from './list-page.ts';

const listOf = (length: number) => (page: Page) =>
  Promise.resolve(
    Array.from({ length }, (_, at) => ({ at, total: length })).slice(
      page.offset,
      page.offset + page.limit,
    ),
  );

test.each([
  { name: 'the first page', length: 5, offset: 0, first: 0 },
  { name: 'the last page', length: 5, offset: 4, first: 4 },
  { name: 'a page beyond the end', length: 5, offset: 5, first: undefined },
  { name: 'a page of an empty list', length: 0, offset: 0, first: undefined },
  { name: 'a page beyond an empty list', length: 0, offset: 50, first: undefined },
])('$name has the length of the list', async ({ length, offset, first }) => {
  const { total, rows } = await readPage({ limit: 2, offset }, listOf(length));
  expect(total).toBe(length);
  expect(rows[0]?.at).toBe(first);
});
