import { expect, test } from 'vitest';
import { pageOffset } from './page-offset.ts';

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
