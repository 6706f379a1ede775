import { expect, test } from 'vitest';
import { NO_COLLECTION } from '../../lib/collection/collection.ts';
import { testTexts } from '../testing-texts.ts';
import {
  collectionAnswer,
  historyChart,
  historyTable,
  isNothingExpected,
  type Texts,
} from './collection-texts.ts';

const t = testTexts<Texts>('collection');
const READER = { locale: 'ja', today: '2026-11-23' };

test.each([
  {
    name: 'one is missing',
    count: { expected: 200, onTime: 199, missing: 1 },
    tone: 'attention',
    sentence: '11月22日(日)分の収集率 99.5%(199 / 200)・未着 1 件',
  },
  {
    name: 'reports are still coming',
    count: { expected: 200, onTime: 152, missing: 3, notYetDue: 45 },
    tone: 'attention',
    sentence: '11月22日(日)分は 152 / 200 件が到着・未着 3 件・報告時刻前 45 件',
  },
  {
    name: 'everything is there',
    count: { expected: 2, onTime: 1, late: 1 },
    tone: 'done',
    sentence: '11月22日(日)分はすべて届いています(2 / 2)',
  },
  {
    name: 'nothing is expected',
    count: {},
    tone: 'calm',
    sentence: '11月22日(日)に検針の予定はありません',
  },
])('the summary of the page: $name', ({ count, tone, sentence }) => {
  const total = { ...NO_COLLECTION, ...count };
  expect(collectionAnswer({ day: '2026-11-22', total }, t, READER)).toEqual({ tone, sentence });
});

test('the summary of a day of another year names the year', () => {
  const { sentence } = collectionAnswer({ day: '2025-09-01', total: NO_COLLECTION }, t, READER);
  expect(sentence).toBe('2025年9月1日(月)に検針の予定はありません');
});

const HISTORY = {
  days: [
    {
      day: '2026-11-21',
      count: { ...NO_COLLECTION, expected: 200, onTime: 190, late: 3, missing: 7 },
    },
    { day: '2026-11-22', count: { ...NO_COLLECTION, expected: 200, onTime: 200 } },
  ],
};

test('the chart shows what was not on time, each day with its rate', () => {
  const { slots } = historyChart(HISTORY, t, 'ja');
  expect(slots[0]).toEqual({
    key: '2026-11-21',
    at: { day: '2026-11-21', hourEnding: null },
    label: '11/21',
    title: '11月21日(土)',
    values: { missing: 7, late: 3, requested: 0, notYetDue: 0 },
    note: '収集率 96.5%',
  });
});

test('the table of the chart has every count', () => {
  const { header, rows } = historyTable(HISTORY, t, { time: '日時', remark: '備考' });
  expect(header.slice(0, 4)).toEqual(['日時', '収集率 (%)', '予定', '定刻に到着']);
  expect(rows[1]?.cells.slice(0, 4)).toEqual(['2026-11-22', '100.0', '200', '200']);
});

test('days on which no report was expected are told from days on which all arrived', () => {
  expect(isNothingExpected(HISTORY)).toBe(false);
  const nothing = HISTORY.days.map(({ day }) => ({ day, count: NO_COLLECTION }));
  expect(isNothingExpected({ days: nothing })).toBe(true);
});
