import { expect, test } from 'vitest';
import { countLines, fileNameOf } from './download-file.ts';

test('lines are counted over the ends of blocks', () => {
  const bytes = new TextEncoder().encode('a,b\r\n1,2\r\n3,');
  expect(countLines(bytes)).toBe(2);
  expect(countLines(new Uint8Array())).toBe(0);
});

test('a file has the name that the answer gives it', () => {
  expect(fileNameOf('attachment; filename="closing-2026-11-20.csv"')).toBe(
    'closing-2026-11-20.csv',
  );
  expect(fileNameOf(null)).toBe('closing.csv');
});
