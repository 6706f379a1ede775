'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ClosingPreviewWire } from '../../../lib/closing/closing-wire.ts';
import { apiQuery } from '../../api-query.ts';
import { type ClosingAddress, previewRequest, type RowKey, rowRequest } from './closing-address.ts';

/** Interval at which a closing is fetched again while its reports are arriving, milliseconds. */
const LIVE_MS = 60_000;

export function useClosingDays() {
  return useQuery(apiQuery('/closing-days', {}));
}

/** Placeholders until what they stand for is known; no request is made for them. */
const UNKNOWN_CLOSING: ClosingAddress = {
  ...{ closingDay: 1, month: '', show: 'all', search: '', page: 1, row: undefined },
};
const UNKNOWN_ROW: RowKey = { customerNumber: '', supplyPointNumber: '', kind: 'regular' };

/**
 * Counts and one page of rows; the previous rows stay until those of another filter or page are loaded. Fetched again
 * while reports are awaited and the page is seen.
 */
export function useClosingPreview(address: ClosingAddress | undefined) {
  return useQuery({
    ...apiQuery('/closings', previewRequest(address ?? UNKNOWN_CLOSING)),
    enabled: address !== undefined,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      address !== undefined && isLive(address, state.data) ? LIVE_MS : false,
  });
}

/**
 * True while a closing is fetched again by itself: until it is ready, and on the first page only, because each reading of
 * another page is recorded.
 */
export function isLive(
  { page }: Pick<ClosingAddress, 'page'>,
  preview: Pick<ClosingPreviewWire, 'closed' | 'ready'> | undefined,
): boolean {
  return preview?.closed === true && !preview.ready && page === 1;
}

/** What the open row was made of; fetched again with the rows, since both have the same instant. */
export function useClosingRow(address: ClosingAddress | undefined, asOf: string | undefined) {
  const row = address?.row;
  return useQuery({
    ...apiQuery('/closings/row', rowRequest(address ?? UNKNOWN_CLOSING, row ?? UNKNOWN_ROW), asOf),
    enabled: address !== undefined && row !== undefined && asOf !== undefined,
    placeholderData: (previous) => (isOf(previous?.row, row) ? previous : undefined),
  });
}

function isOf(shown: RowKey | undefined, asked: RowKey | undefined): boolean {
  return (
    shown?.customerNumber === asked?.customerNumber &&
    shown?.supplyPointNumber === asked?.supplyPointNumber &&
    shown?.kind === asked?.kind
  );
}
