import { expect, test } from 'vitest';
import { alignedLines, padded, widthOf } from './text-columns.ts';

test('columns are aligned, a Japanese character taking two', () => {
  const rows = [
    ['お客様番号', 'code', ''],
    ['001', 'AB', 'あ'],
  ];
  expect(alignedLines(rows, 2)).toEqual(['お客様番号  code', '001         AB    あ']);
});

test('a text wider than its column is left unchanged', () => {
  expect(padded('検針', 3)).toBe('検針');
  expect(padded('ab', 3)).toBe('ab ');
  expect(widthOf('検針a')).toBe(5);
});
