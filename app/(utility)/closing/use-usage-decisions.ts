'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { apiDelete, apiPost } from '../../api-client.ts';
import type { ApiShapes } from '../../api-types.ts';
import { retryOptions, useRequestKeys } from '../../write-request.ts';

/** A decision as it is sent. */
export type DecisionBody =
  | { kind: 'certified'; body: ApiShapes['CertifiedBody'] }
  | { kind: 'correction'; body: ApiShapes['CorrectionBody'] };

/** What a decision would bill. */
export function useDecisionPreview() {
  return useMutation({
    mutationFn: ({ kind, body }: DecisionBody) =>
      kind === 'certified'
        ? apiPost('/usage-decisions/certified/preview', { body })
        : apiPost('/usage-decisions/corrections/preview', { body }),
  });
}

/** Makes a decision; with one key however often it is sent, so that it acts once. */
export function useDecide(onDone: () => void) {
  const client = useQueryClient();
  const keys = useRequestKeys();
  return useMutation({
    ...retryOptions,
    mutationFn: (decision: DecisionBody) => {
      const header = keys.headerOf(decision);
      return decision.kind === 'certified'
        ? apiPost('/usage-decisions/certified', { header, body: decision.body })
        : apiPost('/usage-decisions/corrections', { header, body: decision.body });
    },
    onSuccess: (_, decision) => {
      keys.done(decision);
      onDone();
      // The row, its closing and its differences have changed.
      void client.invalidateQueries();
    },
  });
}

export function useWithdraw() {
  const client = useQueryClient();
  const keys = useRequestKeys();
  return useMutation({
    ...retryOptions,
    mutationFn: (decisionId: number) =>
      apiDelete('/usage-decisions/{decisionId}', {
        ...{ path: { decisionId }, header: keys.headerOf(decisionId) },
      }),
    onSuccess: (_, decisionId) => keys.done(decisionId),
    onSettled: () => void client.invalidateQueries(),
  });
}
