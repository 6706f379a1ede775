import { describe, expect, test } from 'vitest';
import type { OwnMonthWire } from '../../lib/usage/usage-wire.ts';
import ja from '../../messages/ja/consumer.json' with { type: 'json' };
import { testTexts } from '../testing-texts.ts';
import {
  attentionSentences,
  comparisonSentence,
  headline,
  reachSentences,
} from './month-sentences.ts';
import type { Reader, Texts } from './usage-text.ts';

const japanese: Reader = {
  t: testTexts<Texts>('consumer'),
  locale: 'ja',
  today: '2026-11-23',
};
const english: Reader = {
  t: testTexts<Texts>('consumer', 'en'),
  locale: 'en',
  today: '2026-11-23',
};

type Usage = OwnMonthWire['usage'];

function usage(month: string, change: Partial<Usage> = {}): Usage {
  return {
    month,
    days: [],
    totalL: 12_449,
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
    progress: 'running',
    usage: usage('2026-11'),
    lastMonth: { usage: usage('2026-10'), comparableL: 14_151 },
    lastYear: { usage: usage('2025-11'), comparableL: null },
    firstMonth: '2025-11',
    finalMonth: '2026-11',
    ...change,
  };
}

describe('the sentence of comparison', () => {
  test('says how much less, as the difference of the displayed figures', () => {
    expect(comparisonSentence(own(), 'lastMonth', japanese)).toEqual({
      tone: 'less',
      text: '先月の同じ頃より 1.8㎥ 少なめです',
    });
    expect(comparisonSentence(own(), 'lastMonth', english).text).toBe(
      '1.8 m³ less than at this time last month',
    );
  });

  test('says more, about the same, or that a comparison is not possible', () => {
    const against = (comparableL: number | null) =>
      comparisonSentence(
        own({ lastMonth: { usage: usage('2026-10'), comparableL } }),
        'lastMonth',
        japanese,
      ).text;
    expect(against(10_000)).toBe('先月の同じ頃より 2.4㎥ 多めです');
    expect(against(12_351)).toBe('先月の同じ頃とほぼ同じです');
    expect(against(null)).toBe('先月の同じ頃の値がないため、くらべられません');
    expect(comparisonSentence(own(), 'lastYear', japanese).text).toBe(
      '去年の同じ頃の値がないため、くらべられません',
    );
  });

  test('of a past month is in the past tense', () => {
    const over = own({ progress: 'over' });
    expect(comparisonSentence(over, 'lastMonth', japanese).text).toBe(
      '2026年10月より 1.8㎥ 少なめでした',
    );
    expect(headline(over, japanese)).toBe('2026年11月の使用量');
  });

  test.each([
    { reader: japanese, progress: 'running' },
    { reader: japanese, progress: 'over' },
    { reader: english, progress: 'running' },
    { reader: english, progress: 'over' },
  ] as const)('has a text for every case ($reader.locale, $progress)', ({ reader, progress }) => {
    for (const comparableL of [1, 12_449, 99_999, null]) {
      const compared = { usage: usage('2026-10'), comparableL };
      const month = own({ progress, lastMonth: compared, lastYear: compared });
      expect(comparisonSentence(month, 'lastMonth', reader).text).not.toMatch(/compare\./);
      expect(comparisonSentence(month, 'lastYear', reader).text).not.toMatch(/compare\./);
    }
  });
});

describe('the sentence on how far the figure reaches', () => {
  test('has day and hour', () => {
    expect(reachSentences(own(), japanese)).toEqual(['11月22日(日) 24時までの分']);
  });

  test('has a word when days are late', () => {
    const late = usage('2026-11', { until: { day: '2026-11-20', hourEnding: 15 } });
    expect(reachSentences(own({ usage: late }), japanese)).toEqual([
      '11月20日(金) 15時までの分。それより後の値はまだ届いていません',
    ]);
  });

  test("names the beginning when that is not the month's", () => {
    const moved = usage('2026-11', { from: { day: '2026-11-04', hourEnding: 1 } });
    expect(reachSentences(own({ usage: moved }), japanese)[0]).toBe('11月4日 1時からの分');
    const movedIn = usage('2026-11', { from: { day: '2026-11-03', hourEnding: 24 } });
    expect(reachSentences(own({ usage: movedIn }), japanese)[0]).toBe('11月4日 0時からの分');
  });

  test('is missing before any reading', () => {
    const nothing = usage('2026-11', { totalL: null, from: null, until: null });
    expect(reachSentences(own({ usage: nothing }), japanese)).toEqual([]);
  });
});

describe('the notes on a month', () => {
  test('are empty in an ordinary month', () => {
    expect(attentionSentences(own(), japanese)).toEqual([]);
  });

  test('say that a gap within the month is included in the total', () => {
    const gap = {
      from: { day: '2026-11-02', hourEnding: 24 },
      to: { day: '2026-11-05', hourEnding: 1 },
      usageL: 490,
      marks: [],
    };
    expect(attentionSentences(own({ usage: usage('2026-11', { gaps: [gap] }) }), japanese)).toEqual(
      [ja.attention.gaps],
    );
    const beyond = { ...gap, to: { day: '2026-12-01', hourEnding: 1 } };
    const notCounted = own({ usage: usage('2026-11', { gaps: [beyond] }) });
    expect(attentionSentences(notCounted, japanese)).toEqual([]);
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
