import { expect, test } from 'vitest';
import { CLOSING_LAYOUTS, type ClosingLayout } from '../closing/closing-file.ts';
import { CLOSING_QUALITIES, CLOSING_REMARKS } from '../closing/closing-row.ts';
import { ClosingWriter } from '../closing/closing-writer.ts';
import { LayoutBody } from './layout.ts';
import { layoutFaults } from './layout-faults.ts';
import { LAYOUT_PRESETS } from './layout-presets.ts';
import { LayoutWriter, measureOf } from './layout-writer.ts';
import { DIFFICULT_ROWS, ROW } from './testing-rows.ts';

// The machine layout guards no free text and no number against spreadsheets, and has no area.
const ROWS = [
  ...DIFFICULT_ROWS,
  ...CLOSING_QUALITIES.map((quality) => ({ ...ROW, quality })),
  ...CLOSING_REMARKS.map((remark) => ({ ...ROW, remarks: [remark] })),
];
const NAMES = Object.keys(LAYOUT_PRESETS) as ClosingLayout[];

test.each(NAMES)('a copy of %s writes the very bytes of the built-in layout', (name) => {
  const builtIn = new ClosingWriter(CLOSING_LAYOUTS[name]);
  const own = new LayoutWriter(LAYOUT_PRESETS[name]);
  const expected = Buffer.concat([builtIn.head(), builtIn.block(ROWS)]);
  expect(Buffer.concat([own.head(), own.block(ROWS)])).toEqual(expected);
  expect(own.faults).toEqual([]);
});

test.each(NAMES)('a copy of %s can be stored', (name) => {
  const body = LAYOUT_PRESETS[name];
  expect(LayoutBody.parse(structuredClone(body))).toEqual(body);
  expect(layoutFaults(body, measureOf(body.encoding))).toEqual([]);
});
