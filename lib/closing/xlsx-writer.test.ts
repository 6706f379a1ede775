import { unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { DIFFICULT_ROWS, ROW } from '../layouts/testing-rows.ts';
import { XLSX_MAX_ROWS } from './closing-file.ts';
import { XlsxWriter } from './xlsx-writer.ts';

function sheetOf(writer: XlsxWriter): string[][] {
  const xml = new TextDecoder().decode(unzipSync(writer.end())['xl/worksheets/sheet1.xml']);
  return [...xml.matchAll(/<row .*?<\/row>/g)].map(([row]) => row.match(/<c .*?<\/c>/g) ?? []);
}

const text = (at: string, value: string) =>
  `<c r="${at}" s="1" t="inlineStr"><is><t xml:space="preserve">${value}</t></is></c>`;
const number = (at: string, value: string) => `<c r="${at}"><v>${value}</v></c>`;

test('a workbook has numbers of meters and times as text, registers and usages as numbers', () => {
  const writer = new XlsxWriter();
  expect(writer.head()).toHaveLength(0);
  expect(writer.block([ROW])).toHaveLength(0);
  const [head, row] = sheetOf(writer);
  expect(head).toHaveLength(15);
  expect(head?.[7]).toBe(text('H1', '検針時刻'));
  expect(row).toEqual([
    ...[text('A2', '000123'), text('B2', 'S00001'), text('C2', '髙台①地区')],
    ...[text('D2', '0055000000000001'), text('E2', '00700001'), text('F2', '2026/11/20')],
    ...[text('G2', '2026/11/20'), text('H2', '24:00'), number('I2', '0')],
    ...[number('J2', '1205.001'), number('K2', '1250.500'), number('L2', '45499')],
    ...[number('M2', '45'), text('N2', '実検針')],
  ]);
});

test('what is not known is an empty cell, and text that a spreadsheet would compute stays text', () => {
  const writer = new XlsxWriter();
  writer.head();
  writer.block(DIFFICULT_ROWS);
  const rows = sheetOf(writer);
  expect(rows[2]?.map((cell) => /r="([A-Z]+)/.exec(cell)?.[1]).join('')).toBe('ABCEFJN');
  expect(rows[5]?.[0]).toBe(text('A6', '-1'));
  expect(rows[5]?.[2]).toBe(text('C6', '=1+1, &quot;港&quot;'));
});

test('one row more than are offered is refused with the advice to take CSV', () => {
  const writer = new XlsxWriter();
  const rows = Array.from({ length: XLSX_MAX_ROWS }, () => ROW);
  writer.block(rows.slice(0, 10));
  expect(() => writer.block(rows)).toThrow(/take CSV/);
});
