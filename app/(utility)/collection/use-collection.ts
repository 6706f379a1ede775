'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { CollectionWire } from '../../../lib/collection/collection-wire.ts';
import type { GetRequest } from '../../api-client.ts';
import { apiQuery } from '../../api-query.ts';

/** Interval at which a day is fetched again while its reports are still arriving, milliseconds. */
const LIVE_MS = 15_000;
/** Time for which the history of earlier days counts as fresh, milliseconds. */
const HISTORY_STALE_MS = 300_000;

/** Counts of a day, refetched while reports of it may still arrive. */
export function useCollection(request: GetRequest<'/collection'>) {
  return useQuery({
    ...apiQuery('/collection', request),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (isOpen(state.data) ? LIVE_MS : false),
  });
}

function isOpen(collection: CollectionWire | undefined): boolean {
  return collection !== undefined && collection.total.missing + collection.total.notYetDue > 0;
}

export function useCollectionHistory(request: GetRequest<'/collection/history'>) {
  return useQuery({
    ...apiQuery('/collection/history', request),
    placeholderData: keepPreviousData,
    staleTime: HISTORY_STALE_MS,
  });
}

export function useSupplyPoints(request: GetRequest<'/collection/points'>) {
  const state = request.query?.state;
  return useQuery({
    ...apiQuery('/collection/points', request),
    placeholderData: keepPreviousData,
    refetchInterval: state === 'missing' || state === 'notYetDue' ? LIVE_MS : false,
  });
}
