'use client';

import { Stack } from '@mantine/core';
import { useLocale, useTranslations } from 'next-intl';
import { AreaCollection } from '../../../components/collection/area-collection.tsx';
import { CollectionHistory } from '../../../components/collection/collection-history.tsx';
import { collectionAnswer } from '../../../components/collection/collection-texts.ts';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { EmptyState } from '../../../components/ui/notice.tsx';
import { PageAnswer } from '../../../components/ui/page-answer.tsx';
import { ChartSkeleton, PageSkeleton } from '../../../components/ui/waiting.tsx';
import type { CollectionWire } from '../../../lib/collection/wire.ts';
import { isDay } from '../../../lib/time.ts';
import { type Address, useAddress } from '../use-address.ts';
import { DayChoice } from './day-choice.tsx';
import { PointsList } from './points-list.tsx';
import { useCollection, useCollectionHistory } from './use-collection.ts';

/** The board of a day's collection: its answer, the areas, the month behind, the places. */
export function CollectionBoard() {
  const address = useAddress();
  const { data, error, refetch, dataUpdatedAt } = useCollection(address.get('day'));
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <PageSkeleton />;
  return <Board collection={data} updatedAt={new Date(dataUpdatedAt)} address={address} />;
}

interface BoardProps {
  collection: CollectionWire;
  updatedAt: Date;
  address: Address;
}

function Board({ collection, updatedAt, address }: BoardProps) {
  const t = useTranslations('collection');
  const locale = useLocale();
  const { day, total, areas } = collection;
  const areaId = numberOf(address.get('area'));
  const { tone, sentence } = collectionAnswer(collection, t, locale);
  return (
    <Stack gap="xl">
      <PageAnswer
        title={t('title')}
        tone={tone}
        detail={<Detail collection={collection} updatedAt={updatedAt} />}
        actions={
          <DayChoice
            // The day that was asked for, whose answer may still be on its way: a quick second step counts from it.
            day={askedDay(address) ?? day}
            onDay={(chosen) => address.set({ day: chosen, page: undefined })}
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
            onSelect={(chosen) => address.set({ area: chosen?.toString(), page: undefined })}
          />
          <PointsList
            day={day}
            areaId={areaId}
            total={areas.find((area) => area.areaId === areaId)?.count ?? total}
            address={address}
          />
        </>
      )}
      <History
        day={address.get('day')}
        areaId={areaId}
        onDay={(chosen) => address.set({ day: chosen, page: undefined })}
      />
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
    timeZone: 'Asia/Tokyo',
  }).format(updatedAt);
  return (
    <>
      {incomplete > 0 ? <div>{t('incomplete', { count: incomplete })}</div> : null}
      <div>{t('updated', { time })}</div>
    </>
  );
}

interface HistoryProps {
  day: string | undefined;
  areaId: number | undefined;
  onDay: (day: string) => void;
}

function History({ day, areaId, onDay }: HistoryProps) {
  const { data, error, refetch } = useCollectionHistory(day, areaId);
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <ChartSkeleton height={240} />;
  return <CollectionHistory history={data} onDay={onDay} />;
}

function askedDay(address: Address): string | undefined {
  const day = address.get('day') ?? '';
  return isDay(day) ? day : undefined;
}

function numberOf(text: string | undefined): number | undefined {
  const number = Number(text);
  return text !== undefined && Number.isInteger(number) ? number : undefined;
}
