'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { monthOf } from '../../../../lib/time.ts';
import { apiDelete, apiGet, apiPost } from '../../../api-client.ts';
import { apiQuery } from '../../../api-query.ts';
import type { ApiShapes } from '../../../api-types.ts';
import { retryOptions, useRequestKeys } from '../../../write-request.ts';

export type Layout = ApiShapes['Layout'];
export type LayoutInput = ApiShapes['LayoutInput'];

export function useLayouts() {
  return useQuery(apiQuery('/closings/layouts', {}));
}

/** What is saved: a new layout, or the next version of one. */
export interface LayoutToSave extends LayoutInput {
  of?: { layoutId: number; version: number } | undefined;
}

export function useSaveLayout(onDone: (saved: Layout) => void) {
  const client = useQueryClient();
  const keys = useRequestKeys();
  return useMutation({
    ...retryOptions,
    mutationFn: ({ of, ...input }: LayoutToSave) => {
      const header = keys.headerOf({ of, ...input });
      if (!of) return apiPost('/closings/layouts', { header, body: input });
      const { layoutId, version } = of;
      const body = { ...input, version };
      return apiPost('/closings/layouts/{layoutId}/versions', { path: { layoutId }, header, body });
    },
    onSuccess: (saved, change) => {
      keys.done(change);
      onDone(saved);
    },
    onSettled: () => void client.invalidateQueries({ queryKey: ['/closings/layouts'] }),
  });
}

/** Removes a layout, or brings a removed one back. */
export function useOfferLayout() {
  const client = useQueryClient();
  const keys = useRequestKeys();
  return useMutation({
    ...retryOptions,
    mutationFn: ({ layoutId, removedAt }: Pick<Layout, 'layoutId' | 'removedAt'>) => {
      const path = { layoutId };
      const header = keys.headerOf({ layoutId, removedAt });
      return removedAt === null
        ? apiDelete('/closings/layouts/{layoutId}', { path, header })
        : apiPost('/closings/layouts/{layoutId}/restore', { path, header });
    },
    onSuccess: (_, { layoutId, removedAt }) => keys.done({ layoutId, removedAt }),
    onSettled: () => void client.invalidateQueries({ queryKey: ['/closings/layouts'] }),
  });
}

/** Rows of a closing that are looked through for the preview; both lists are recorded like pages of a closing. */
const SAMPLED = 200;

/** Closing days, and rows of the latest closing of one of them, for the preview. */
export function useSampleRows(closingDay: number | undefined) {
  const days = useQuery(apiQuery('/closing-days', {}));
  const all = days.data?.days ?? [];
  const chosen = all.find((day) => day.closingDay === closingDay) ?? latestOf(all);
  const rows = useQuery({
    queryKey: ['layout sample', chosen?.closingDay, chosen?.latest.closesOn],
    enabled: chosen !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      if (!chosen) return [];
      const closing = { closingDay: chosen.closingDay, month: monthOf(chosen.latest.closesOn) };
      const page = { ...closing, limit: SAMPLED, offset: 0 };
      const [first, doubtful] = await Promise.all([
        apiGet('/closings', { query: { ...page, show: 'all' } }, signal),
        apiGet('/closings', { query: { ...page, show: 'check' } }, signal),
      ]);
      return [...first.rows, ...doubtful.rows];
    },
  });
  return { days: all, chosen, rows };
}

function latestOf<Day extends { latest: { closesOn: string } }>(days: readonly Day[]) {
  return days.toSorted((a, b) => b.latest.closesOn.localeCompare(a.latest.closesOn))[0];
}
