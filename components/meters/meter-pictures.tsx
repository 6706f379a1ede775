'use client';

import { List, ListItem } from '@mantine/core';
import { useLocale, useTranslations } from 'next-intl';
import type { MeterDetailWire, MeterReadingsWire } from '../../lib/meters/meter-wire.ts';
import { ChartFrame } from '../charts/chart-frame.tsx';
import { bandTable, barTable } from '../charts/chart-table.ts';
import { LazyBandChart, LazyBarChart } from '../charts/lazy-charts.tsx';
import { limitLines } from '../pressure/pressure-texts.ts';
import { pressureLine, usageChart } from './meter-charts.ts';
import { exchangeLines, exchangeSentences } from './meter-exchanges.ts';

interface MeterPicturesProps {
  meter: MeterDetailWire;
  readings: MeterReadingsWire;
  period: string;
  /** Called with the day chosen in a chart by the day; its hours are then shown. */
  onDay: (day: string) => void;
}

/** Usage above, pressure below, over the same period. */
export function MeterPictures({ meter, readings, period, onDay }: MeterPicturesProps) {
  const t = useTranslations('meter');
  const pressure = useTranslations('pressure');
  const charts = useTranslations('charts');
  const locale = useLocale();
  const words = { time: charts('time'), remark: charts('remark') };
  const reader = { t, locale };
  const events = exchangeLines(meter, readings, reader);
  const changes = exchangeSentences(meter, readings, reader);
  const usage = usageChart(readings, reader, events);
  const limits = limitLines(meter.area, pressure);
  const line = pressureLine(readings, { limits, events }, reader);
  const file = `${meter.meterSerial}-${readings.from}-${readings.to}`;
  const select = readings.step === 'day' ? onDay : undefined;
  return (
    <>
      {changes.length === 0 ? null : (
        <List listStyleType="none" size="sm" aria-label={t('changes')}>
          {changes.map((sentence) => (
            <ListItem key={sentence}>{sentence}</ListItem>
          ))}
        </List>
      )}
      <ChartFrame
        title={t('usage')}
        summary={t('usageSummary', { period })}
        table={barTable(usage, words)}
        fileName={`kenshin-usage-${file}`}
        onSelect={select}
      >
        <LazyBarChart model={usage} height={240} onSelect={select} />
      </ChartFrame>
      <ChartFrame
        title={t('pressure')}
        summary={t('pressureSummary', { period })}
        table={bandTable(line, words)}
        fileName={`kenshin-pressure-${file}`}
        onSelect={select}
      >
        <LazyBandChart model={line} height={240} />
      </ChartFrame>
    </>
  );
}
