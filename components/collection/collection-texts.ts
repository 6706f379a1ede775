/** Summary sentence of the collection page and its chart models, made from the counts. */
import type { useTranslations } from 'next-intl';
import { arrivedCount, collectionRate } from '../../lib/collection/collection.ts';
import type {
  CollectionCountWire,
  CollectionHistoryWire,
} from '../../lib/collection/collection-wire.ts';
import type { StackChartModel } from '../charts/chart-model.ts';
import type { ChartTable } from '../charts/chart-table.ts';
import { axisDay, dayText } from '../text/date-text.ts';
import { periodText } from '../text/period-text.ts';
import type { Tone } from '../ui/page-answer.tsx';

export type Texts = ReturnType<typeof useTranslations<'collection'>>;

export interface CollectionAnswer {
  tone: Tone;
  sentence: string;
}

/** Rate such as 99.5: one decimal, and 100.0 only when nothing is missing. Empty when nothing is expected. */
export function rateText(count: CollectionCountWire): string {
  return collectionRate(count)?.toFixed(1) ?? '';
}

export function collectionAnswer(
  { day, total }: { day: string; total: CollectionCountWire },
  t: Texts,
  { locale, today }: { locale: string; today: string },
): CollectionAnswer {
  const words = {
    day: periodText({ from: day, to: day }, locale, today),
    rate: rateText(total),
    arrived: arrivedCount(total),
    expected: total.expected,
    missing: total.missing,
    notYetDue: total.notYetDue,
  };
  if (total.expected === 0) return { tone: 'calm', sentence: t('answerNone', words) };
  const tone = total.missing > 0 ? 'attention' : 'calm';
  if (total.notYetDue > 0) return { tone, sentence: t('answerRunning', words) };
  if (total.missing > 0) return { tone, sentence: t('answer', words) };
  return { tone: 'done', sentence: t('answerWhole', words) };
}

const EXCEPTIONS = [
  { key: 'missing', tone: 'danger' },
  { key: 'late', tone: 'attention' },
  { key: 'requested', tone: 'quiet' },
  { key: 'notYetDue', tone: 'waiting' },
] as const;

/**
 * Reports that were not on time, by day. Those on time are left out: among thousands of them the others would not be
 * visible.
 */
export function historyChart(
  { days }: CollectionHistoryWire,
  t: Texts,
  locale: string,
): StackChartModel {
  return {
    unit: t('count'),
    decimals: 0,
    parts: EXCEPTIONS.map(({ key, tone }) => ({ key, tone, name: t(`state.${key}`) })),
    slots: days.map(({ day, count }) => ({
      key: day,
      at: { day, hourEnding: null },
      label: axisDay(day),
      title: dayText(day, locale),
      values: Object.fromEntries(EXCEPTIONS.map(({ key }) => [key, count[key]])),
      note: `${t('rate')} ${rateText(count)}%`,
    })),
  };
}

/** True when reports were expected on none of the days, so that nothing can be said of them. */
export function isNothingExpected({ days }: CollectionHistoryWire): boolean {
  return days.every(({ count }) => count.expected === 0);
}

/** All counts of each day, for the chart's table and CSV file. */
export function historyTable(
  { days }: CollectionHistoryWire,
  t: Texts,
  words: { time: string; remark: string },
): ChartTable {
  const columns = [
    'onTime',
    'late',
    'requested',
    'backFill',
    'missing',
    'notYetDue',
    'incomplete',
  ] as const;
  return {
    header: [
      words.time,
      `${t('rate')} (%)`,
      t('expected'),
      ...columns.map((column) => t(`state.${column}`)),
      words.remark,
    ],
    rows: days.map(({ day, count }) => ({
      key: day,
      at: { day, hourEnding: null },
      cells: [
        day,
        rateText(count),
        String(count.expected),
        ...columns.map((column) => String(count[column])),
        '',
      ],
    })),
  };
}
