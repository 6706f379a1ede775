'use client';

import { useLocale, useTranslations } from 'next-intl';
import type { AreaPressureWire } from '../../lib/pressure/pressure-wire.ts';
import { ChartFrame } from '../charts/chart-frame.tsx';
import { bandTable } from '../charts/chart-table.ts';
import { LazyBandChart } from '../charts/lazy-charts.tsx';
import { pressureChart } from './pressure-texts.ts';

/** Chart of an area's pressure with its table and downloads. */
export function AreaBand({ pressure, period }: { pressure: AreaPressureWire; period: string }) {
  const t = useTranslations('pressure');
  const words = useTranslations('charts');
  const locale = useLocale();
  const model = pressureChart(pressure, { t, locale });
  const { area } = pressure;
  return (
    <ChartFrame
      title={t('chart', { area: area.name })}
      summary={t('chartSummary', { area: area.name, period })}
      table={bandTable(model, { time: words('time'), remark: words('remark') })}
      fileName={`kenshin-pressure-${area.code}-${pressure.period.from}-${pressure.period.to}`}
    >
      <LazyBandChart model={model} />
    </ChartFrame>
  );
}
