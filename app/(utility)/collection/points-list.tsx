'use client';

import { Chip, ChipGroup, Group, Title } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { PointsTable } from '../../../components/collection/points-table.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { EmptyState } from '../../../components/ui/notice.tsx';
import { PageGone } from '../../../components/ui/page-gone.tsx';
import { PageSteps } from '../../../components/ui/pager.tsx';
import { TableSkeleton } from '../../../components/ui/waiting.tsx';
import { COLLECTION_STATES, type CollectionState } from '../../../lib/collection/collection.ts';
import type { CollectionCountWire, CollectionPointWire } from '../../../lib/collection/wire.ts';
import { pageOffset } from '../page-offset.ts';
import type { Address } from '../use-address.ts';
import { useCollectionPoints } from './use-collection.ts';

const PAGE_SIZE = 50;

interface PointsListProps {
  day: string;
  areaId: number | undefined;
  total: CollectionCountWire;
  address: Address;
}

/** The places behind the counts, of one state at a time; it opens with the state that needs something done. */
export function PointsList({ day, areaId, total, address }: PointsListProps) {
  const t = useTranslations('collection');
  const asked = COLLECTION_STATES.find((state) => state === address.get('state'));
  const state = asked ?? COLLECTION_STATES.find((candidate) => total[candidate] > 0) ?? 'missing';
  const offset = pageOffset(address.get('page'), PAGE_SIZE);
  const { data, error, refetch } = useCollectionPoints({
    day,
    state,
    areaId,
    limit: PAGE_SIZE,
    offset,
  });
  return (
    <section aria-label={t('list')}>
      <Title order={2} size="h4" mb="xs">
        {t('list')}
      </Title>
      <StateChoice
        total={total}
        state={state}
        onState={(chosen) => address.set({ state: chosen, page: undefined })}
      />
      {error && !data ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {data || error ? null : <TableSkeleton rows={4} />}
      {data ? <PointsPage data={data} state={state} offset={offset} address={address} /> : null}
    </section>
  );
}

interface PointsPageProps {
  data: { total: number; rows: CollectionPointWire[] };
  state: CollectionState;
  offset: number;
  address: Address;
}

function PointsPage({ data, state, offset, address }: PointsPageProps) {
  const t = useTranslations('collection');
  const steps = useTranslations('period');
  if (data.total === 0) {
    return (
      <EmptyState title={t('noneInState', { state: t(`state.${state}`) })}>
        {t('noneInStateDetail')}
      </EmptyState>
    );
  }
  const onOffset = (next: number) => address.set({ page: String(next / PAGE_SIZE + 1) });
  const place = { total: data.total, size: PAGE_SIZE, offset, onOffset };
  if (data.rows.length === 0) return <PageGone {...place} />;
  return (
    <>
      <PointsTable
        points={data.rows}
        kind={state === 'missing' || state === 'notYetDue' ? 'missing' : 'arrived'}
      />
      <PageSteps
        {...place}
        label={steps('page', {
          from: offset + 1,
          to: offset + data.rows.length,
          total: data.total,
        })}
      />
    </>
  );
}

interface StateChoiceProps {
  total: CollectionCountWire;
  state: CollectionState;
  onState: (state: string) => void;
}

function StateChoice({ total, state, onState }: StateChoiceProps) {
  const t = useTranslations('collection');
  const shown = COLLECTION_STATES.filter(
    (candidate) => total[candidate] > 0 || candidate === 'missing' || candidate === state,
  );
  return (
    <ChipGroup multiple={false} value={state} onChange={onState}>
      <Group gap="xs" mb="sm">
        {shown.map((candidate) => (
          <Chip key={candidate} value={candidate} size="sm">
            {t(`state.${candidate}`)} {total[candidate]}
          </Chip>
        ))}
      </Group>
    </ChipGroup>
  );
}
