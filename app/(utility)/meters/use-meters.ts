'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type {
  MeterDetailWire,
  MeterPageWire,
  MeterReadingsWire,
  MeterRevisionsWire,
} from '../../../lib/meters/wire.ts';
import type { RefusalsWire } from '../../../lib/readings/refusal-wire.ts';
import { apiGet } from '../../api-client.ts';

export interface MetersAsked {
  q: string | undefined;
  areaId: string | undefined;
  sort: string;
  order: 'asc' | 'desc';
  limit: number;
  offset: number;
}

export function useMeters(asked: MetersAsked) {
  return useQuery({
    queryKey: ['meters', asked],
    queryFn: ({ signal }) => apiGet<MeterPageWire>('/meters', { ...asked }, signal),
    placeholderData: keepPreviousData,
  });
}

export function useMeter(meterId: number) {
  return useQuery({
    queryKey: ['meter', meterId],
    queryFn: ({ signal }) => apiGet<MeterDetailWire>(`/meters/${meterId}`, {}, signal),
  });
}

export interface ReadingsAsked {
  from: string;
  to: string;
  step: 'hour' | 'day';
}

export function useMeterReadings(meterId: number, asked: ReadingsAsked) {
  return useQuery({
    queryKey: ['meter-readings', meterId, asked],
    queryFn: ({ signal }) =>
      apiGet<MeterReadingsWire>(`/meters/${meterId}/readings`, { ...asked }, signal),
    placeholderData: keepPreviousData,
  });
}

/** Frames that were refused of the terminal beside a meter; not asked for where there are none. */
export function useMeterRefusals(
  meterId: number,
  page: { limit: number; offset: number },
  enabled: boolean,
) {
  return useQuery({
    queryKey: ['meter-refusals', meterId, page],
    queryFn: ({ signal }) =>
      apiGet<RefusalsWire>(`/meters/${meterId}/refusals`, { ...page }, signal),
    placeholderData: keepPreviousData,
    enabled,
  });
}

export function useMeterRevisions(meterId: number, { from, to }: { from: string; to: string }) {
  return useQuery({
    queryKey: ['meter-revisions', meterId, from, to],
    queryFn: ({ signal }) =>
      apiGet<MeterRevisionsWire>(`/meters/${meterId}/revisions`, { from, to }, signal),
    placeholderData: keepPreviousData,
  });
}
