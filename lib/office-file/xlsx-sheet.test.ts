import { unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { type SheetCell, XlsxSheet } from './xlsx-sheet.ts';

function sheetOf(rows: readonly (readonly SheetCell[])[]): { xml: string; bytes: Buffer } {
  const sheet = new XlsxSheet('締め', 2);
  for (const row of rows) sheet.rows([row]);
  const bytes = sheet.end();
  const xml = new TextDecoder().decode(unzipSync(bytes)['xl/worksheets/sheet1.xml']);
  return { xml, bytes };
}

const cellsOf = (xml: string): string[] => xml.match(/<c .*?<\/c>/g) ?? [];

describe('a cell', () => {
  test.each([
    ['leading zeros', '000123'],
    ['a time after the end of the day', '24:00'],
    ['a date', '2026/10/20'],
    ['a formula', '=1+1'],
    ['sixteen digits', '0055000000000001'],
  ])('with %s stays the text that it is', (_, text) => {
    const style = 's="1" t="inlineStr"';
    expect(cellsOf(sheetOf([[{ text }]]).xml)).toEqual([
      `<c r="A1" ${style}><is><t xml:space="preserve">${text}</t></is></c>`,
    ]);
  });

  test('of a usage is a number, and an unknown one is not there', () => {
    const { xml } = sheetOf([[null, { number: '45.499' }], [{ number: '-0.5' }]]);
    expect(cellsOf(xml)).toEqual(['<c r="B1"><v>45.499</v></c>', '<c r="A2"><v>-0.5</v></c>']);
  });

  test('of free text keeps markup, controls and what looks like an escape', () => {
    const [cell] = cellsOf(sheetOf([[{ text: '<a&"b">\u0001\n_x0041_ _x' }]]).xml);
    expect(cell).toContain('&lt;a&amp;&quot;b&quot;&gt;_x0001__x000A__x005F_x0041_ _x<');
  });

  test('beyond the 26th column has two letters', () => {
    const row = Array.from({ length: 28 }, () => ({ number: '1' }));
    expect(cellsOf(sheetOf([row]).xml).at(-1)).toBe('<c r="AB1"><v>1</v></c>');
  });
});

describe('a workbook', () => {
  test('has the parts of the standard, and the sheet under its name', () => {
    const parts = unzipSync(sheetOf([[{ text: 'x' }]]).bytes);
    expect(Object.keys(parts)).toEqual([
      '[Content_Types].xml',
      '_rels/.rels',
      'xl/workbook.xml',
      'xl/_rels/workbook.xml.rels',
      'xl/styles.xml',
      'xl/worksheets/sheet1.xml',
    ]);
    expect(new TextDecoder().decode(parts['xl/workbook.xml'])).toContain('<sheet name="締め"');
    expect(new TextDecoder().decode(parts['xl/styles.xml'])).toContain('numFmtId="49"');
  });

  test('of the same rows has the same bytes', () => {
    const rows = [[{ text: 'x' }], [{ number: '1' }]];
    expect(sheetOf(rows).bytes).toEqual(sheetOf(rows).bytes);
  });
});
