'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useToday } from '../../../components/shell/today.tsx';
import { ApiError } from '../../api-client.ts';
import { apiQuery } from '../../api-query.ts';

/** A month of one's own, the latest without one; the one before stays in view while another is fetched. */
export function useOwnMonth(month: string | undefined) {
  const today = useToday();
  return useQuery({
    ...apiQuery('/my/usage', { query: { month } }, today),
    placeholderData: keepPreviousData,
  });
}

/** A day of one's own by hour. */
export function useOwnDay(day: string) {
  return useQuery({
    ...apiQuery('/my/hours', { query: { day } }),
    placeholderData: keepPreviousData,
  });
}

/** True when what was asked lies outside the household's time: an address typed by hand or kept from before. */
export function isOutside(error: Error): boolean {
  return error instanceof ApiError && error.code === 'not_found';
}
