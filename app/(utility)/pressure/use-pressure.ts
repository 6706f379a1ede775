'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type {
  AreaPressureWire,
  AreasWire,
  ExcursionsWire,
  MeterPressuresWire,
} from '../../../lib/pressure/wire.ts';
import { apiGet } from '../../api-client.ts';

export interface PressureAsked {
  areaId: number;
  from: string;
  to: string;
}

/** Areas change rarely. Milliseconds. */
const AREAS_STALE_MS = 600_000;

export function useAreas() {
  return useQuery({
    queryKey: ['areas'],
    queryFn: ({ signal }) => apiGet<AreasWire>('/areas', {}, signal),
    staleTime: AREAS_STALE_MS,
  });
}

export function useAreaPressure({ areaId, from, to }: PressureAsked) {
  return useQuery({
    queryKey: ['pressure', areaId, from, to],
    queryFn: ({ signal }) =>
      apiGet<AreaPressureWire>(`/pressure/areas/${areaId}`, { from, to }, signal),
    placeholderData: keepPreviousData,
  });
}

export function useMeterPressures(
  { areaId, from, to }: PressureAsked,
  page: { limit: number; offset: number },
) {
  return useQuery({
    queryKey: ['pressure-meters', areaId, from, to, page],
    queryFn: ({ signal }) =>
      apiGet<MeterPressuresWire>(`/pressure/areas/${areaId}/meters`, { from, to, ...page }, signal),
    placeholderData: keepPreviousData,
  });
}

export function useExcursions(
  { areaId, from, to }: PressureAsked,
  page: { limit: number; offset: number },
) {
  return useQuery({
    queryKey: ['pressure-excursions', areaId, from, to, page],
    queryFn: ({ signal }) =>
      apiGet<ExcursionsWire>(`/pressure/areas/${areaId}/excursions`, { from, to, ...page }, signal),
    placeholderData: keepPreviousData,
  });
}
