import { expect, test } from 'vitest';
import type { AreaPressureWire } from '../../lib/pressure/pressure-wire.ts';
import { testTexts } from '../testing-texts.ts';
import { pressureAnswer, pressureChart, type Texts } from './pressure-texts.ts';

const t = testTexts<Texts>('pressure');
const READER = { t, locale: 'ja' };

const PRESSURE: AreaPressureWire = {
  area: {
    areaId: 1,
    parentAreaId: null,
    code: 'minato',
    name: '港町地区',
    gasKind: 'city',
    limits: { lowPa: 1000, highPa: 2500 },
  },
  period: { from: '2026-11-21', to: '2026-11-22', step: 'day' },
  coverage: { meters: 120, fittedMeters: 120, meterDays: 240, fittedMeterDays: 240 },
  points: [
    {
      day: '2026-11-22',
      hourEnding: null,
      lowPa: 1742,
      averagePa: 2043,
      highPa: 2304,
      values: 2880,
      below: 0,
      above: 0,
    },
  ],
  summary: {
    lowPa: 1742,
    averagePa: 2043,
    highPa: 2304,
    values: 2880,
    below: 0,
    above: 0,
    faults: 0,
  },
};

test('the summary within the limits is the range', () => {
  expect(pressureAnswer(PRESSURE, '11月21日〜22日', READER)).toEqual({
    tone: 'done',
    sentence: '港町地区 11月21日〜22日の圧力は 1.74〜2.30 kPa、限度(1.00〜2.50 kPa)の内側です',
    detail: ['平均 2.04 kPa・圧力が届いたメーター 120 / 120 台・2,880 時間値'],
  });
});

test('the summary of incomplete data within the limits is no all-clear, and names the number of meters', () => {
  const coverage = { meters: 27, fittedMeters: 80, meterDays: 27, fittedMeterDays: 80 };
  expect(pressureAnswer({ ...PRESSURE, coverage }, '11月22日', READER)).toEqual({
    tone: 'calm',
    sentence:
      '港町地区 11月22日に届いた圧力は 1.74〜2.30 kPa、限度(1.00〜2.50 kPa)の内側です(メーター 27 / 80 台)',
    detail: [
      '平均 2.04 kPa・圧力が届いたメーター 27 / 80 台・2,880 時間値',
      'まだ届いていない日が、延べ 53 台日あります',
    ],
  });
});

test('the summary mentions a sensor fault and calls for attention', () => {
  const summary = { ...PRESSURE.summary, faults: 2 };
  expect(pressureAnswer({ ...PRESSURE, summary }, '11月22日', READER)).toMatchObject({
    tone: 'attention',
    detail: [expect.any(String), 'センサーの異常値 2 時間(最低・平均・最高に含めていません)'],
  });
});

test('the summary outside the limits is the duration', () => {
  const summary = { ...PRESSURE.summary, below: 3, above: 9 };
  expect(pressureAnswer({ ...PRESSURE, summary }, '11月22日', READER)).toMatchObject({
    tone: 'attention',
    sentence: '港町地区 11月22日は、限度(1.00〜2.50 kPa)を外れた時間が延べ 12 時間あります',
    detail: ['下限未満 3 時間・上限超過 9 時間', expect.any(String)],
  });
});

test('the summary without a pressure says that none has arrived', () => {
  const summary = {
    lowPa: null,
    averagePa: null,
    highPa: null,
    values: 0,
    below: 0,
    above: 0,
    faults: 0,
  };
  expect(pressureAnswer({ ...PRESSURE, points: [], summary }, '11月22日', READER)).toMatchObject({
    tone: 'calm',
    detail: [],
  });
});

test('the chart is in kPa with a slot for each day; a day without a pressure is a gap', () => {
  const model = pressureChart(PRESSURE, READER);
  expect(model.limits).toEqual([
    { name: '上限', value: 2.5 },
    { name: '下限', value: 1 },
  ]);
  expect(model.slots).toMatchObject([
    {
      key: '2026-11-21',
      label: '11/21',
      low: null,
      average: null,
      high: null,
      gap: expect.any(String),
    },
    { key: '2026-11-22', label: '11/22', low: 1.742, average: 2.043, high: 2.304 },
  ]);
});

test('the chart by the hour has a slot for every hour of the period', () => {
  const model = pressureChart(
    { ...PRESSURE, points: [], period: { ...PRESSURE.period, step: 'hour' } },
    READER,
  );
  expect(model.slots).toHaveLength(48);
  expect(model.slots[44]?.title).toBe('11月22日(日) 21:00');
});
