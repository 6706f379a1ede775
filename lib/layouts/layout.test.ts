import { expect, test } from 'vitest';
import { type LayoutBody, mayLackRoom } from './layout.ts';
import { LAYOUT_PRESETS } from './layout-presets.ts';

const BODY = LAYOUT_PRESETS['import-utf8'];
const REMARKS = { field: 'remarks', header: '' } as const;

test.each(Object.keys(LAYOUT_PRESETS) as (keyof typeof LAYOUT_PRESETS)[])(
  'rows of a copy of %s need not be looked through before it is written',
  (name) => {
    expect(mayLackRoom(LAYOUT_PRESETS[name])).toBe(false);
  },
);

test.each<[string, Partial<LayoutBody>]>([
  ['of fixed width', { form: 'fixed' }],
  ['without quotes', { quoting: 'none' }],
  ['with codes of the basis', { basis: 'codes' }],
  ['with digits', { columns: [REMARKS, { field: 'index', header: '', digits: 9 }] }],
  [
    'with billed usage in whole m³',
    { columns: [REMARKS, { field: 'billedUsage', header: '', decimals: 0 }] },
  ],
  ['with corrections in whole m³', { columns: [{ field: 'correction', header: '', decimals: 0 }] }],
  ['without the correction of a row', { columns: [{ field: 'index', header: '' }] }],
  ['with remarks that have no figure', { remarks: 'keys' }],
])('rows of a layout %s are looked through before it is written', (_, change) => {
  expect(mayLackRoom({ ...BODY, ...change })).toBe(true);
});
