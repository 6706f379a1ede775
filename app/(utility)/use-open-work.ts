'use client';

import { useQuery } from '@tanstack/react-query';
import type { WorkListWire } from '../../lib/work-list/work-list-wire.ts';
import { apiQuery } from '../api-query.ts';

/** Interval at which the number in the menu is fetched again while the page is seen, milliseconds. */
const LIVE_MS = 60_000;

/** Number of what is to be decided on the page of the work-list, for the menu: readings in doubt, marks, edits that wait. */
export function useOpenWork(first: WorkListWire): number {
  const { data } = useQuery({
    ...apiQuery('/work-list', { query: { limit: 1 } }),
    initialData: first,
    refetchInterval: LIVE_MS,
  });
  return data.total + data.openMarks + data.proposedEdits;
}
