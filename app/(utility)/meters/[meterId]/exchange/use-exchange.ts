'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { apiDelete, apiGet, apiPost } from '../../../../api-client.ts';
import { apiQuery } from '../../../../api-query.ts';
import type { ApiShapes } from '../../../../api-types.ts';
import { retryOptions, useRequestKeys } from '../../../../write-request.ts';

type ExchangeBody = ApiShapes['ExchangeBody'];
type ExchangedWire = ApiShapes['Exchanged'];
type ExchangeWire = ApiShapes['Exchange'];
type UndoneExchangeWire = ApiShapes['UndoneExchange'];

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
  const keys = useRequestKeys();
  return useMutation({
    ...retryOptions,
    mutationFn: (body: ExchangeBody) =>
      apiPost('/meters/{meterId}/exchanges', {
        ...{ path: { meterId }, header: keys.headerOf(body), body },
      }),
    onSuccess: (exchanged, body) => {
      keys.done(body);
      onDone(exchanged);
      // Readings, lists and closings of the supply point have changed.
      void client.invalidateQueries();
    },
  });
}

/** Serials that the terminal beside the meter reports and that are not fitted there. */
export function useReportedSerials(meterId: number) {
  return useQuery(apiQuery('/meters/{meterId}/reported-serials', { path: { meterId } }));
}

export function useUndoExchange(onDone: (undone: UndoneExchangeWire, of: ExchangeWire) => void) {
  const client = useQueryClient();
  const keys = useRequestKeys();
  return useMutation({
    ...retryOptions,
    mutationFn: ({ exchangeId }: ExchangeWire) =>
      apiDelete('/exchanges/{exchangeId}', {
        ...{ path: { exchangeId }, header: keys.headerOf(exchangeId) },
      }),
    onSuccess: (undone, exchange) => {
      keys.done(exchange.exchangeId);
      onDone(undone, exchange);
    },
    onSettled: () => void client.invalidateQueries(),
  });
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
