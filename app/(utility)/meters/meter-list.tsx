'use client';

import { Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { Search } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import { MetersTable } from '../../../components/meters/meters-table.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { EmptyState } from '../../../components/ui/notice.tsx';
import { PageAnswer } from '../../../components/ui/page-answer.tsx';
import { PageGone } from '../../../components/ui/page-gone.tsx';
import { PageSteps } from '../../../components/ui/pager.tsx';
import { TableSkeleton } from '../../../components/ui/waiting.tsx';
import { METER_SORTS } from '../../../lib/meters/meter-sort.ts';
import { pageOffset } from '../page-offset.ts';
import { useAreas } from '../pressure/use-pressure.ts';
import { type Address, useAddress } from '../use-address.ts';
import { type MetersFilter, useMeters } from './use-meters.ts';

const PAGE_SIZE = 50;
const TYPING_PAUSE_MS = 250;

/** All meters that are fitted, found by their numbers. */
export function MeterList() {
  const t = useTranslations('meters');
  const locale = useLocale();
  const address = useAddress();
  const asked = askedOf(address);
  const { data, error, refetch } = useMeters(asked);
  const count = new Intl.NumberFormat(locale).format(data?.total ?? 0);
  return (
    <Stack gap="md">
      <PageAnswer title={t('title')}>
        {data
          ? asked.q
            ? t('answerFound', { query: asked.q, count })
            : t('answer', { count })
          : '…'}
      </PageAnswer>
      <Filters address={address} />
      {error && !data ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {data || error ? null : <TableSkeleton />}
      {data ? <Found data={data} asked={asked} address={address} /> : null}
    </Stack>
  );
}

function Filters({ address }: { address: Address }) {
  const t = useTranslations('meters');
  const areas = useAreas();
  const find = useDebouncedCallback((text: string) => {
    address.set({ q: text.normalize('NFKC').trim() || undefined, page: undefined });
  }, TYPING_PAUSE_MS);
  return (
    <Group gap="sm">
      <TextInput
        aria-label={t('search')}
        placeholder={t('search')}
        leftSection={<Search size={16} aria-hidden />}
        defaultValue={address.get('q') ?? ''}
        onChange={(event) => find(event.currentTarget.value)}
        style={{ flex: '1 1 18rem' }}
        maw={420}
      />
      <NativeSelect
        aria-label={t('area')}
        value={address.get('area') ?? ''}
        onChange={(event) =>
          address.set({ area: event.currentTarget.value || undefined, page: undefined })
        }
        data={[
          { value: '', label: t('allAreas') },
          ...(areas.data?.areas ?? []).map(({ areaId, name }) => ({
            value: String(areaId),
            label: name,
          })),
        ]}
      />
    </Group>
  );
}

interface FoundProps {
  data: NonNullable<ReturnType<typeof useMeters>['data']>;
  asked: MetersFilter;
  address: Address;
}

function Found({ data, asked, address }: FoundProps) {
  const t = useTranslations('meters');
  const period = useTranslations('period');
  if (data.total === 0) return <EmptyState title={t('emptyTitle')}>{t('emptyDetail')}</EmptyState>;
  const onOffset = (next: number) => address.set({ page: String(next / PAGE_SIZE + 1) });
  const place = { total: data.total, size: PAGE_SIZE, offset: asked.offset, onOffset };
  if (data.rows.length === 0) return <PageGone {...place} />;
  const sort = METER_SORTS.find((name) => name === asked.sort) ?? 'customerNumber';
  return (
    <>
      <MetersTable
        meters={data.rows}
        order={{ sort, descending: asked.order === 'desc' }}
        onOrder={(order) =>
          address.set({
            sort: order.sort,
            order: order.descending ? 'desc' : undefined,
            page: undefined,
          })
        }
      />
      <PageSteps
        {...place}
        label={period('page', {
          from: asked.offset + 1,
          to: asked.offset + data.rows.length,
          total: data.total,
        })}
      />
    </>
  );
}

function askedOf(address: Address): MetersFilter {
  const sort = METER_SORTS.find((name) => name === address.get('sort')) ?? 'customerNumber';
  return {
    q: address.get('q'),
    areaId: areaOf(address),
    sort,
    order: address.get('order') === 'desc' ? 'desc' : 'asc',
    limit: PAGE_SIZE,
    offset: pageOffset(address.get('page'), PAGE_SIZE),
  };
}

function areaOf(address: Address): number | undefined {
  const area = Number(address.get('area'));
  return Number.isInteger(area) && area > 0 ? area : undefined;
}
