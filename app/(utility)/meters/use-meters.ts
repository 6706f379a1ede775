'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { GetRequest } from '../../api-client.ts';
import { apiQuery } from '../../api-query.ts';

export type MetersFilter = NonNullable<GetRequest<'/meters'>['query']> & {
  limit: number;
  offset: number;
};

export function useMeters(filter: MetersFilter) {
  return useQuery({
    ...apiQuery('/meters', { query: filter }),
    placeholderData: keepPreviousData,
  });
}

export function useMeter(meterId: number) {
  return useQuery(apiQuery('/meters/{meterId}', { path: { meterId } }));
}

export interface ReadingsPeriod {
  from: string;
  to: string;
  step: 'hour' | 'day';
}

export function useMeterReadings(meterId: number, { from, to, step }: ReadingsPeriod) {
  return useQuery({
    ...apiQuery('/meters/{meterId}/readings', { path: { meterId }, query: { from, to, step } }),
    placeholderData: keepPreviousData,
  });
}

/** Frames that were refused of the terminal beside a meter; not asked for where there are none. */
export function useMeterRefusals(
  meterId: number,
  part: { limit: number; offset: number },
  enabled: boolean,
) {
  return useQuery({
    ...apiQuery('/meters/{meterId}/refusals', { path: { meterId }, query: part }),
    placeholderData: keepPreviousData,
    enabled,
  });
}

export function useMeterRevisions(meterId: number, { from, to }: { from: string; to: string }) {
  return useQuery({
    ...apiQuery('/meters/{meterId}/revisions', { path: { meterId }, query: { from, to } }),
    placeholderData: keepPreviousData,
  });
}
