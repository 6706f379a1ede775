'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { apiPost } from '../../../../api-client.ts';
import { apiQuery } from '../../../../api-query.ts';
import type { ApiShapes } from '../../../../api-types.ts';
import { retryOptions, useRequestKeys } from '../../../../write-request.ts';

type EditBody = ApiShapes['EditBody'];
type EditPreviewBody = ApiShapes['EditPreviewBody'];

/** All edits of a meter. */
export function useMeterEdits(meterId: number) {
  return useQuery(apiQuery('/meters/{meterId}/edits', { path: { meterId } }));
}

export function useEditPreview(meterId: number) {
  return useMutation({
    mutationFn: (body: EditPreviewBody) =>
      apiPost('/meters/{meterId}/edits/preview', { path: { meterId }, body }),
  });
}

/** What deciding on an edit would change. */
export function useDecisionPreview() {
  return useMutation({
    mutationFn: (editId: number) => apiPost('/edits/{editId}/preview', { path: { editId } }),
  });
}

/** Makes the previewed edit; with one key however often it is sent, so that it acts once. */
export function useEditReading(meterId: number, onDone: (made: ApiShapes['EditMade']) => void) {
  const client = useQueryClient();
  const keys = useRequestKeys();
  return useMutation({
    ...retryOptions,
    mutationFn: (body: EditBody) =>
      apiPost('/meters/{meterId}/edits', {
        ...{ path: { meterId }, header: keys.headerOf(body), body },
      }),
    onSuccess: (made, body) => {
      keys.done(body);
      onDone(made);
      // Readings, lists and closings of the supply point have changed.
      void client.invalidateQueries();
    },
  });
}

/** A decision on an edit: the second look, or taking it back. */
export interface EditDecision {
  editId: number;
  act: 'agree' | 'refuse' | 'take-back';
  acknowledgedClosings: string[];
}

export function useEditDecision(onDone: (decided: ApiShapes['EditDecided']) => void) {
  const client = useQueryClient();
  const keys = useRequestKeys();
  return useMutation({
    ...retryOptions,
    mutationFn: (decision: EditDecision) => {
      const { editId, act, acknowledgedClosings } = decision;
      const request = { path: { editId }, header: keys.headerOf(decision) };
      return act === 'take-back'
        ? apiPost('/edits/{editId}/take-back', { ...request, body: { acknowledgedClosings } })
        : apiPost('/edits/{editId}/second', {
            ...request,
            body: { agreed: act === 'agree', acknowledgedClosings },
          });
    },
    onSuccess: (decided, decision) => {
      keys.done(decision);
      onDone(decided);
    },
    onSettled: () => void client.invalidateQueries(),
  });
}
