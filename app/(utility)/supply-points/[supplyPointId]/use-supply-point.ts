'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { RegisterChangeBody } from '../../../../lib/register/register-change-wire.ts';
import { apiDelete, apiGet, apiPost } from '../../../api-client.ts';
import { apiQuery } from '../../../api-query.ts';
import type { ApiShapes } from '../../../api-types.ts';
import { retryOptions, useRequestKeys } from '../../../write-request.ts';
import type { supplyPointRequest } from './supply-point-address.ts';

type Changed = ApiShapes['RegisterChanged'];
type Change = ApiShapes['RegisterChange'];

export function useSupplyPoint(request: ReturnType<typeof supplyPointRequest>) {
  return useQuery(apiQuery('/supply-points/{supplyPointId}', request));
}

export function useChanges(supplyPointId: number) {
  return useQuery({
    queryKey: ['register-changes', supplyPointId],
    queryFn: async ({ signal }) => {
      const path = { supplyPointId };
      const { changes } = await apiGet('/supply-points/{supplyPointId}/changes', { path }, signal);
      return changes;
    },
  });
}

export function useTariffs() {
  return useQuery(apiQuery('/tariffs', {}));
}

/** Terminals that report the meter of the supply point and are not fitted there. */
export function useReportedTerminals(supplyPointId: number) {
  const path = { supplyPointId };
  return useQuery(apiQuery('/supply-points/{supplyPointId}/reported-terminals', { path }));
}

export function usePreviewChange(supplyPointId: number) {
  return useMutation({
    mutationFn: (body: RegisterChangeBody) =>
      apiPost('/supply-points/{supplyPointId}/changes/preview', { path: { supplyPointId }, body }),
  });
}

/** Registers the previewed change; with one key however often it is sent, so that it acts once. */
export function useChangeRegister(supplyPointId: number, onDone: (changed: Changed) => void) {
  const client = useQueryClient();
  const keys = useRequestKeys();
  return useMutation({
    ...retryOptions,
    mutationFn: (body: RegisterChangeBody) =>
      apiPost('/supply-points/{supplyPointId}/changes', {
        ...{ path: { supplyPointId }, header: keys.headerOf(body), body },
      }),
    onSuccess: (changed, body) => {
      keys.done(body);
      onDone(changed);
      // Lists and closings of the supply point have changed.
      void client.invalidateQueries();
    },
  });
}

export function useUndoChange(onDone: (change: Change) => void) {
  const client = useQueryClient();
  const keys = useRequestKeys();
  return useMutation({
    ...retryOptions,
    mutationFn: ({ changeId }: Change) =>
      apiDelete('/register-changes/{changeId}', {
        ...{ path: { changeId }, header: keys.headerOf(changeId) },
      }),
    onSuccess: (_, change) => {
      keys.done(change.changeId);
      onDone(change);
    },
    onSettled: () => void client.invalidateQueries(),
  });
}
