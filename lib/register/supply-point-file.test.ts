import { describe, expect, test } from 'vitest';
import {
  describeRowFault,
  parseSupplyPointFile,
  SUPPLY_POINT_COLUMNS,
} from './supply-point-file.ts';

const HEADER = SUPPLY_POINT_COLUMNS.join(',');
const ROW = 'K-001,kita,20,000001,00123456,4,10000000,0,0012345678,60';

const parse = (...lines: string[]) =>
  parseSupplyPointFile(new TextEncoder().encode(lines.join('\n')));

function faultsOf(...lines: string[]): string[] {
  const file = parse(...lines);
  return file.ok ? [] : file.faults.map(describeRowFault);
}

describe('a file of supply points', () => {
  test('gives an entry for each row', () => {
    expect(parse(HEADER, ROW)).toEqual({
      ok: true,
      entries: [
        {
          ...{ row: 2, supplyPoint: 'K-001', area: 'kita', closingDay: 20, customer: '000001' },
          ...{ meterSerial: '00123456', meterSize: 4, dialL: 10_000_000, startIndexL: 0 },
          ...{ terminal: '0012345678', reportMinute: 60 },
        },
      ],
    });
  });

  test('may have an empty customer, start index, terminal and report minute', () => {
    const file = parse(HEADER, 'K-001,kita,31,,00123456,1.6,10000000,,,');
    expect(file).toMatchObject({
      ok: true,
      entries: [
        { customer: undefined, startIndexL: undefined, terminal: undefined, reportMinute: 60 },
      ],
    });
  });

  test('is accepted as spreadsheets write it: byte order mark, CRLF, quotes, text formulas, other orders', () => {
    const columns = [...SUPPLY_POINT_COLUMNS].reverse();
    const cells = ROW.split(',').reverse();
    const quoted = cells
      .map((cell) => (cell === '000001' ? '"=""000001"""' : `"${cell}"`))
      .join(',');
    const file = parseSupplyPointFile(
      new TextEncoder().encode(
        `\uFEFF${columns.join(',').toUpperCase()}\r\n${quoted}\r\n,,,,,,,,,\r\n`,
      ),
    );
    expect(file).toMatchObject({ ok: true, entries: [{ row: 2, customer: '000001' }] });
  });

  test.each([
    ['name', 'name'],
    ['customer_name', 'customer_name'],
    ['氏名', '氏名'],
    ['住所', '住所'],
    ['電話番号', '電話番号'],
    ['E-Mail', 'e-mail'],
    ['tel', 'tel'],
  ])('with a column "%s" is refused as personal data', (heading, column) => {
    expect(faultsOf(`${HEADER},${heading}`, `${ROW},x`)).toEqual([
      `row 1, column ${column}: this system holds no personal data: remove the column. A customer is a customer number`,
    ]);
  });

  test('that PowerShell wrote in UTF-16 is accepted', () => {
    const bytes = Buffer.from(`\uFEFF${HEADER}\r\n${ROW}\r\n`, 'utf16le');
    expect(parseSupplyPointFile(bytes)).toMatchObject({ ok: true });
  });

  test('with personal data is recognised in the encoding of Japanese Excel too', () => {
    // "住所" in Shift_JIS.
    const bytes = Uint8Array.from([
      ...new TextEncoder().encode(`${HEADER},`),
      0x8f,
      0x5a,
      0x8f,
      0x8a,
    ]);
    const file = parseSupplyPointFile(bytes);
    expect(file).toMatchObject({ ok: false, faults: [{ column: '住所' }] });
  });

  test.each([
    ['an empty file', [''], 'row 1: the file is empty'],
    ['a header alone', [HEADER], 'row 2: there is no place in the file'],
    ['an unknown column', [`${HEADER},colour`], 'row 1, column colour: there is no such column'],
    [
      'a heading with orders to a terminal',
      [`${HEADER},\u001b[2Jok\u202e`],
      'row 1, column \\u001b[2jok\\u202e: there is no such column',
    ],
    [
      'a heading without an end',
      [`${HEADER},${'x'.repeat(100_000)}`],
      `row 1, column ${'x'.repeat(40)}…: there is no such column`,
    ],
    [
      'a column that is missing',
      [HEADER.replace('area,', '')],
      'row 1, column area: the column is missing',
    ],
    ['a column twice', [`${HEADER},area`], 'row 1, column area: the column is there twice'],
    ['a row too short', [HEADER, 'K-001,kita'], 'row 2: 10 columns expected'],
    [
      'a closing day of 32',
      [HEADER, ROW.replace(',20,', ',32,')],
      'row 2, column closing_day: give 1 to 31',
    ],
    [
      'letters in a serial',
      [HEADER, ROW.replace('00123456', 'A123')],
      'row 2, column meter_serial',
    ],
    [
      'a size of 0',
      [HEADER, ROW.replace(',4,', ',0,')],
      'row 2, column meter_size: give a size above 0',
    ],
    ['a dial in m³', [HEADER, ROW.replace('10000000', '9999.999')], 'row 2, column dial_l'],
    [
      'a register beyond its dial',
      [HEADER, ROW.replace(',0,', ',10000000,')],
      'row 2, column start_index_l',
    ],
    ['minute 1440', [HEADER, ROW.replace(',60', ',1440')], 'row 2, column report_minute'],
    ['a place twice', [HEADER, ROW, ROW], 'row 3, column supply_point: K-001 is in row 2 already'],
  ] as const)('with %s is refused by row and column', (_, lines, message) => {
    expect(faultsOf(...lines).join('\n')).toContain(message);
  });

  test.each([';', '\t'])(
    'with columns separated by %j is refused with one message',
    (separator) => {
      expect(faultsOf(HEADER.replaceAll(',', separator), ROW)).toEqual([
        'row 1: separate the columns with commas, as "place template" does',
      ]);
    },
  );

  test('with missing columns is refused in one line', () => {
    expect(faultsOf('supply_point,area', 'K-001,kita')).toEqual([
      expect.stringMatching(/^row 1: columns are missing: closing_day, customer, /),
    ]);
  });

  test('reports all faults, in the order of the rows', () => {
    const faults = faultsOf(HEADER, ROW.replace(',20,', ',0,'), ROW, ROW.replace('K-001', 'K 1'));
    expect(faults).toEqual([
      expect.stringMatching(/^row 2, column closing_day: /),
      expect.stringMatching(/^row 4, column supply_point: /),
    ]);
  });
});
