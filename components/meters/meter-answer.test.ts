import { expect, test } from 'vitest';
import type { DayReadingWire } from '../../lib/meters/meter-wire.ts';
import { testTexts } from '../testing-texts.ts';
import { meterAnswer } from './meter-answer.ts';
import type { Texts } from './meter-charts.ts';

const t = testTexts<Texts>('meter');

const DAY: DayReadingWire = {
  day: '2026-11-22',
  gap: null,
  usageL: 1_200,
  enteringL: 0,
  fromHour: 0,
  untilHour: 24,
  missingHours: 0,
  lowPa: 1900,
  averagePa: 2040,
  highPa: 2200,
  arrival: 'onTime',
  receivedAt: null,
  revision: 0,
  marks: [],
  enteredHours: [],
  faults: [],
};
const ABSENT: DayReadingWire = {
  ...DAY,
  gap: 'notArrived',
  usageL: null,
  fromHour: null,
  untilHour: null,
  missingHours: 24,
};

const AWAITED: DayReadingWire = { ...ABSENT, gap: 'notYetDue' };

const METER = {
  fitted: true,
  fittings: [
    {
      meterId: 1,
      meterSerial: '1001',
      fittedAt: '2020-01-01T00:00:00+09:00',
      removedAt: null,
      startIndexL: 0,
      finalIndexL: null,
    },
  ],
};

function readingsOf(days: DayReadingWire[]) {
  return { from: '2026-11-22', to: '2026-11-28', step: 'day' as const, days, gaps: [] };
}

test.each([
  {
    name: 'all is known',
    days: [DAY, DAY],
    tone: 'calm',
    sentence: '7日間の使用量は 2.400 ㎥です',
  },
  {
    name: 'hours within are missing, the total is not',
    days: [DAY, { ...DAY, missingHours: 3 }],
    tone: 'calm',
    sentence: '7日間の使用量は 2.400 ㎥です(毎時の指針 3 回分が届いていません)',
  },
  {
    name: 'the last day has not arrived',
    days: [DAY, ABSENT],
    tone: 'attention',
    sentence: '7日間の使用量は、わかっている分で 1.200 ㎥です(毎時の指針 24 回分が届いていません)',
  },
  {
    name: 'the last day is not yet due',
    days: [DAY, DAY, AWAITED],
    tone: 'calm',
    sentence: '7日間の使用量は、これまでに 2.400 ㎥です(報告時刻前 1 日)',
  },
  {
    name: 'hours within are missing and the last day is not yet due',
    days: [DAY, { ...DAY, missingHours: 3 }, AWAITED],
    tone: 'calm',
    sentence:
      '7日間の使用量は、これまでに 2.400 ㎥です(報告時刻前 1 日・毎時の指針 3 回分が届いていません)',
  },
  {
    name: 'a due day has not arrived and the last is not yet due',
    days: [DAY, ABSENT, AWAITED],
    tone: 'attention',
    sentence: '7日間の使用量は、わかっている分で 1.200 ㎥です(毎時の指針 24 回分が届いていません)',
  },
  {
    name: 'part of the first usage may be of before the period',
    days: [{ ...DAY, enteringL: 500 }, DAY],
    tone: 'attention',
    sentence: '7日間の使用量は、わかっている分で 1.900 ㎥です(使用量のわからない時間があります)',
  },
  {
    name: 'the first registers lie within the first day',
    days: [{ ...DAY, fromHour: 5, missingHours: 4 }, DAY],
    tone: 'attention',
    sentence: '7日間の使用量は、わかっている分で 2.400 ㎥です(毎時の指針 4 回分が届いていません)',
  },
  {
    name: 'a usage is more than the meter lets through',
    days: [DAY, { ...DAY, usageL: null, marks: ['implausible' as const] }],
    tone: 'attention',
    sentence: '7日間の使用量は、わかっている分で 1.200 ㎥です(使用量のわからない時間があります)',
  },
  {
    name: 'no meter was fitted on the first days, and the first on a later one',
    days: [{ ...ABSENT, gap: 'withoutMeter' as const }, DAY, DAY],
    tone: 'calm',
    sentence: '7日間の使用量は 2.400 ㎥です',
  },
  {
    name: 'no meter was fitted',
    days: [{ ...ABSENT, gap: 'withoutMeter' as const }],
    tone: 'calm',
    sentence: '7日間は、メーターが取り付けられていません',
  },
  {
    name: 'no day is due yet',
    days: [AWAITED],
    tone: 'calm',
    sentence: '7日間は、まだ報告時刻前です',
  },
  {
    name: 'nothing has arrived',
    days: [ABSENT],
    tone: 'attention',
    sentence: '7日間の検針値はまだ届いていません',
  },
])('the summary of a meter: $name', ({ days, tone, sentence }) => {
  expect(meterAnswer(METER, readingsOf(days), '7日間', t)).toEqual({ tone, sentence });
});

test('the summary of a removed meter says that the usage is that of its supply point', () => {
  const removed = { ...METER, fitted: false };
  expect(meterAnswer(removed, readingsOf([DAY]), '7日間', t).sentence).toBe(
    '7日間のこの設置場所の使用量は 1.200 ㎥です',
  );
  const en = testTexts<Texts>('meter', 'en');
  expect(meterAnswer(removed, readingsOf([DAY]), '7 days', en).sentence).toBe(
    'Usage of this supply point 7 days: 1.200 m³',
  );
});

test('the summary of a meter that was the first to be fitted, on the first day, knows all usage', () => {
  const fittings = METER.fittings.map((it) => ({ ...it, fittedAt: '2026-11-22T05:20:00+09:00' }));
  const begun = readingsOf([{ ...DAY, fromHour: 5 }, DAY]);
  const sentence = '7日間の使用量は 2.400 ㎥です';
  expect(meterAnswer({ ...METER, fittings }, begun, '7日間', t)).toEqual({
    tone: 'calm',
    sentence,
  });
});
