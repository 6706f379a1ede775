import { describe, expect, test } from 'vitest';
import { testTexts } from '../testing-texts.ts';
import type { Texts } from './meter-charts.ts';
import { exchangeLines, exchangeSentences, successorsOf } from './meter-exchanges.ts';

const READER = { t: testTexts<Texts>('meter'), locale: 'ja' };

function fitting(meterId: number, fittedAt: string, removedAt: string | null) {
  return {
    meterId,
    meterSerial: `100${meterId}`,
    fittedAt: `${fittedAt}+09:00`,
    removedAt: removedAt === null ? null : `${removedAt}+09:00`,
    startIndexL: 0,
    finalIndexL: null,
  };
}

/** Three meters, latest first: an exchange at 14:30, and a removal after which nothing was fitted for two days. */
const METER = {
  meterId: 1,
  fittings: [
    fitting(3, '2026-09-03T10:00:00', null),
    fitting(2, '2026-08-15T14:30:00', '2026-09-01T09:00:00'),
    fitting(1, '2020-01-01T00:00:00', '2026-08-15T14:30:00'),
  ],
};

describe('the lines of exchanges', () => {
  test('stand in the day of a chart by the day, with both serials', () => {
    const period = { from: '2026-08-01', to: '2026-09-30', step: 'day' as const };
    expect(exchangeLines(METER, period, READER)).toEqual([
      { key: '2026-08-15', name: '1001 → 1002' },
      { key: '2026-09-01', name: '1002 取外' },
      { key: '2026-09-03', name: '1003 取付' },
    ]);
  });

  test('stand in the hour that contains them, and only within the period', () => {
    const period = { from: '2026-08-14', to: '2026-08-15', step: 'hour' as const };
    expect(exchangeLines(METER, period, READER)).toEqual([
      { key: '2026-08-15 15', name: '1001 → 1002' },
    ]);
    expect(exchangeLines(METER, { ...period, to: '2026-08-14' }, READER)).toEqual([]);
  });

  test('are told in sentences with their instant', () => {
    const period = { from: '2026-08-14', to: '2026-08-15', step: 'hour' as const };
    expect(exchangeSentences(METER, period, READER)).toEqual([
      '2026年8月15日(土) 14:30 メーター取替 1001 → 1002',
    ]);
  });
});

test('the successors of a removed meter are those fitted after its latest stay, in order', () => {
  const { removedAt, later } = successorsOf(METER);
  expect(removedAt).toBe('2026-08-15T14:30:00+09:00');
  expect(later.map(({ meterSerial }) => meterSerial)).toEqual(['1002', '1003']);
  expect(successorsOf({ ...METER, meterId: 3 })).toEqual({ removedAt: null, later: [] });
});
