'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { CollectionWire } from '../../../lib/collection/collection-wire.ts';
import type { GetRequest } from '../../api-client.ts';
import { apiQuery } from '../../api-query.ts';

/** While reports of the day are still coming the page looks again this often. Milliseconds. */
const LIVE_MS = 15_000;
/** The days before do not change by the minute. Milliseconds. */
const HISTORY_STALE_MS = 300_000;

/** The counts of a day, kept fresh while something of it may still arrive. */
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

export function useCollectionPoints(request: GetRequest<'/collection/points'>) {
  const state = request.query?.state;
  return useQuery({
    ...apiQuery('/collection/points', request),
    placeholderData: keepPreviousData,
    refetchInterval: state === 'missing' || state === 'notYetDue' ? LIVE_MS : false,
  });
}
