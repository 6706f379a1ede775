import { expect, test } from 'vitest';
import { CLOSING_LAYOUTS, closingLayout } from './closing-file.ts';
import { closingFileName } from './closing-file-name.ts';

const FILE = {
  utilityCode: 'tokyo',
  closesOn: ['2026-10-20'],
  kind: { format: 'office-cp932' },
  issue: { runs: [12] },
} as const;

test('a file is named after utility, closing, run and layout', () => {
  expect(closingFileName(FILE)).toBe('closing-tokyo-2026-10-20-run12-excel-cp932.csv');
});

test('a file of several closings is named from the first to the last', () => {
  const closesOn = ['2026-01-05', '2026-02-05', '2026-06-05'];
  const kind = { format: 'machine' } as const;
  expect(closingFileName({ ...FILE, closesOn, kind, issue: { runs: [12, 13, 17] } })).toBe(
    'closing-tokyo-2026-01-05-to-2026-06-05-run12-to-17-machine.csv',
  );
  expect(closingFileName({ ...FILE, closesOn: [], issue: { runs: [] } })).toBe(
    'closing-tokyo-none-excel-cp932.csv',
  );
});

test('a draft says so', () => {
  expect(closingFileName({ ...FILE, issue: 'draft' })).toBe(
    'closing-tokyo-2026-10-20-draft-excel-cp932.csv',
  );
});

test('a rounding that overrides the tariffs is in the name', () => {
  expect(closingFileName({ ...FILE, rounding: 'floor-of-difference' })).toBe(
    'closing-tokyo-2026-10-20-run12-floor-of-difference-excel-cp932.csv',
  );
});

test('files that differ in utility, closing, layout or issue differ in name', () => {
  const names = ['tokyo', 'osaka'].flatMap((utilityCode) =>
    ['2026-10-20', '2026-10-25'].flatMap((day) =>
      Object.values(CLOSING_LAYOUTS).flatMap((kind) =>
        ['draft' as const, { runs: [1] }, { runs: [2] }].map((issue) =>
          closingFileName({ utilityCode, closesOn: [day], kind, issue }),
        ),
      ),
    ),
  );
  expect(new Set(names).size).toBe(2 * 2 * 5 * 3);
});

test.each(Object.entries(CLOSING_LAYOUTS))(
  '%s is the layout of its format and identifiers',
  (name, kind) => {
    expect(closingLayout(kind)).toBe(name);
  },
);
