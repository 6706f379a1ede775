'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ListPart } from '../../../components/table/list-answer.tsx';
import type { GetRequest } from '../../api-client.ts';
import { apiQuery } from '../../api-query.ts';

export function useMeters(request: GetRequest<'/meters'>) {
  return useQuery({ ...apiQuery('/meters', request), placeholderData: keepPreviousData });
}

export function useMeter(meterId: number) {
  return useQuery(apiQuery('/meters/{meterId}', { path: { meterId } }));
}

export function useMeterReadings(request: GetRequest<'/meters/{meterId}/readings'>) {
  return useQuery({
    ...apiQuery('/meters/{meterId}/readings', request),
    placeholderData: keepPreviousData,
  });
}

/** Refused frames of the terminal beside a meter; not fetched when the meter has none. */
export function useMeterRefusals(meterId: number, part: ListPart, enabled: boolean) {
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
