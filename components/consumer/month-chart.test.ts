import { expect, test } from 'vitest';
import { addDays, formatJst, instantOf } from '../../lib/time.ts';
import { monthUsage } from '../../lib/usage/month-usage.ts';
import { usageLine } from '../../lib/usage/usage-line.ts';
import { usagePeriod } from '../../lib/usage/usage-period.ts';
import { gapsOf, hoursOf, usageOfDay } from '../../lib/usage/usage-totals.ts';
import { OwnDayWire, OwnMonthWire } from '../../lib/usage/usage-wire.ts';
import { testTexts } from '../testing-texts.ts';
import { busiestHourSentence, dayChart, dayWithoutHours, gapSentences } from './day-chart.ts';
import { daysWithHours, monthChart } from './month-chart.ts';
import type { Reader, Texts } from './usage-text.ts';

const reader: Reader = {
  t: testTexts<Texts>('consumer'),
  locale: 'ja',
  today: '2026-11-23',
};

const METER = {
  meterId: 1,
  sizeM3PerHour: 2.5,
  dialL: 100_000_000,
  fittedAt: instantOf('2020-01-01', 0),
  removedAt: null,
  startIndexL: null,
  finalIndexL: null,
};

/**
 * Usage of 10 L an hour from 30 September to 20 November, without 5 and 6 November and some hours of the 9th and 10th.
 */
const line = usageLine(
  [METER],
  Array.from({ length: 52 }, (_, offset) => ({
    meterId: 1,
    day: addDays('2026-09-30', offset),
    indexL: Array.from({ length: 24 }, (_, element) => (offset * 24 + element + 1) * 10),
  }))
    .filter(({ day }) => day !== '2026-11-05' && day !== '2026-11-06')
    .map((record) => ({
      ...record,
      indexL: record.indexL.map((value, element) => {
        const lost =
          (record.day === '2026-11-09' && element > 21) ||
          (record.day === '2026-11-10' && (element === 0 || element === 13));
        return lost ? null : value;
      }),
    })),
);
const PLACE = { own: { firstDay: '2020-01-01', lastDay: null }, isAwaited: () => false };
const periodOf = (month: string) => usagePeriod(month, { kind: 'calendar', closingDay: 20 });
const undecided = { comparableL: null, direction: null };
const other = { usage: monthUsage(line, periodOf('2026-10'), PLACE), ...undecided };
const own = OwnMonthWire.parse({
  customerNumber: '1',
  gasKind: 'city',
  period: 'calendar',
  closingDay: 20,
  progress: 'running',
  usage: monthUsage(line, periodOf('2026-11'), PLACE),
  lastMonth: other,
  lastYear: { usage: monthUsage(line, periodOf('2025-11'), PLACE), ...undecided },
  firstMonth: '2026-09',
  finalMonth: '2026-11',
  firstDay: '2026-09-30',
  finalDay: '2026-11-23',
});

const slots = monthChart(own, 'lastMonth', reader).slots;
const slotOf = (day: string) => slots.find(({ key }) => key === day);

test('each day is drawn in front of the same day of the other month', () => {
  expect(slots).toHaveLength(30);
  expect(slotOf('2026-11-03')).toEqual({
    key: '2026-11-03',
    at: { day: '2026-11-03', hourEnding: null },
    label: '3日',
    title: '11月3日（火）',
    value: 0.24,
    ghost: 0.24,
    hatched: false,
  });
  expect(monthChart(own, 'lastMonth', reader).ghostName).toBe('2026年10月');
});

test('a month without usage is not drawn behind', () => {
  expect(monthChart(own, 'lastYear', reader).ghostName).toBeUndefined();
});

test('a lost day is a gap with its sum in words, and the next day shows it', () => {
  expect(slotOf('2026-11-05')).toMatchObject({
    value: null,
    gap: 'この日だけの値はありません。11月5日0時〜11月7日1時の使用量は、あわせて0.49㎥です',
  });
  expect(slotOf('2026-11-07')).toMatchObject({
    value: 0.72,
    hatched: true,
    note: '前の日までの、値のない時間とあわせた値です / 1時間ごとの値がない時間があります',
  });
});

test('a day without its last hours states up to when it counts', () => {
  expect(slotOf('2026-11-09')).toMatchObject({
    value: 0.22,
    note: '22:00までの分です / 1時間ごとの値がない時間があります',
  });
  expect(slotOf('2026-11-10')).toMatchObject({ hatched: false });
});

test('a day that may still arrive is a gap of its own kind, a future day is empty', () => {
  expect(slotOf('2026-11-22')).toMatchObject({
    gap: 'この日の値はまだありません',
    awaited: true,
  });
  expect(slotOf('2026-11-05')).not.toHaveProperty('awaited');
  expect(slotOf('2026-11-23')?.gap).toBeUndefined();
  expect(slotOf('2026-11-30')).toMatchObject({ value: null, ghost: 0.24 });
});

test('a day with hours in a gap has a hatched corner', () => {
  const lacking = slots.filter((slot) => slot.lacking).map(({ key }) => key);
  expect(lacking).toEqual(['2026-11-07', '2026-11-09', '2026-11-10']);
});

test('a day with more usage than the meter lets through has none, and says why', () => {
  const [first] = own.usage.days;
  const impossible = { ...first!, usageL: null, marks: ['implausible' as const] };
  const usage = { ...own.usage, days: [impossible] };
  expect(monthChart({ ...own, usage }, 'lastMonth', reader).slots[0]).toMatchObject({
    value: null,
    gap: 'メーターの値が大きすぎるため、表示できません',
  });
});

test('a billing period has each day in front of the day as far from its beginning', () => {
  const rule = { kind: 'billing' as const, closingDay: 20 };
  const billing = {
    ...own,
    period: rule.kind,
    usage: monthUsage(line, usagePeriod('2026-11', rule), PLACE),
    lastMonth: { usage: monthUsage(line, usagePeriod('2026-10', rule), PLACE), ...undecided },
  };
  const model = monthChart(billing, 'lastMonth', reader);
  expect(model).toMatchObject({ valueName: '2026年11月検針分', ghostName: '2026年10月検針分' });
  expect(model.slots[0]).toMatchObject({ key: '2026-10-21', label: '10/21', value: 0.24 });
  expect(model.slots).toHaveLength(31);
  // The 11th day: of this period 31 October, of the other 1 October.
  expect(model.slots[10]).toMatchObject({ key: '2026-10-31', ghost: 0.24 });
});

test('the days with hours to show end with the last that arrived', () => {
  const days = daysWithHours(own);
  expect(days[0]).toBe('2026-11-01');
  expect(days.at(-1)).toBe('2026-11-20');
});

function dayOwn(day: string) {
  return OwnDayWire.parse({
    usage: usageOfDay(line, day),
    hours: hoursOf(line, day).map((hour) => ({
      ...hour,
      startsAt: formatJst(instantOf(day, hour.hourEnding - 1)),
      endsAt: formatJst(instantOf(day, hour.hourEnding)),
    })),
    gaps: gapsOf(line, day),
    firstDay: '2026-09-30',
    finalDay: '2026-11-23',
  });
}

test('a missing hour is a gap with its known sum', () => {
  const hours = dayChart(dayOwn('2026-11-10'), reader).slots;
  expect(hours).toHaveLength(24);
  expect(hours[13]).toMatchObject({
    title: '13時〜14時',
    value: null,
    gap: '13時〜15時は1時間ごとの値がありません。この間の使用量は、あわせて0.020㎥です',
  });
  expect(hours[20]).toMatchObject({ value: 0.01 });
  expect(gapSentences(dayChart(dayOwn('2026-11-10'), reader))).toEqual([
    '11月9日22時〜11月10日2時は1時間ごとの値がありません。この間の使用量は、あわせて0.040㎥です',
    hours[13]?.gap,
  ]);
});

test('a day lost in a gap, and a future one, are described in a sentence', () => {
  expect(dayWithoutHours(dayOwn('2026-11-05'), reader)).toBe(slotOf('2026-11-05')?.gap);
  expect(dayWithoutHours(dayOwn('2026-11-23'), reader)).toMatch(
    /^11月23日（月）の値はまだありません/,
  );
});

test('missing hours of a past day that is still awaited say so, hours of today say nothing', () => {
  expect(dayChart(dayOwn('2026-11-21'), reader).slots[3]?.gap).toBe('この時間の値はまだありません');
  expect(dayChart(dayOwn('2026-11-23'), reader).slots[3]?.gap).toBeUndefined();
});

test('the busiest hour is described, and nothing without known hours', () => {
  expect(busiestHourSentence(dayOwn('2026-11-03'), reader)).toBe(
    'いちばん使ったのは0時〜1時（0.010㎥）です',
  );
  expect(busiestHourSentence(dayOwn('2026-11-21'), reader)).toBeUndefined();
});
