import { expect, test } from 'vitest';
import { CLOSING_LAYOUTS, closingLayout } from './closing-file.ts';
import { closingFileName } from './closing-file-name.ts';

const FILE = {
  utilityCode: 'tokyo',
  closesOn: ['2026-10-20'],
  kind: { format: 'office-cp932' },
} as const;

test('a file is named after utility, closing and layout', () => {
  expect(closingFileName(FILE)).toBe('closing-tokyo-2026-10-20-excel-cp932.csv');
});

test('a file of several closings is named from the first to the last', () => {
  const closesOn = ['2026-01-05', '2026-02-05', '2026-06-05'];
  expect(closingFileName({ ...FILE, closesOn, kind: { format: 'machine' } })).toBe(
    'closing-tokyo-2026-01-05-to-2026-06-05-machine.csv',
  );
  expect(closingFileName({ ...FILE, closesOn: [] })).toBe('closing-tokyo-none-excel-cp932.csv');
});

test('a draft and the file of a stored run say so', () => {
  expect(closingFileName({ ...FILE, issue: 'draft' })).toBe(
    'closing-tokyo-2026-10-20-draft-excel-cp932.csv',
  );
  expect(closingFileName({ ...FILE, issue: { run: 12 } })).toBe(
    'closing-tokyo-2026-10-20-run12-excel-cp932.csv',
  );
});

test('a rounding that overrides the tariffs is in the name', () => {
  expect(closingFileName({ ...FILE, rounding: 'floor-of-difference' })).toBe(
    'closing-tokyo-2026-10-20-floor-of-difference-excel-cp932.csv',
  );
});

test('files that differ in utility, closing, layout or issue differ in name', () => {
  const names = ['tokyo', 'osaka'].flatMap((utilityCode) =>
    ['2026-10-20', '2026-10-25'].flatMap((day) =>
      Object.values(CLOSING_LAYOUTS).flatMap((kind) =>
        [undefined, 'draft' as const, { run: 1 }, { run: 2 }].map((issue) =>
          closingFileName({ utilityCode, closesOn: [day], kind, issue }),
        ),
      ),
    ),
  );
  expect(new Set(names).size).toBe(2 * 2 * 5 * 4);
});

test.each(Object.entries(CLOSING_LAYOUTS))(
  '%s is the layout of its format and identifiers',
  (name, kind) => {
    expect(closingLayout(kind)).toBe(name);
  },
);
