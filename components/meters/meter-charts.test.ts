import { expect, test } from 'vitest';
import type {
  DayReadingWire,
  HourReadingWire,
  MeterReadingsWire,
} from '../../lib/meters/meter-wire.ts';
import { testTexts } from '../testing-texts.ts';
import { dayRemarks, pressureLine, type Texts, usageChart } from './meter-charts.ts';

const t = testTexts<Texts>('meter');
const READER = { t, locale: 'ja' };

const DAY: DayReadingWire = {
  day: '2026-11-22',
  gap: null,
  usageL: 1_240,
  enteringL: 0,
  fromHour: 0,
  untilHour: 24,
  missingHours: 0,
  lowPa: 1900,
  averagePa: 2040,
  highPa: 2200,
  arrival: 'onTime',
  receivedAt: '2026-11-22T17:00:00Z',
  revision: 0,
  marks: [],
  enteredHours: [],
  faults: [],
};

const HOUR: HourReadingWire = {
  hourEnding: 1,
  indexL: 100,
  pressurePa: 2050,
  usageL: 40,
  state: 'measured',
  gap: null,
  indexFaultL: null,
  indexFaultRule: null,
  pressureFaultPa: null,
  marks: [],
};

function readings(days: DayReadingWire[], gaps: MeterReadingsWire['gaps'] = []): MeterReadingsWire {
  const step = days[0]?.hours ? 'hour' : 'day';
  return { from: days[0]!.day, to: days.at(-1)!.day, step, days, gaps };
}

test("an hour is a bar in m³ with its day's arrival", () => {
  const { slots } = usageChart(readings([{ ...DAY, arrival: 'late', hours: [HOUR] }]), READER);
  expect(slots).toEqual([
    {
      key: '2026-11-22 01',
      at: { day: '2026-11-22', hourEnding: 1 },
      label: '0〜1時',
      title: '11月22日(日) 0時〜1時',
      value: 0.04,
      note: '遅れて到着',
    },
  ]);
});

test("a missing hour is a gap with the gap's total", () => {
  const hours: HourReadingWire[] = [
    {
      ...HOUR,
      hourEnding: 9,
      indexL: null,
      usageL: null,
      state: 'spanned',
      gap: 'missingInReport',
    },
    { ...HOUR, hourEnding: 10, usageL: null, state: 'spanned' },
  ];
  const gap = {
    from: { day: '2026-11-22', hourEnding: 8 },
    to: { day: '2026-11-22', hourEnding: 10 },
    usageL: 532,
    marks: [],
  };
  const { slots } = usageChart(readings([{ ...DAY, hours }], [gap]), READER);
  const reason = '1時間ごとの使用量はありません（11月22日(日)8時〜10時の合計 0.532 ㎥）';
  expect(slots.map((slot) => [slot.value, slot.gap])).toEqual([
    [null, reason],
    [null, reason],
  ]);
});

test('an hour of a day that has not arrived says so', () => {
  const hour: HourReadingWire = {
    ...HOUR,
    indexL: null,
    usageL: null,
    pressurePa: null,
    state: 'missing',
    gap: 'notArrived',
  };
  const day: DayReadingWire = { ...DAY, gap: 'notArrived', arrival: null, hours: [hour] };
  expect(usageChart(readings([day]), READER).slots[0]?.gap).toBe('報告が届いていません');
  expect(pressureLine(readings([day]), { limits: [] }, READER).slots[0]).toMatchObject({
    average: null,
    gap: '報告が届いていません',
  });
});

test("the day after a gap includes the gap's usage and is hatched", () => {
  const missing: DayReadingWire = { ...DAY, day: '2026-11-21', gap: 'notArrived', usageL: null };
  const gap = {
    from: { day: '2026-11-20', hourEnding: 24 },
    to: { day: '2026-11-22', hourEnding: 1 },
    usageL: 900,
    marks: [],
  };
  const { slots } = usageChart(readings([missing, { ...DAY, enteringL: 900 }], [gap]), READER);
  expect(slots[0]).toMatchObject({ value: null, gap: expect.stringContaining('0.900 ㎥') });
  expect(slots[1]).toMatchObject({
    value: 1.24,
    hatched: true,
    note: '前日までの欠測分とあわせた値',
  });
});

test('pressure is a line by the hour and a band by the day', () => {
  expect(pressureLine(readings([{ ...DAY, hours: [HOUR] }]), { limits: [] }, READER)).toMatchObject(
    {
      slots: [{ low: 2.05, average: 2.05, high: 2.05 }],
    },
  );
  const daily = pressureLine(readings([DAY]), { limits: [{ name: '上限', value: 2.5 }] }, READER);
  expect(daily).toMatchObject({
    bandNames: { low: '最低圧力', high: '最高圧力' },
    limits: [{ name: '上限', value: 2.5 }],
    slots: [{ low: 1.9, average: 2.04, high: 2.2 }],
  });
});

test('the remarks of a day name its exchange, its correction and its last known hour; its bar also the arrival', () => {
  const day: DayReadingWire = {
    ...DAY,
    marks: ['exchanged'],
    revision: 1,
    arrival: 'requested',
    untilHour: 21,
  };
  expect(dayRemarks(day, t)).toEqual(['メーター交換', 'あとから変更あり', '21:00までの分']);
  const note = '再要求で到着 / メーター交換 / あとから変更あり / 21:00までの分';
  expect(usageChart(readings([day]), READER)).toMatchObject({ unit: '㎥', slots: [{ note }] });
});

test('an hour beyond the dial is a gap with the received value', () => {
  const hour: HourReadingWire = {
    ...HOUR,
    indexL: null,
    usageL: null,
    state: 'missing',
    gap: 'indexBeyondDial',
    indexFaultL: 16_777_215,
    indexFaultRule: 'beyond-dial',
  };
  const { slots } = usageChart(readings([{ ...DAY, hours: [hour] }]), READER);
  expect(slots[0]).toMatchObject({
    value: null,
    gap: 'メーターの異常値が届きました',
    note: 'メーターの異常値 16,777.215 ㎥ を受信',
  });
});

test('a sensor fault is a gap in the pressure line with the received value', () => {
  const hour: HourReadingWire = { ...HOUR, pressurePa: null, pressureFaultPa: -32_768 };
  const { slots } = pressureLine(readings([{ ...DAY, hours: [hour] }]), { limits: [] }, READER);
  expect(slots[0]).toMatchObject({ average: null, gap: 'センサーの異常値 -32.77 kPa を受信' });
});

test('the remarks of a day name its faults, three of many', () => {
  const faults = [11, 12, 13, 14, 15].map((hourEnding) => ({
    kind: 'index' as const,
    hourEnding,
    value: 16_777_215,
    rule: 'beyond-dial' as const,
  }));
  expect(dayRemarks({ ...DAY, faults }, t)).toEqual([
    '11:00 メーターの異常値 16,777.215 ㎥ を受信',
    '12:00 メーターの異常値 16,777.215 ㎥ を受信',
    '13:00 メーターの異常値 16,777.215 ㎥ を受信',
    'ほか 2 件',
  ]);
});

test('a day that is not due yet is a gap that may still be filled', () => {
  const awaited: DayReadingWire = { ...DAY, gap: 'notYetDue', usageL: null, averagePa: null };
  expect(usageChart(readings([awaited]), READER).slots[0]).toMatchObject({ awaited: true });
  const { slots } = pressureLine(readings([awaited]), { limits: [] }, READER);
  expect(slots[0]).toMatchObject({ awaited: true, gap: 'まだ報告時刻前です' });
});

test('a day of which registers are missing has a hatched corner', () => {
  const { slots } = usageChart(readings([{ ...DAY, missingHours: 2 }]), READER);
  expect(slots[0]).toMatchObject({ value: 1.24, lacking: true });
});

test.each([
  { marks: ['fallen' as const], gap: '指針が減っているため使用量は不明です' },
  {
    marks: ['implausible' as const],
    gap: '指針の増え方が号数で流れる量を超えるため使用量は不明です',
  },
])(
  'a usage that the registers do not give has the reason of its mark: $marks',
  ({ marks, gap }) => {
    const hour = { ...HOUR, state: 'fallen' as const, usageL: null, marks };
    const day: DayReadingWire = { ...DAY, usageL: null, marks, hours: [hour] };
    expect(usageChart(readings([day]), READER).slots[0]).toMatchObject({ value: null, gap });
    const { hours: _, ...byDay } = day;
    expect(usageChart(readings([byDay]), READER).slots[0]).toMatchObject({ value: null, gap });
  },
);
