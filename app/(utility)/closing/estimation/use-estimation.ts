'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { apiPut } from '../../../api-client.ts';
import { apiQuery } from '../../../api-query.ts';
import type { ApiShapes } from '../../../api-types.ts';
import { retryOptions, useRequestKeys } from '../../../write-request.ts';

export function useEstimation() {
  return useQuery(apiQuery('/estimation', {}));
}

/** Sets how the utility estimates. */
export function useSetEstimation(onDone: () => void) {
  const client = useQueryClient();
  const keys = useRequestKeys();
  return useMutation({
    ...retryOptions,
    mutationFn: (body: ApiShapes['EstimationBody']) =>
      apiPut('/estimation', { header: keys.headerOf(body), body }),
    onSuccess: (_, body) => {
      keys.done(body);
      onDone();
      // Closings that are not issued are other ones now.
      void client.invalidateQueries();
    },
  });
}
