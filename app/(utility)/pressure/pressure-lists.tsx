'use client';

import { Tabs, TabsList, TabsPanel, TabsTab } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { ExcursionTable } from '../../../components/pressure/excursion-table.tsx';
import { MeterPressures } from '../../../components/pressure/meter-pressures.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { EmptyState } from '../../../components/ui/notice.tsx';
import { PageGone } from '../../../components/ui/page-gone.tsx';
import { PageSteps } from '../../../components/ui/pager.tsx';
import { TableSkeleton } from '../../../components/ui/waiting.tsx';
import { addDays } from '../../../lib/time.ts';
import { pageOffset } from '../page-offset.ts';
import type { Address } from '../use-address.ts';
import { type PressureFilter, useExcursions, useMeterPressures } from './use-pressure.ts';

const PAGE_SIZE = 25;

interface PressureListsProps {
  asked: PressureFilter;
  averagePa: number;
  /** Meter-hours outside the limits. */
  outside: number;
  address: Address;
}

/** Behind the picture: the meters, and the hours outside the limits. */
export function PressureLists({ asked, averagePa, outside, address }: PressureListsProps) {
  const t = useTranslations('pressure');
  const list = address.get('list') === 'hours' ? 'hours' : 'meters';
  return (
    <Tabs
      value={list}
      keepMounted={false}
      onChange={(chosen) =>
        address.set({ list: chosen === 'hours' ? 'hours' : undefined, page: undefined })
      }
    >
      <TabsList mb="sm">
        <TabsTab value="meters">{t('meters')}</TabsTab>
        <TabsTab value="hours">{t('excursions', { count: outside })}</TabsTab>
      </TabsList>
      <TabsPanel value="meters">
        <MeterList asked={asked} averagePa={averagePa} address={address} />
      </TabsPanel>
      <TabsPanel value="hours">
        <HourList asked={asked} address={address} />
      </TabsPanel>
    </Tabs>
  );
}

function MeterList({ asked, averagePa, address }: Omit<PressureListsProps, 'outside'>) {
  const t = useTranslations('pressure');
  const offset = offsetOf(address);
  const { data, error, refetch } = useMeterPressures(asked, { limit: PAGE_SIZE, offset });
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <TableSkeleton />;
  if (data.total === 0) {
    return <EmptyState title={t('noMetersTitle')}>{t('noMetersDetail')}</EmptyState>;
  }
  return (
    <>
      {data.rows.length === 0 ? null : (
        <MeterPressures
          meters={data.rows}
          averagePa={averagePa}
          hrefOf={(meterId) => `/meters/${meterId}?from=${asked.from}&to=${asked.to}`}
        />
      )}
      <Steps total={data.total} shown={data.rows.length} offset={offset} address={address} />
    </>
  );
}

function HourList({ asked, address }: { asked: PressureFilter; address: Address }) {
  const t = useTranslations('pressure');
  const offset = offsetOf(address);
  const { data, error, refetch } = useExcursions(asked, { limit: PAGE_SIZE, offset });
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <TableSkeleton />;
  if (data.total === 0) {
    return <EmptyState title={t('noExcursionsTitle')}>{t('noExcursionsDetail')}</EmptyState>;
  }
  return (
    <>
      {data.rows.length === 0 ? null : (
        <ExcursionTable
          excursions={data.rows}
          hrefOf={({ meterId, day }) => `/meters/${meterId}?from=${addDays(day, -1)}&to=${day}`}
        />
      )}
      <Steps total={data.total} shown={data.rows.length} offset={offset} address={address} />
    </>
  );
}

interface StepsProps {
  total: number;
  shown: number;
  offset: number;
  address: Address;
}

function Steps({ total, shown, offset, address }: StepsProps) {
  const t = useTranslations('period');
  const onOffset = (next: number) => address.set({ page: String(next / PAGE_SIZE + 1) });
  const place = { total, size: PAGE_SIZE, offset, onOffset };
  if (shown === 0) return <PageGone {...place} />;
  return (
    <PageSteps {...place} label={t('page', { from: offset + 1, to: offset + shown, total })} />
  );
}

function offsetOf(address: Address): number {
  return pageOffset(address.get('page'), PAGE_SIZE);
}
