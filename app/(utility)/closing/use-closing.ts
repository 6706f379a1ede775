'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { GetRequest } from '../../api-client.ts';
import { apiQuery } from '../../api-query.ts';
import type { ClosingAddress } from './closing-address.ts';

export const PAGE_ROWS = 100;

export function useClosingDays() {
  return useQuery(apiQuery('/closing-days', {}));
}

/** Counts and one page of rows; the rows at hand stay until those of another filter or page are there. */
export function useClosingPreview(address: ClosingAddress | undefined) {
  const request = address && previewRequest(address);
  return useQuery({
    ...apiQuery('/closings', request ?? UNKNOWN_CLOSING),
    enabled: request !== undefined,
    placeholderData: keepPreviousData,
  });
}

function previewRequest({ closingDay, month, show, page }: ClosingAddress) {
  const query = { closingDay, month, show, offset: (page - 1) * PAGE_ROWS, limit: PAGE_ROWS };
  return { query } satisfies GetRequest<'/closings'>;
}

/** Stands in, and is not asked for, until the closing days are known. */
const UNKNOWN_CLOSING = previewRequest({ closingDay: 1, month: '', show: 'all', page: 1 });
