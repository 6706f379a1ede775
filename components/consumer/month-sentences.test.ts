import { describe, expect, test } from 'vitest';
import type { OwnMonthWire } from '../../lib/usage/usage-wire.ts';
import ja from '../../messages/ja/consumer.json' with { type: 'json' };
import { testTexts } from '../testing-texts.ts';
import {
  attentionSentences,
  comparisonSentence,
  dailySentences,
  headline,
  reachSentences,
} from './month-sentences.ts';
import type { Reader, Texts } from './usage-text.ts';

const japanese: Reader = { t: testTexts<Texts>('consumer'), locale: 'ja', today: '2026-11-23' };
const english: Reader = { ...japanese, t: testTexts<Texts>('consumer', 'en'), locale: 'en' };

type Usage = OwnMonthWire['usage'];

function usage(month: string, change: Partial<Usage> = {}): Usage {
  return {
    month,
    firstDay: `${month}-01`,
    lastDay: `${month}-30`,
    days: [],
    totalL: 12_449,
    leastL: 12_449,
    mostL: null,
    from: { day: '2026-10-31', hourEnding: 24 },
    until: { day: '2026-11-22', hourEnding: 24 },
    complete: false,
    gaps: [],
    marks: [],
    ...change,
  };
}

function own(change: Partial<OwnMonthWire> = {}): OwnMonthWire {
  return {
    customerNumber: '000101',
    gasKind: 'city',
    period: 'calendar',
    closingDay: 20,
    progress: 'running',
    usage: usage('2026-11'),
    lastMonth: { usage: usage('2026-10'), comparableL: 14_151, direction: 'less' },
    lastYear: { usage: usage('2025-11'), comparableL: null, direction: null },
    firstMonth: '2025-11',
    finalMonth: '2026-11',
    firstDay: '2025-11-02',
    finalDay: '2026-11-23',
    ...change,
  };
}

type Comparison = OwnMonthWire['lastMonth'];

function against(
  change: Partial<Comparison>,
  month: Partial<OwnMonthWire> = {},
  reader = japanese,
) {
  const compared = { usage: usage('2026-10'), comparableL: null, direction: null, ...change };
  return comparisonSentence(own({ lastMonth: compared, ...month }), 'lastMonth', reader).text;
}

describe('the sentence of comparison', () => {
  test('says how much less, as the difference of the displayed figures', () => {
    expect(comparisonSentence(own(), 'lastMonth', japanese)).toEqual({
      tone: 'less',
      text: '先月の同じ頃より1.8㎥少なめです',
    });
    expect(comparisonSentence(own(), 'lastMonth', english).text).toBe(
      '1.8 m³ less than at this time last month',
    );
  });

  test('says a great difference also as a ratio', () => {
    expect(against({ comparableL: 10_000 })).toBe('先月の同じ頃より2.4㎥多めです');
    expect(against({ comparableL: 6_500 })).toBe('先月の同じ頃より5.9㎥多く、約1.9倍です');
    expect(against({ comparableL: 25_000 })).toBe('先月の同じ頃より12.6㎥少なく、約50％です');
    expect(against({ comparableL: 0 })).toBe('先月の同じ頃より12.4㎥多めです');
    expect(against({ comparableL: 12_351 })).toBe('先月の同じ頃とほぼ同じです');
  });

  test('without an exact amount says the direction where it is certain, else nothing', () => {
    expect(against({ direction: 'more' })).toBe('先月の同じ頃より多く使っています');
    expect(against({ direction: 'less' })).toBe('先月の同じ頃より少なくなっています');
    expect(against({})).toBe('値がそろわないため、先月の同じ頃とは比べられません');
    expect(comparisonSentence(own(), 'lastYear', japanese)).toEqual({
      tone: 'unknown',
      text: '値がそろわないため、去年の同じ頃とは比べられません',
    });
  });

  test('of a past month is in the past tense', () => {
    const over = own({ progress: 'over' });
    expect(comparisonSentence(over, 'lastMonth', japanese).text).toBe(
      '2026年10月より1.8㎥少なめでした',
    );
    expect(headline(over, japanese)).toBe('2026年11月の使用量');
  });

  test('of a month whose last report is to come names the other month, not the last', () => {
    const first = { ...japanese, today: '2026-12-01' };
    expect(against({ comparableL: 14_151 }, {}, first)).toBe(
      '2026年10月の同じ頃より1.8㎥少なめです',
    );
    expect(headline(own(), first)).toBe('2026年11月のこれまで');
  });

  test('of a billing period names the periods', () => {
    const billing = { period: 'billing' as const };
    expect(against({ comparableL: 14_151 }, billing)).toBe(
      '2026年10月検針分の同じ頃より1.8㎥少なめです',
    );
    expect(headline(own(billing), japanese)).toBe('2026年11月検針分のこれまで');
  });

  test.each([
    { reader: japanese, progress: 'running' },
    { reader: japanese, progress: 'over' },
    { reader: english, progress: 'running' },
    { reader: english, progress: 'over' },
  ] as const)('has a text for every case ($reader.locale, $progress)', ({ reader, progress }) => {
    for (const comparableL of [1, 10_000, 12_449, 99_999, null]) {
      for (const direction of ['more', 'less', null] as const) {
        const text = against({ comparableL, direction }, { progress }, reader);
        expect(text).not.toMatch(/compare\.|\{/);
      }
    }
  });
});

describe('the sentence on how far the figure reaches', () => {
  const reach = (change: Partial<Usage>, month: Partial<OwnMonthWire> = {}) =>
    reachSentences(own({ usage: usage('2026-11', change), ...month }), japanese);

  test('has day and clock time', () => {
    expect(reach({})).toEqual(['11月22日（日）24:00までの分です']);
  });

  test('has a word when days are late', () => {
    expect(reach({ until: { day: '2026-11-20', hourEnding: 15 } })).toEqual([
      '11月20日（金）15:00までの分です。それより後の値は、まだありません',
    ]);
  });

  test("names the beginning when that is not the month's, earlier or later", () => {
    expect(reach({ from: { day: '2026-11-04', hourEnding: 1 } })[0]).toBe(
      '11月4日（水）1:00からの分です',
    );
    expect(reach({ from: { day: '2026-11-03', hourEnding: 24 } })[0]).toBe(
      '11月4日（水）0:00からの分です',
    );
    expect(reach({ from: { day: '2026-10-30', hourEnding: 7 } })[0]).toMatch(
      /^10月30日（金）7:00からの分です（.*それより前の期間の分を含むことがあります）$/,
    );
  });

  test('says that a gap over the end is counted in the next period', () => {
    const gap = {
      from: { day: '2026-11-29', hourEnding: 22 },
      to: { day: '2026-12-01', hourEnding: 3 },
      usageL: 500,
      marks: [],
    };
    const until = { day: '2026-11-29', hourEnding: 22 };
    expect(reach({ gaps: [gap], until }, { progress: 'over' })).toEqual([
      '11月29日（日）22:00までの分です。その後の分は、次の期間の合計に入ります',
    ]);
  });

  test('of a household that moved out ends with its last day', () => {
    const state = (day: string) => (day <= '2026-11-22' ? 'whole' : 'outside');
    const days = ['2026-11-21', '2026-11-22', '2026-11-23'].map((day) => ({
      ...{ day, usageL: 1, leastL: 1, mostL: 1, enteringL: 0, fromHour: 0, untilHour: 24 },
      ...{ hoursWithout: 0, marks: [], state: state(day) as 'whole' | 'outside' },
    }));
    expect(reach({ days }, { progress: 'over' })).toEqual(['11月22日（日）24:00までの分です']);
  });

  test('is missing before any reading', () => {
    expect(reach({ totalL: null, from: null, until: null })).toEqual([]);
  });
});

test('the average is that of the counted time, in 24 hours', () => {
  expect(dailySentences(own(), japanese)).toEqual(['1日あたりの平均は0.57㎥です']);
  const implausible = usage('2026-11', { marks: ['implausible'] });
  expect(dailySentences(own({ usage: implausible }), japanese)).toEqual([]);
});

describe('the notes on a month', () => {
  const day = (name: string, hoursWithout: number, state: 'whole' | 'awaited' = 'whole') => ({
    ...{ day: name, usageL: 1, leastL: 1, mostL: 1, enteringL: 0, fromHour: 0, untilHour: 24 },
    ...{ hoursWithout, marks: [], state },
  });
  const gap = (fromDay: string, fromHour: number, toDay: string, toHour: number) => ({
    from: { day: fromDay, hourEnding: fromHour },
    to: { day: toDay, hourEnding: toHour },
    usageL: 490,
    marks: [],
  });

  test('are empty in an ordinary month', () => {
    expect(attentionSentences(own(), japanese)).toEqual([]);
  });

  test('name the days of gaps, and no day that may still arrive', () => {
    const names = ['05', '06', '07', '09', '13', '15', '17', '18'];
    const days = names.map((name) => day(`2026-11-${name}`, 2));
    const gaps = [
      gap('2026-11-04', 24, '2026-11-07', 1),
      ...['09', '13', '15', '17', '18'].map((n) => gap(`2026-11-${n}`, 19, `2026-11-${n}`, 21)),
    ];
    const month = usage('2026-11', { gaps, days: [...days, day('2026-11-22', 24, 'awaited')] });
    expect(attentionSentences(own({ usage: month }), japanese)).toEqual([
      '11月5日〜11月7日、11月9日、11月13日、ほか3日に、1時間ごとの値がない時間があります（使用量は合計に含まれています）。',
    ]);
    expect(attentionSentences(own({ usage: month }), english)[0]).toBe(
      'Nov 5 – Nov 7, Nov 9, Nov 13, 3 more days: some hours have no readings of their own (the total includes their usage).',
    );
  });

  test('say of a gap over the end that the next period counts it', () => {
    const days = [day('2026-11-30', 3)];
    const month = usage('2026-11', { days, gaps: [gap('2026-11-30', 21, '2026-12-01', 1)] });
    expect(attentionSentences(own({ usage: month }), japanese)).toEqual([
      '11月30日に、1時間ごとの値がない時間があります（使用量は次の期間の合計に入ります）。',
    ]);
  });

  test('say that there is no total when a register rose by more than could have passed', () => {
    const noTotal = usage('2026-11', { totalL: null, marks: ['implausible'] });
    expect(attentionSentences(own({ usage: noTotal }), japanese)).toEqual([
      ja.attention.implausible,
    ]);
  });

  test('say that there is no total when the register fell', () => {
    const fallen = own({
      usage: usage('2026-11', { totalL: null, marks: ['fallen', 'exchanged'] }),
    });
    expect(attentionSentences(fallen, japanese)).toEqual([
      ja.attention.fallen,
      ja.attention.exchanged,
    ]);
  });
});
