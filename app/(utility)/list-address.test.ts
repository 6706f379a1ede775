import { describe, expect, test } from 'vitest';
import { idIn, pageOffset, sortChanges, sortIn } from './list-address.ts';

const read = (query: string) => (name: string) => new URLSearchParams(query).get(name) ?? undefined;

test.each([
  [undefined, 0],
  ['1', 0],
  ['2', 50],
  ['2.9', 50],
  ['0', 0],
  ['-3', 0],
  ['x', 0],
  ['1e300', 49_999_950],
])('page %s begins at row %i', (page, offset) => {
  expect(pageOffset(page, 50)).toBe(offset);
});

describe('the order in an address', () => {
  test.each([
    ['', 'number', false],
    ['sort=area&order=desc', 'area', true],
    ['sort=nothing&order=down', 'number', false],
  ])('%j sorts by %s, descending %s', (query, sort, descending) => {
    const first = { sort: 'number', descending: false } as const;
    expect(sortIn(read(query), ['number', 'area'], first)).toEqual({ sort, descending });
  });

  test('changes to the first page, and leaves out default values', () => {
    const first = { sort: 'number', descending: false };
    expect(sortChanges({ sort: 'area', descending: true }, first)).toEqual({
      sort: 'area',
      order: 'desc',
      page: undefined,
    });
    expect(sortChanges(first, first)).toEqual({
      sort: undefined,
      order: undefined,
      page: undefined,
    });
  });

  test.each([
    ['', 'hours', true],
    ['order=asc', 'hours', false],
    ['sort=low', 'low', false],
    ['sort=low&order=desc', 'low', true],
  ])(
    'of a list that is descending by default: %j sorts by %s, descending %s, and is written back',
    (query, sort, descending) => {
      const first = { sort: 'hours', descending: true } as const;
      const order = sortIn(read(query), ['hours', 'low'], first);
      expect(order).toEqual({ sort, descending });
      const written = Object.entries(sortChanges(order, first)).filter(([, value]) => value);
      expect(new URLSearchParams(written as [string, string][]).toString()).toBe(query);
    },
  );
});

test.each([
  ['area=7', 7],
  ['area=07', undefined],
  ['area=x', undefined],
  ['area=9999999999', undefined],
  ['', undefined],
])('%j names the area %s', (query, id) => {
  expect(idIn(read(query), 'area')).toBe(id);
});
