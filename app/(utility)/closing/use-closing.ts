'use client';

import { keepPreviousData, skipToken, useQuery } from '@tanstack/react-query';
import type { ClosingDaysWire, ClosingPreviewWire } from '../../../lib/closing/wire.ts';
import { apiGet } from '../../api-client.ts';
import type { ClosingAddress } from './closing-address.ts';

export const PAGE_ROWS = 100;

export function useClosingDays() {
  return useQuery({
    queryKey: ['closing-days'],
    queryFn: ({ signal }) => apiGet<ClosingDaysWire>('/closing-days', {}, signal),
  });
}

/** Counts and one page of rows; the rows at hand stay until those of another filter or page are there. */
export function useClosingPreview(address: ClosingAddress | undefined) {
  return useQuery({
    queryKey: ['closings', address],
    placeholderData: keepPreviousData,
    queryFn: address
      ? ({ signal }) => apiGet<ClosingPreviewWire>('/closings', queryOf(address), signal)
      : skipToken,
  });
}

function queryOf({ closingDay, month, show, page }: ClosingAddress) {
  return { closingDay, month, show, offset: (page - 1) * PAGE_ROWS, limit: PAGE_ROWS };
}
