'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { apiQuery } from '../../api-query.ts';

export interface PressureFilter {
  areaId: number;
  from: string;
  to: string;
}

interface ListPart {
  limit: number;
  offset: number;
}

/** Areas change rarely. Milliseconds. */
const AREAS_STALE_MS = 600_000;

export function useAreas() {
  return useQuery({ ...apiQuery('/areas', {}), staleTime: AREAS_STALE_MS });
}

export function useAreaPressure({ areaId, from, to }: PressureFilter) {
  return useQuery({
    ...apiQuery('/pressure/areas/{areaId}', { path: { areaId }, query: { from, to } }),
    placeholderData: keepPreviousData,
  });
}

export function useMeterPressures({ areaId, from, to }: PressureFilter, part: ListPart) {
  return useQuery({
    ...apiQuery('/pressure/areas/{areaId}/meters', {
      path: { areaId },
      query: { from, to, ...part },
    }),
    placeholderData: keepPreviousData,
  });
}

export function useExcursions({ areaId, from, to }: PressureFilter, part: ListPart) {
  return useQuery({
    ...apiQuery('/pressure/areas/{areaId}/excursions', {
      path: { areaId },
      query: { from, to, ...part },
    }),
    placeholderData: keepPreviousData,
  });
}
