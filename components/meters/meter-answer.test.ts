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
  untilHour: 24,
  missingHours: 0,
  lowPa: 1900,
  averagePa: 2040,
  highPa: 2200,
  arrival: 'onTime',
  receivedAt: null,
  revision: 0,
  marks: [],
  faults: [],
};
const ABSENT: DayReadingWire = {
  ...DAY,
  gap: 'notArrived',
  usageL: null,
  untilHour: null,
  missingHours: 24,
};

const AWAITED: DayReadingWire = { ...ABSENT, gap: 'notYetDue' };

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
    sentence: '7日間の使用量は 2.400 ㎥です(時間ごとの値は 3 時間分欠けています)',
  },
  {
    name: 'the last day has not arrived',
    days: [DAY, ABSENT],
    tone: 'attention',
    sentence: '7日間の使用量は、わかっている分で 1.200 ㎥です(値のない時間が 24 時間)',
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
      '7日間の使用量は、これまでに 2.400 ㎥です(報告時刻前 1 日・時間ごとの値は 3 時間分欠けています)',
  },
  {
    name: 'a due day has not arrived and the last is not yet due',
    days: [DAY, ABSENT, AWAITED],
    tone: 'attention',
    sentence: '7日間の使用量は、わかっている分で 1.200 ㎥です(値のない時間が 24 時間)',
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
  const readings = { from: 'a', to: 'b', step: 'day' as const, days, gaps: [] };
  expect(meterAnswer(readings, '7日間', t)).toEqual({ tone, sentence });
});
