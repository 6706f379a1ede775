'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { ApiError, apiDelete, apiGet, apiPost, newRequestKey } from '../../../../api-client.ts';
import type { ApiShapes } from '../../../../api-types.ts';

type ExchangeBody = ApiShapes['ExchangeBody'];
type ExchangedWire = ApiShapes['Exchanged'];
type ExchangeWire = ApiShapes['Exchange'];
type UndoneExchangeWire = ApiShapes['UndoneExchange'];

const RETRIES = 3;
const RETRY_AFTER_MS = 2_000;

/** Retry after a lost answer, or while a first request is running: with the same key, so that it acts once. */
const sentAgain = {
  retry: (count: number, error: Error) =>
    count < RETRIES &&
    error instanceof ApiError &&
    (error.code === 'offline' || error.retryAfterS !== undefined),
  retryDelay: (_: number, error: Error) =>
    error instanceof ApiError && error.retryAfterS !== undefined
      ? error.retryAfterS * 1_000
      : RETRY_AFTER_MS,
};

export function usePreview(meterId: number) {
  return useMutation({
    mutationFn: (body: ExchangeBody) =>
      apiPost('/meters/{meterId}/exchanges/preview', { path: { meterId }, body }),
  });
}

/**
 * Registers the previewed exchange; with one key however often it is sent, so that it acts once. `onDone` is called
 * before the page refetches the meter, which removes the form.
 */
export function useExchangeMeter(meterId: number, onDone: (exchanged: ExchangedWire) => void) {
  const client = useQueryClient();
  const keyOf = useKeys();
  return useMutation({
    ...sentAgain,
    mutationFn: (body: ExchangeBody) => {
      const header = { 'Idempotency-Key': keyOf(JSON.stringify(body)) };
      return apiPost('/meters/{meterId}/exchanges', { path: { meterId }, header, body });
    },
    onSuccess: (exchanged) => {
      onDone(exchanged);
      // Readings, lists and closings of the supply point have changed.
      void client.invalidateQueries();
    },
  });
}

export function useUndoExchange(onDone: (undone: UndoneExchangeWire, of: ExchangeWire) => void) {
  const client = useQueryClient();
  const keyOf = useKeys();
  return useMutation({
    ...sentAgain,
    mutationFn: ({ exchangeId }: ExchangeWire) => {
      const header = { 'Idempotency-Key': keyOf(String(exchangeId)) };
      return apiDelete('/exchanges/{exchangeId}', { path: { exchangeId }, header });
    },
    onSuccess: onDone,
    onSettled: () => void client.invalidateQueries(),
  });
}

/** Idempotency key for each change that this page sends, the same for the same change. */
function useKeys(): (change: string) => string {
  const keys = useRef(new Map<string, string>());
  return (change) => {
    const key = keys.current.get(change) ?? newRequestKey();
    keys.current.set(change, key);
    return key;
  };
}

/** Exchanges of a meter, each with the records that rest on it. */
export function useExchanges(meterId: number) {
  return useQuery({
    queryKey: ['exchanges', meterId],
    queryFn: async ({ signal }) => {
      const { exchanges } = await apiGet(
        '/meters/{meterId}/exchanges',
        { path: { meterId } },
        signal,
      );
      return Promise.all(
        exchanges.map(({ exchangeId }) =>
          apiGet('/exchanges/{exchangeId}', { path: { exchangeId } }, signal),
        ),
      );
    },
  });
}
