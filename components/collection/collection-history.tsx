'use client';

import { Text } from '@mantine/core';
import { useLocale, useTranslations } from 'next-intl';
import type { CollectionHistoryWire } from '../../lib/collection/collection-wire.ts';
import { ChartFrame } from '../charts/chart-frame.tsx';
import { LazyStackChart } from '../charts/lazy-charts.tsx';
import { historyChart, historyTable } from './collection-texts.ts';

interface CollectionHistoryProps {
  history: CollectionHistoryWire;
  onDay: (day: string) => void;
}

/** Collection of the last thirty days; a click opens the day. */
export function CollectionHistory({ history, onDay }: CollectionHistoryProps) {
  const t = useTranslations('collection');
  const words = useTranslations('charts');
  const locale = useLocale();
  const model = historyChart(history, t, locale);
  const isCalm = model.slots.every(({ values }) => Object.values(values).every((n) => n === 0));
  const last = history.days.at(-1)?.day ?? '';
  return (
    <ChartFrame
      title={t('history')}
      summary={t('historySummary')}
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
