'use client';

import { Stack } from '@mantine/core';
import { useLocale, useTranslations } from 'next-intl';
import { AreaCollection } from '../../../components/collection/area-collection.tsx';
import { CollectionHistory } from '../../../components/collection/collection-history.tsx';
import { collectionAnswer } from '../../../components/collection/collection-texts.ts';
import { useToday } from '../../../components/shell/today.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { EmptyState } from '../../../components/ui/notice.tsx';
import { PageAnswer } from '../../../components/ui/page-answer.tsx';
import { ChartSkeleton, PageSkeleton } from '../../../components/ui/waiting.tsx';
import type { CollectionWire } from '../../../lib/collection/collection-wire.ts';
import { addDays } from '../../../lib/time.ts';
import { idIn } from '../list-address.ts';
import { type ListAddress, useListAddress } from '../use-list-address.ts';
import { collectionRequest, historyRequest, SUPPLY_POINTS_PAGE } from './collection-address.ts';
import { DayChoice } from './day-choice.tsx';
import { SupplyPointsList } from './supply-points-list.tsx';
import { useCollection, useCollectionHistory } from './use-collection.ts';

/** A day's collection: its summary, the areas, the days before, the supply points. */
export function CollectionBoard() {
  const address = useListAddress(SUPPLY_POINTS_PAGE);
  const request = collectionRequest(address.get, useToday());
  const { data, error, refetch, dataUpdatedAt } = useCollection(request);
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <PageSkeleton />;
  return <Board collection={data} updatedAt={new Date(dataUpdatedAt)} address={address} />;
}

interface BoardProps {
  collection: CollectionWire;
  updatedAt: Date;
  address: ListAddress;
}

function Board({ collection, updatedAt, address }: BoardProps) {
  const t = useTranslations('collection');
  const locale = useLocale();
  const { total, areas } = collection;
  const areaId = idIn(address.get, 'area');
  const today = useToday();
  const { tone, sentence } = collectionAnswer(collection, t, { locale, today });
  return (
    <Stack gap="xl">
      <PageAnswer
        title={t('title')}
        tone={tone}
        detail={<Detail collection={collection} updatedAt={updatedAt} />}
        actions={
          <DayChoice
            // The requested day, whose counts may still be loading.
            day={collectionRequest(address.get, today).query.day}
            onDay={(chosen) => address.filter({ day: chosen })}
            onMove={(days) => {
              const { day } = collectionRequest(address.current, today).query;
              const moved = addDays(day, days);
              if (moved < today) address.filter({ day: moved });
            }}
          />
        }
      >
        {sentence}
      </PageAnswer>
      {total.expected === 0 ? (
        <EmptyState title={t('emptyTitle')}>{t('emptyDetail')}</EmptyState>
      ) : (
        <>
          <AreaCollection
            areas={areas}
            selectedId={areaId}
            onSelect={(chosen) => address.filter({ area: chosen?.toString() })}
          />
          <SupplyPointsList
            collection={collection}
            total={areas.find((area) => area.areaId === areaId)?.count ?? total}
            address={address}
          />
        </>
      )}
      <History address={address} />
    </Stack>
  );
}

function Detail({ collection, updatedAt }: { collection: CollectionWire; updatedAt: Date }) {
  const t = useTranslations('collection');
  const locale = useLocale();
  const { incomplete } = collection.total;
  const time = new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: 'Asia/Tokyo',
  }).format(updatedAt);
  return (
    <>
      {incomplete > 0 ? <div>{t('incomplete', { count: incomplete })}</div> : null}
      <div>{t('updated', { time })}</div>
    </>
  );
}

function History({ address }: { address: ListAddress }) {
  const { data, error, refetch } = useCollectionHistory(historyRequest(address.get, useToday()));
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <ChartSkeleton height={240} />;
  return <CollectionHistory history={data} onDay={(day) => address.filter({ day })} />;
}
