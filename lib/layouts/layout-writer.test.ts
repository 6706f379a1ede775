import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import type { ClosingRow } from '../closing/closing-row.ts';
import type { LayoutBody, LayoutColumn } from './layout.ts';
import { LAYOUT_PRESETS } from './layout-presets.ts';
import { LayoutWriter } from './layout-writer.ts';
import { DIFFICULT_ROWS, ROW } from './testing-rows.ts';

function writerOf(columns: LayoutColumn[], change: Partial<LayoutBody> = {}): LayoutWriter {
  const plain = { ...LAYOUT_PRESETS['import-cp932'], protection: 'none' as const, header: false };
  return new LayoutWriter({ ...plain, columns, ...change });
}

/** The lines of rows, decoded. */
function linesOf(
  columns: LayoutColumn[],
  change: Partial<LayoutBody> = {},
  rows: readonly ClosingRow[] = [ROW],
): string[] {
  const writer = writerOf(columns, change);
  const bytes = Buffer.concat([writer.head(), writer.block(rows)]);
  expect(writer.faults).toEqual([]);
  return iconv.decode(bytes, 'cp932').split('\r\n').slice(0, -1);
}

const one = (field: LayoutColumn['field'], more: Partial<LayoutColumn> = {}): LayoutColumn[] => [
  { field, header: 'x', ...more },
];

describe('a value', () => {
  test.each([
    ['a register in whole m³ is cut, as it is read', one('index', { decimals: 0 }), '1250'],
    ['a register with one decimal', one('index', { decimals: 1 }), '1250.5'],
    ['a register in litres', one('index', { unit: 'L' }), '1250500'],
    ['a number of digits', one('index', { decimals: 0, digits: 6 }), '001250'],
    ['a usage of a few litres', one('usage'), '45.499'],
    ['a billed usage as it was rounded', one('billedUsage'), '45'],
    ['a billed usage with the decimals of the layout', one('billedUsage', { decimals: 1 }), '45.0'],
    ['a customer number filled up', one('customerNumber', { digits: 8 }), '00000123'],
    ['a fixed text', one('fixedText', { text: 'K1' }), 'K1'],
    ['the number of the line', one('lineNumber', { digits: 4 }), '0001'],
    ['the hour of a reading at midnight', one('readClock'), '24:00'],
    ['the day of that hour', one('readDay'), '2026/11/20'],
    ['the quality in words', one('quality'), '実検針'],
  ])('%s', (_, columns, text) => {
    expect(linesOf(columns)).toEqual([text]);
  });

  test('is written with the ▲ of an office where it is negative, before its zeros', () => {
    const rows = [{ ...ROW, previousDifferenceL: -52_800 }];
    const columns = one('previousDifference', { digits: 4 });
    expect(linesOf(columns, { negative: 'triangle' }, rows)).toEqual(['▲0052.800']);
    expect(linesOf(columns, {}, rows)).toEqual(['-0052.800']);
    const less = [{ ...ROW, previousDifferenceL: -800 }];
    expect(linesOf(one('previousDifference', { decimals: 0 }), {}, less)).toEqual(['0']);
  });

  test('is a code of the layout', () => {
    const codes = { quality: 'codes', qualityCodes: { actual: '1', none: '9' } } as const;
    expect(linesOf(one('quality'), codes, DIFFICULT_ROWS.slice(0, 2))).toEqual(['1', '9']);
    const remarks = { remarks: 'codes', remarkCodes: { exchanged: 'T', started: '' } } as const;
    expect(linesOf(one('remarks'), remarks, DIFFICULT_ROWS.slice(2, 3))).toEqual(['T']);
  });

  test('without a code is a fault with row, column and value, and ends the file', () => {
    const writer = writerOf(one('quality', { header: '区分' }), {
      ...{ header: true, quality: 'codes', qualityCodes: { actual: '1' } },
    });
    writer.head();
    expect(writer.block(DIFFICULT_ROWS.slice(0, 2))).toHaveLength(0);
    expect(writer.faults).toEqual([
      {
        ...{ row: 3, column: '区分', value: '検針値なし', characters: [] },
        problem: 'the layout has no code for "none"',
      },
    ]);
    expect(writer.block([ROW])).toHaveLength(0);
  });

  test.each([
    ['more digits than the column', one('index', { decimals: 0, digits: 3 }), /more than 3 digits/],
    ['more decimals than the layout', one('billedUsage', { decimals: 0 }), /more than 0 decimals/],
  ])('with %s is a fault', (_, columns, problem) => {
    const writer = writerOf(columns);
    writer.block([{ ...ROW, usageM3: '45.4' }]);
    expect(writer.faults[0]?.problem).toMatch(problem);
  });
});

describe('a correction that is billed with the row', () => {
  const corrected = [{ ...ROW, correctionL: -1_250, remarks: ['meter-correction' as const] }];
  const faultsOf = (columns: LayoutColumn[], change: Partial<LayoutBody> = {}) => {
    const writer = writerOf(columns, change);
    writer.head();
    expect(writer.block(corrected).length > 0).toBe(writer.faults.length === 0);
    return writer.faults.map(({ row, column, problem }) => ({ row, column, problem }));
  };

  test('has a column of its own, or stands in the remarks in words', () => {
    expect(linesOf(one('correction'), {}, corrected)).toEqual(['-1.250']);
    expect(linesOf(one('correction', { unit: 'L' }), {}, corrected)).toEqual(['-1250']);
    expect(linesOf(one('remarks'), {}, corrected)).toEqual(['器差補正(-1.250m3)']);
  });

  test.each([
    ['without such a column', one('billedUsage'), {}],
    ['with remarks in the words of the API', one('remarks'), { remarks: 'keys' }],
    [
      'with remarks in codes',
      one('remarks'),
      { remarks: 'codes', remarkCodes: { 'meter-correction': 'K' } },
    ],
  ] as const)('is a fault in a layout %s', (_, columns, change) => {
    const problem = expect.stringMatching(/no column for the correction/);
    expect(faultsOf(columns, change)).toEqual([{ row: 1, column: 'correction', problem }]);
  });

  test('is never cut', () => {
    expect(faultsOf(one('correction', { decimals: 1 }))).toHaveLength(1);
    expect(faultsOf(one('correction', { decimals: 2 }))).toEqual([]);
  });
});

describe('zeros before a number', () => {
  const written = (columns: LayoutColumn[], change: Partial<LayoutBody>, numbers: string[]) => {
    const writer = writerOf(columns, change);
    for (const customerNumber of numbers) writer.block([{ ...ROW, customerNumber }]);
    return writer.faults.map(({ row, column, value, problem }) => [row, column, value, problem]);
  };
  const fault = (row: number, value: string, other: string) => [
    ...[row, 'x', value, `with its zeros it is written "0999", as "${other}" is too`],
  ];

  test.each<[string, LayoutColumn[], Partial<LayoutBody>]>([
    ['a number of digits', one('customerNumber', { digits: 4 }), {}],
    ['a fixed width', one('customerNumber', { width: 4, fill: 'zero' }), { form: 'fixed' }],
  ])('make two numbers one by %s: that is a fault with both', (_, columns, change) => {
    expect(written(columns, change, ['999', '0999'])).toEqual([fault(2, '0999', '999')]);
    expect(written(columns, change, ['0999', '1999', '999'])).toEqual([fault(3, '999', '0999')]);
    expect(written(columns, change, ['999', '999', '99', '1999', '9990'])).toEqual([]);
  });

  test('are none where the column is not filled up', () => {
    expect(written(one('customerNumber'), {}, ['999', '0999'])).toEqual([]);
    const spaces = one('customerNumber', { width: 4 });
    expect(written(spaces, { form: 'fixed' }, ['999', '0999'])).toEqual([]);
  });
});

describe('protection against spreadsheets', () => {
  const codes = { quality: 'codes', qualityCodes: { actual: '=1+1' } } as const;
  const columns = one('quality', { header: '@SUM(1)' });

  test.each([
    ['apostrophe', ["'@SUM(1)", "'=1+1"]],
    ['formula', ['"=""@SUM(1)"""', '"=""=1+1"""']],
    ['none', ['@SUM(1)', '=1+1']],
  ] as const)('%s is that of headers and codes too', (protection, lines) => {
    expect(linesOf(columns, { ...codes, header: true, protection })).toEqual(lines);
  });

  test('is that of codes of kinds, remarks, bases and the previous quality', () => {
    const row = DIFFICULT_ROWS.at(-1)!;
    const change: Partial<LayoutBody> = {
      ...{ quality: 'codes', qualityCodes: { estimated: '-1' }, kind: 'codes' },
      ...{ kindCodes: { regular: '+1' }, remarks: 'codes', protection: 'apostrophe' },
      remarkCodes: { 'volume-converted': '=V', 'meter-correction': 'K' },
      ...{ basis: 'codes', basisCodes: { decision: '＝D' } },
    };
    const all = (['previousQuality', 'kind', 'remarks', 'basis'] as const).flatMap((field) =>
      one(field),
    );
    const line = "'-1,'+1,'=V K,'＝D,-1.200";
    expect(linesOf([...all, ...one('correction')], change, [row])).toEqual([line]);
  });
});

describe('separated fields', () => {
  const columns = [...one('areaName'), ...one('closesOn')];
  const odd = [{ ...ROW, areaName: '港;"町' }];

  test.each([
    ['comma', 'needed', '"港;""町",2026/11/20'],
    ['tab', 'needed', '"港;""町"\t2026/11/20'],
    ['semicolon', 'all', '"港;""町";"2026/11/20"'],
  ] as const)('%s, quoted where %s', (form, quoting, line) => {
    expect(linesOf(columns, { form, quoting }, odd)).toEqual([line]);
  });

  test('that would need quotes are faults where nothing is quoted', () => {
    const writer = writerOf(columns, { quoting: 'none' });
    writer.block(odd);
    expect(writer.faults).toMatchObject([{ row: 1, column: 'x', value: '港;"町' }]);
  });
});

describe('fixed width', () => {
  const fixed = { form: 'fixed' } as const;

  test('is counted in bytes of the encoding: numbers stand at the right, text at the left', () => {
    const columns = [
      { field: 'areaName', header: '', width: 14 },
      { field: 'index', header: '', width: 8, decimals: 0, fill: 'zero' },
      { field: 'usage', header: '', width: 10 },
    ] satisfies LayoutColumn[];
    const writer = writerOf(columns, fixed);
    const bytes = writer.block([ROW]);
    expect(iconv.decode(bytes, 'cp932')).toBe('髙台①地区    00001250    45.499\r\n');
    expect(bytes).toHaveLength(14 + 8 + 10 + 2);
  });

  test('is filled with spaces of full width, and one of half width for a byte that is left', () => {
    const columns = one('areaName', { width: 15, fill: 'wide' });
    expect(linesOf(columns, fixed)).toEqual(['髙台①地区　　 ']);
  });

  test('keeps an unknown number empty: it is not zero', () => {
    const columns = one('index', { width: 4, decimals: 0, fill: 'zero' });
    expect(linesOf(columns, fixed, DIFFICULT_ROWS.slice(1, 2))).toEqual(['    ']);
  });

  test('never cuts: what does not fit is a fault with row, column and value', () => {
    const writer = writerOf(one('areaName', { header: '地区', width: 9 }), fixed);
    expect(writer.block([{ ...ROW, areaName: '港町' }, ROW])).toHaveLength(0);
    expect(writer.faults).toEqual([
      {
        ...{ row: 2, column: '地区', value: '髙台①地区', characters: [] },
        problem: 'it needs 10 bytes, the column has 9',
      },
    ]);
  });
});

describe('the encoding', () => {
  test('is Windows-31J without a character replaced', () => {
    const writer = writerOf(one('areaName'));
    writer.block([{ ...ROW, areaName: '𠮷' }]);
    expect(writer.faults).toMatchObject([{ value: '𠮷', characters: ['𠮷'] }]);
  });

  test('has a byte order mark only where the layout says so', () => {
    const head = (encoding: LayoutBody['encoding'], header: boolean) =>
      writerOf(one('index'), { encoding, header }).head().toString('hex');
    expect([head('utf8-bom', false), head('utf8', false)]).toEqual(['efbbbf', '']);
    expect(head('utf8-bom', true)).toBe('efbbbf780d0a');
  });
});
