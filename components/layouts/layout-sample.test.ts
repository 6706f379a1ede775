import iconv from 'iconv-lite';
import { expect, test } from 'vitest';
import { LAYOUT_PRESETS } from '../../lib/layouts/layout-presets.ts';
import { LayoutWriter } from '../../lib/layouts/layout-writer.ts';
import { DIFFICULT_ROWS, ROW } from '../../lib/layouts/testing-rows.ts';
import { previewOf, sampleOf } from './layout-sample.ts';

test('the preview has the very lines of the file', () => {
  for (const body of Object.values(LAYOUT_PRESETS)) {
    const writer = new LayoutWriter(body);
    const bytes = Buffer.concat([writer.head(), writer.block(DIFFICULT_ROWS)]);
    const text = iconv.decode(bytes, body.encoding === 'cp932' ? 'cp932' : 'utf8');
    const end = body.lineEnd === 'crlf' ? '\r\n' : '\n';
    const { lines, faults } = previewOf(body, DIFFICULT_ROWS);
    expect([...lines, ''].join(end)).toBe(text);
    expect(faults).toEqual([]);
  }
});

test('the sample has the first rows, and one of each difficulty', () => {
  const plain = Array.from({ length: 9 }, (_, at) => ({ ...ROW, customerNumber: `${at}` }));
  const [, unread, final, changed] = DIFFICULT_ROWS;
  const rows = [...plain, unread!, final!, changed!, final!];
  expect(sampleOf(rows)).toEqual([...plain.slice(0, 3), final, unread, changed]);
  expect(sampleOf(plain.slice(0, 2))).toHaveLength(2);
});
