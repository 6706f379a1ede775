'use client';

import { useLocale, useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { ChartFrame } from '../../../components/charts/chart-frame.tsx';
import { barTable } from '../../../components/charts/chart-table.ts';
import { LazyBarChart } from '../../../components/charts/lazy-charts.tsx';
import { usageChart } from '../../../components/meters/meter-charts.ts';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { EmptyState } from '../../../components/ui/notice.tsx';
import { TableSkeleton } from '../../../components/ui/waiting.tsx';
import { WorkItemDetail } from '../../../components/work-list/work-item-detail.tsx';
import { itemDays } from '../../../components/work-list/work-texts.ts';
import { monthOf } from '../../../lib/time.ts';
import type { WorkItemDetailWire } from '../../../lib/work-list/work-list-wire.ts';
import { ApiError } from '../../api-client.ts';
import type { ItemKey } from './check-address.ts';
import { useReadingsAround, useWorkItem } from './use-check.ts';

export interface OpenItemProps {
  item: ItemKey | undefined;
  mayReadClosings: boolean;
  /** The decision on the item. */
  decision: (detail: WorkItemDetailWire) => ReactNode;
}

/** The chosen item; one that was decided meanwhile says so. */
export function OpenItem({ item, mayReadClosings, decision }: OpenItemProps) {
  const t = useTranslations('check.item');
  const { data, error, refetch } = useWorkItem(item);
  if (error instanceof ApiError && error.code === 'not_found') {
    return <EmptyState title={t('gone')}>{t('goneDetail')}</EmptyState>;
  }
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <TableSkeleton rows={8} />;
  return (
    <WorkItemDetail
      detail={data}
      closingHref={mayReadClosings ? closingHref(data) : undefined}
      usage={<UsageAround detail={data} />}
    >
      {decision(data)}
    </WorkItemDetail>
  );
}

/** The closing that the item belongs to, with the customer's rows. */
function closingHref({ item }: WorkItemDetailWire): string {
  const { closingDay, closesOn } = item.closing;
  const query = new URLSearchParams({ day: String(closingDay), month: monthOf(closesOn) });
  if (item.customerNumber !== null) query.set('q', item.customerNumber);
  return `/closing?${query}`;
}

/** Usage by the hour in the days of the picture, as the meter's page has it. */
function UsageAround({ detail }: { detail: WorkItemDetailWire }) {
  const t = useTranslations('check');
  const meter = useTranslations('meter');
  const charts = useTranslations('charts');
  const locale = useLocale();
  const { item, days } = detail;
  const from = days[0]?.day ?? item.fromOn;
  const to = days.at(-1)?.day ?? item.toOn;
  const { data } = useReadingsAround(item.meterId, { from, to });
  if (!data) return null;
  const model = usageChart(data, { t: meter, locale });
  const words = { time: charts('time'), remark: charts('remark') };
  return (
    <ChartFrame
      title={t('chart.usage')}
      summary={t('chart.usageSummary', { days: itemDays(item, { t, locale }) })}
      table={barTable(model, words)}
    >
      <LazyBarChart model={model} height={180} />
    </ChartFrame>
  );
}
