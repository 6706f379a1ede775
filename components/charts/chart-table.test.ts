import { expect, test } from 'vitest';
import type { BarChartModel } from './chart-model.ts';
import { gapRuns } from './chart-model.ts';
import { bandTable, barTable, stackTable, tableCsv } from './chart-table.ts';

const WORDS = { time: '日時', remark: '備考' };

const AT = { day: '2026-11-24', hourEnding: null };

const BARS: BarChartModel = {
  unit: '㎥',
  decimals: 3,
  valueName: '使用量',
  ghostName: '先月',
  slots: [
    { key: '1', at: AT, label: '1', title: '11月1日(日)', value: 0.42, ghost: 0.5 },
    { key: '2', at: AT, label: '2', title: '11月2日(月)', value: null, ghost: null, gap: '未着' },
    { key: '3', at: AT, label: '3', title: '11月3日(火)', value: 0, note: '遅れて到着' },
  ],
};

test('a gap is an empty cell with its reason, and a zero is a zero', () => {
  expect(barTable(BARS, WORDS)).toEqual({
    header: ['日時', '使用量 (㎥)', '先月 (㎥)', '備考'],
    rows: [
      { key: '1', at: AT, cells: ['11月1日(日)', '0.420', '0.500', ''] },
      { key: '2', at: AT, cells: ['11月2日(月)', '', '', '未着'] },
      { key: '3', at: AT, cells: ['11月3日(火)', '0.000', '', '遅れて到着'] },
    ],
  });
});

test('the table of a band names its three lines, that of a plain line only one', () => {
  const slots = [{ key: '1', at: AT, label: '1', title: '1時', low: 1.9, average: 2, high: 2.2 }];
  const line = { unit: 'kPa', decimals: 2, averageName: '圧力', limits: [], slots };
  expect(bandTable(line, WORDS).rows[0]?.cells).toEqual(['1時', '2.00', '']);
  const band = { ...line, bandNames: { low: '最低', high: '最高' } };
  expect(bandTable(band, WORDS)).toEqual({
    instants: true,
    header: ['日時', '最低 (kPa)', '圧力 (kPa)', '最高 (kPa)', '備考'],
    rows: [{ key: '1', at: AT, cells: ['1時', '1.90', '2.00', '2.20', ''] }],
  });
});

test('the table of a stack has a column per part', () => {
  const table = stackTable(
    {
      unit: '',
      decimals: 0,
      parts: [
        { key: 'onTime', name: '定刻', tone: 'done' },
        { key: 'missing', name: '未着', tone: 'danger' },
      ],
      slots: [
        { key: 'd', at: AT, label: '1', title: '11月1日', values: { onTime: 199, missing: 1 } },
      ],
    },
    WORDS,
  );
  expect(table.header).toEqual(['日時', '定刻', '未着', '備考']);
  expect(table.rows[0]?.cells).toEqual(['11月1日', '199', '1', '']);
});

const DATE = { date: '日付', hour: '時（終わり）', instant: '時' };

test('the CSV file opens in an office program: byte-order mark, CRLF, quoted commas', () => {
  const table = { header: ['a', 'b,c'], rows: [{ key: '1', at: AT, cells: ['say "x"', '1'] }] };
  expect(tableCsv(table, DATE)).toBe('\uFEFF日付,a,"b,c"\r\n2026/11/24,"say ""x""",1\r\n');
});

test('the CSV file of hours over New Year has a date with its year and the hour, each in a column', () => {
  const row = (day: string, hourEnding: number) => ({
    key: `${day} ${hourEnding}`,
    at: { day, hourEnding },
    cells: ['words', '0.001'],
  });
  const rows = [row('2026-12-31', 24), row('2027-01-01', 1)];
  const table = { header: ['Time', 'Usage'], rows };
  const words = { date: 'Date', hour: 'Hour ending', instant: 'Hour' };
  expect(tableCsv(table, words)).toBe(
    '\uFEFFDate,Hour ending,Time,Usage\r\n2026/12/31,24,words,0.001\r\n2027/01/01,1,words,0.001\r\n',
  );
  expect(tableCsv({ ...table, instants: true }, words)).toContain('Date,Hour,Time,Usage\r\n');
});

test('neighbouring gaps of one reason are one run', () => {
  const slots = ['未着', '未着', undefined, '未着', '交換'].map((gap, at) => ({
    key: String(at),
    at: AT,
    label: '',
    title: '',
    ...(gap === undefined ? {} : { gap }),
  }));
  expect(gapRuns(slots)).toEqual([
    { fromKey: '0', toKey: '1', reason: '未着', awaited: false },
    { fromKey: '3', toKey: '3', reason: '未着', awaited: false },
    { fromKey: '4', toKey: '4', reason: '交換', awaited: false },
  ]);
});

test('a gap that may still be filled is a run of its own', () => {
  const slots = [false, true].map((awaited, at) => ({
    key: String(at),
    at: AT,
    label: '',
    title: '',
    gap: '未着',
    ...(awaited ? { awaited } : {}),
  }));
  expect(gapRuns(slots).map(({ awaited }) => awaited)).toEqual([false, true]);
});
