'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { apiQuery } from '../../api-query.ts';
import { type ClosingAddress, previewRequest } from './closing-address.ts';

export function useClosingDays() {
  return useQuery(apiQuery('/closing-days', {}));
}

/** Placeholder until the closing days are loaded; no request is made for it. */
const UNKNOWN_CLOSING: ClosingAddress = { closingDay: 1, month: '', show: 'all', page: 1 };

/** Counts and one page of rows; the previous rows stay until those of another filter or page are loaded. */
export function useClosingPreview(address: ClosingAddress | undefined) {
  return useQuery({
    ...apiQuery('/closings', previewRequest(address ?? UNKNOWN_CLOSING)),
    enabled: address !== undefined,
    placeholderData: keepPreviousData,
  });
}
