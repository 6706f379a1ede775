import { expect, test } from 'vitest';
import type { LayoutBody, LayoutColumn } from './layout.ts';
import { layoutFaults } from './layout-faults.ts';
import { LAYOUT_PRESETS } from './layout-presets.ts';
import { measureOf } from './layout-writer.ts';

const BODY = LAYOUT_PRESETS['import-cp932'];

function fieldsOf(change: object): string[] {
  const body = { ...BODY, ...change } as LayoutBody;
  return layoutFaults(body, measureOf(body.encoding)).map(({ field }) => field);
}

const columns = (...given: Partial<LayoutColumn>[]) => ({
  columns: given.map((column) => ({ field: 'index', header: 'x', ...column })),
});

test.each([
  ['no column', { columns: [] }, 'columns'],
  ['a column that there is not', columns({ field: 'price' as never }), 'columns.0.field'],
  ['another date', { dates: 'american' }, 'dates'],
  ['a member more', { colour: 'red' }, 'colour'],
  ['a header with a line end', columns({}, { header: 'a\nb' }), 'columns.1.header'],
  ['a header outside CP932', columns({ header: '指針(㎥)' }), 'columns.0.header'],
  ['a text outside CP932', columns({ field: 'fixedText', text: '㎥' }), 'columns.0.text'],
  ['a fixed column without width', { form: 'fixed', ...columns({}) }, 'columns.0.width'],
  [
    'a header wider than it',
    { form: 'fixed', ...columns({ width: 3, header: '指針' }) },
    'columns.0.header',
  ],
  ['a width of a separated column', columns({ width: 3 }), 'columns.0.width'],
  ['a unit of a date', columns({ field: 'closesOn', unit: 'L' }), 'columns.0.unit'],
  ['decimals of litres', columns({ unit: 'L', decimals: 1 }), 'columns.0.decimals'],
  ['digits of a date', columns({ field: 'closesOn', digits: 8 }), 'columns.0.digits'],
  ['a text of a register', columns({ text: 'x' }), 'columns.0.text'],
  ['text formulas without quotes', { protection: 'formula', quoting: 'none' }, 'quoting'],
])('a layout with %s is refused at that field', (_, change, field) => {
  expect(fieldsOf(change)).toEqual([field]);
});

test('a header that is not written need not fit', () => {
  expect(fieldsOf({ header: false, ...columns({ header: '指針(㎥)' }) })).toEqual([]);
});
