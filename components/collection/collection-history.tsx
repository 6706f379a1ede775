'use client';

import { Text, Title } from '@mantine/core';
import { useLocale, useTranslations } from 'next-intl';
import type { CollectionHistoryWire } from '../../lib/collection/collection-wire.ts';
import { ChartFrame } from '../charts/chart-frame.tsx';
import { LazyStackChart } from '../charts/lazy-charts.tsx';
import { useToday } from '../shell/today.tsx';
import { periodText } from '../text/period-text.ts';
import { historyChart, historyTable, isNothingExpected } from './collection-texts.ts';

interface CollectionHistoryProps {
  history: CollectionHistoryWire;
  onDay: (day: string) => void;
}

/** Collection of the thirty days up to the chosen one; a click opens the day. */
export function CollectionHistory({ history, onDay }: CollectionHistoryProps) {
  const t = useTranslations('collection');
  const words = useTranslations('charts');
  const locale = useLocale();
  const model = historyChart(history, t, locale);
  const isCalm = model.slots.every(({ values }) => Object.values(values).every((n) => n === 0));
  const last = history.days.at(-1)?.day ?? '';
  const today = useToday();
  const title = t('history', { day: periodText({ from: last, to: last }, locale, today) });
  if (isNothingExpected(history)) {
    return (
      <section aria-label={title}>
        <Title order={2} size="h4">
          {title}
        </Title>
        <Text c="dimmed">{t('historyNone')}</Text>
      </section>
    );
  }
  return (
    <ChartFrame
      title={title}
      summary={t('historySummary', { title })}
      table={historyTable(history, t, { time: words('time'), remark: words('remark') })}
      fileName={`kenshin-collection-${last}`}
      onSelect={onDay}
    >
      {isCalm ? (
        <Text c="dimmed">{t('historyCalm')}</Text>
      ) : (
        <LazyStackChart model={model} height={220} onSelect={onDay} />
      )}
    </ChartFrame>
  );
}
