'use client';

import { Text, Title } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { RefusalTable } from '../../../../components/refusals/refusal-table.tsx';
import { ErrorState } from '../../../../components/ui/error-state.tsx';
import { PageGone } from '../../../../components/ui/page-gone.tsx';
import { PageSteps } from '../../../../components/ui/pager.tsx';
import { TableSkeleton } from '../../../../components/ui/waiting.tsx';
import type { MeterDetailWire } from '../../../../lib/meters/wire.ts';
import { useMeterRefusals } from '../use-meters.ts';

const PAGE_SIZE = 10;

/** The refused frames of the terminal beside a meter; nothing where none were. */
export function MeterRefusals({ meter }: { meter: MeterDetailWire }) {
  const t = useTranslations('refusals');
  const steps = useTranslations('period');
  const [offset, setOffset] = useState(0);
  const isAsked = meter.terminal?.refused !== null && meter.terminal !== null;
  const page = { limit: PAGE_SIZE, offset };
  const { data, error, refetch } = useMeterRefusals(meter.meterId, page, isAsked);
  if (!isAsked) return null;
  const place = { total: data?.total ?? 0, size: PAGE_SIZE, offset, onOffset: setOffset };
  const label = { from: offset + 1, to: offset + (data?.rows.length ?? 0), total: place.total };
  return (
    <section id="refusals" aria-label={t('title')}>
      <Title order={2} size="h4">
        {t('title')}
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        {t('note')}
      </Text>
      {error && !data ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {data || error ? null : <TableSkeleton rows={3} />}
      {data?.rows.length ? <RefusalTable refusals={data.rows} /> : null}
      {data && data.rows.length === 0 && offset > 0 ? <PageGone {...place} /> : null}
      {data?.rows.length ? <PageSteps {...place} label={steps('page', label)} /> : null}
    </section>
  );
}
