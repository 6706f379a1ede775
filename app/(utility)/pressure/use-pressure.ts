'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { GetRequest } from '../../api-client.ts';
import { apiQuery } from '../../api-query.ts';
import { areaRequest, type PressureFilter } from './pressure-address.ts';

/** Time for which the areas count as fresh, milliseconds; they change rarely. */
const AREAS_STALE_MS = 600_000;

export function useAreas() {
  return useQuery({ ...apiQuery('/areas', {}), staleTime: AREAS_STALE_MS });
}

export function useAreaPressure(filter: PressureFilter) {
  return useQuery({
    ...apiQuery('/pressure/areas/{areaId}', areaRequest(filter)),
    placeholderData: keepPreviousData,
  });
}

export function useMeterPressures(request: GetRequest<'/pressure/areas/{areaId}/meters'>) {
  return useQuery({
    ...apiQuery('/pressure/areas/{areaId}/meters', request),
    placeholderData: keepPreviousData,
  });
}

export function useExcursions(request: GetRequest<'/pressure/areas/{areaId}/excursions'>) {
  return useQuery({
    ...apiQuery('/pressure/areas/{areaId}/excursions', request),
    placeholderData: keepPreviousData,
  });
}
