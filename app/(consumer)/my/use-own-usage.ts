'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useToday } from '../../../components/shell/today.tsx';
import type { PeriodKind } from '../../../lib/usage/usage-period.ts';
import { ApiError } from '../../api-client.ts';
import { apiQuery } from '../../api-query.ts';
import { ownMonthRequest } from './own-usage-address.ts';

/**
 * The household's usage of a month, by default the latest; the previous month stays in view while another is loading.
 */
export function useOwnMonth(month: string | undefined, period: PeriodKind) {
  const today = useToday();
  return useQuery({
    ...apiQuery('/my/usage', ownMonthRequest(month, period), today),
    placeholderData: keepPreviousData,
  });
}

/** The household's usage of a day by hour. */
export function useOwnDay(day: string) {
  return useQuery({
    ...apiQuery('/my/hours', { query: { day } }),
    placeholderData: keepPreviousData,
  });
}

/** True when the requested day or month lies outside the household's occupancy, as in an old or mistyped address. */
export function isOutside(error: Error): boolean {
  return error instanceof ApiError && error.code === 'not_found';
}
