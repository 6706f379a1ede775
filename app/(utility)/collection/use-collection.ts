'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useToday } from '../../../components/shell/today.tsx';
import type {
  CollectionHistoryWire,
  CollectionPointsWire,
  CollectionWire,
} from '../../../lib/collection/wire.ts';
import { apiGet } from '../../api-client.ts';

/** While reports of the day are still coming the page looks again this often. Milliseconds. */
const LIVE_MS = 15_000;
/** The days before do not change by the minute. Milliseconds. */
const HISTORY_STALE_MS = 300_000;

/** The counts of a day, without one of the last that is over, kept fresh while something of it may still arrive. */
export function useCollection(day: string | undefined) {
  const today = useToday();
  return useQuery({
    queryKey: ['collection', day ?? `before ${today}`],
    queryFn: ({ signal }) => apiGet<CollectionWire>('/collection', { day }, signal),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (isOpen(state.data) ? LIVE_MS : false),
  });
}

function isOpen(collection: CollectionWire | undefined): boolean {
  return collection !== undefined && collection.total.missing + collection.total.notYetDue > 0;
}

export function useCollectionHistory(day: string | undefined, areaId: number | undefined) {
  const today = useToday();
  return useQuery({
    queryKey: ['collection-history', day ?? `before ${today}`, areaId],
    queryFn: ({ signal }) =>
      apiGet<CollectionHistoryWire>('/collection/history', { day, areaId, days: 30 }, signal),
    placeholderData: keepPreviousData,
    staleTime: HISTORY_STALE_MS,
  });
}

export interface PointsAsked {
  day: string | undefined;
  state: string;
  areaId: number | undefined;
  limit: number;
  offset: number;
}

export function useCollectionPoints(asked: PointsAsked) {
  return useQuery({
    queryKey: ['collection-points', asked],
    queryFn: ({ signal }) =>
      apiGet<CollectionPointsWire>('/collection/points', { ...asked }, signal),
    placeholderData: keepPreviousData,
    refetchInterval: asked.state === 'missing' || asked.state === 'notYetDue' ? LIVE_MS : false,
  });
}
