'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ListPart } from '../../../components/table/list-answer.tsx';
import { apiQuery } from '../../api-query.ts';
import { areaRequest, type PressureFilter, pressureListRequest } from './pressure-place.ts';

/** Areas change rarely. Milliseconds. */
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

export function useMeterPressures(filter: PressureFilter, part: ListPart) {
  return useQuery({
    ...apiQuery('/pressure/areas/{areaId}/meters', pressureListRequest(filter, part)),
    placeholderData: keepPreviousData,
  });
}

export function useExcursions(filter: PressureFilter, part: ListPart) {
  return useQuery({
    ...apiQuery('/pressure/areas/{areaId}/excursions', pressureListRequest(filter, part)),
    placeholderData: keepPreviousData,
  });
}
