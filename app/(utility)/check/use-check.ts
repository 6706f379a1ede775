'use client';

import { keepPreviousData, useIsFetching, useQuery } from '@tanstack/react-query';
import { apiQuery } from '../../api-query.ts';
import type { Read } from '../list-address.ts';
import {
  type CheckAddress,
  type ItemKey,
  itemRequest,
  rowsRequest,
  workRequest,
} from './check-address.ts';

/** Interval at which the list is fetched again while the page is seen, milliseconds: colleagues decide too. */
const LIVE_MS = 60_000;

export function useWorkList(address: CheckAddress) {
  return useQuery({
    ...apiQuery('/work-list', workRequest(address)),
    placeholderData: keepPreviousData,
    refetchInterval: LIVE_MS,
  });
}

const NO_ITEM: ItemKey = { meterId: 1, fromOn: '2000-01-01' };

export function useWorkItem(item: ItemKey | undefined) {
  return useQuery({
    ...apiQuery('/work-list/item', itemRequest(item ?? NO_ITEM)),
    enabled: item !== undefined,
  });
}

/** Usage by the hour around an item; none of another item stays while it is fetched. */
export function useReadingsAround(meterId: number, { from, to }: { from: string; to: string }) {
  const query = { from, to, step: 'hour' as const };
  // After the figures of the decisions: a person's share of the database is not for both at once.
  const isFree = useIsFetching({ queryKey: ['work-choices'] }) === 0;
  return useQuery({
    ...apiQuery('/meters/{meterId}/readings', { path: { meterId }, query }),
    enabled: isFree,
  });
}

export function useClosingChecks(read: Read, isAsked: boolean) {
  return useQuery({
    ...apiQuery('/work-list/closing-rows', rowsRequest(read)),
    enabled: isAsked,
    placeholderData: keepPreviousData,
  });
}

export function useAreas() {
  return useQuery(apiQuery('/areas', {}));
}
