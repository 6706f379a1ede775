'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useToday } from '../../../components/shell/today.tsx';
import type { OwnDayWire, OwnMonthWire } from '../../../lib/usage/wire.ts';
import { ApiError, apiGet } from '../../api-client.ts';

/** A month of one's own, the latest without one; the one before stays in view while another is fetched. */
export function useOwnMonth(month: string | undefined) {
  const today = useToday();
  return useQuery({
    queryKey: ['my', 'usage', month ?? `latest on ${today}`],
    queryFn: ({ signal }) => apiGet<OwnMonthWire>('/my/usage', { month }, signal),
    placeholderData: keepPreviousData,
  });
}

/** A day of one's own by hour; asks nothing until a day is chosen. */
export function useOwnDay(day: string | undefined) {
  return useQuery({
    queryKey: ['my', 'hours', day],
    queryFn: ({ signal }) => apiGet<OwnDayWire>('/my/hours', { day }, signal),
    placeholderData: keepPreviousData,
    enabled: day !== undefined,
  });
}

/** True when what was asked lies outside the household's time: an address typed by hand or kept from before. */
export function isOutside(error: Error): boolean {
  return error instanceof ApiError && error.code === 'not_found';
}
