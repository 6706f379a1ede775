import { expect, test } from 'vitest';
import type { DataColumn } from './data-column.ts';
import { tableCsv } from './table-csv.ts';

interface Row {
  number: string;
  note: string;
  figure: string;
}

const COLUMNS: DataColumn<Row>[] = [
  { id: 'n', name: '番号', kind: 'identifier', text: ({ number }) => number, phone: 'title' },
  { id: 't', name: '備考', text: ({ note }) => note, phone: 'line' },
  {
    id: 'f',
    name: '電波',
    unit: 'dBm',
    kind: 'figure',
    text: ({ figure }) => figure,
    phone: 'fact',
  },
];

test("a data table's file has a head with units, and each field in the form of its kind", () => {
  const rows = [
    { number: '001', note: '港, "町"', figure: '-72' },
    { number: '', note: '=1+1', figure: '' },
  ];
  expect(tableCsv(COLUMNS, rows)).toBe(
    '\uFEFF番号,備考,電波 (dBm)\r\n"=""001""","港, ""町""",-72\r\n,"=""=1+1""",\r\n',
  );
});
