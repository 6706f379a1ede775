'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { apiDelete, apiPost, apiPut } from '../../../api-client.ts';
import { apiQuery } from '../../../api-query.ts';
import type { ApiShapes } from '../../../api-types.ts';
import { retryOptions, useRequestKeys } from '../../../write-request.ts';

export function usePlaceEstimation(supplyPoint: string) {
  return useQuery(apiQuery('/estimation/place', { query: { supplyPoint } }));
}

/** A change of what is known of a place. */
export type PlaceChange =
  | { kind: 'circumstance'; body: ApiShapes['CircumstanceBody'] }
  | { kind: 'factor'; body: ApiShapes['VolumeFactorBody'] }
  | { kind: 'withdrawal'; circumstanceId: number };

/** Sends a change; with one key however often it is sent, so that it acts once. */
export function useChangePlace(supplyPoint: string, onDone: (change: PlaceChange) => void) {
  const client = useQueryClient();
  const keys = useRequestKeys();
  return useMutation({
    ...retryOptions,
    mutationFn: async (change: PlaceChange): Promise<void> => {
      const header = keys.headerOf(change);
      const query = { supplyPoint };
      switch (change.kind) {
        case 'circumstance':
          await apiPost('/estimation/circumstances', { query, header, body: change.body });
          return;
        case 'factor':
          await apiPut('/estimation/factors', { query, header, body: change.body });
          return;
        case 'withdrawal':
          await apiDelete('/estimation/circumstances/{circumstanceId}', {
            ...{ path: { circumstanceId: change.circumstanceId }, header },
          });
      }
    },
    onSuccess: (_, change) => {
      keys.done(change);
      onDone(change);
    },
    onSettled: () => void client.invalidateQueries(),
  });
}
