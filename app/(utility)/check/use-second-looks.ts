'use client';

import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ListPart } from '../../../components/table/list-answer.tsx';
import { apiPost } from '../../api-client.ts';
import { apiQuery } from '../../api-query.ts';
import { retryOptions, useRequestKeys } from '../../write-request.ts';
import { proposedRequest } from './check-address.ts';

export function useProposedEdits(part: ListPart) {
  return useQuery({
    ...apiQuery('/edits', proposedRequest(part)),
    placeholderData: keepPreviousData,
  });
}

/** What the standing of a proposed edit would change. */
export function useEditPreview(editId: number) {
  return useMutation({
    mutationFn: () => apiPost('/edits/{editId}/preview', { path: { editId } }),
  });
}

/** What a person decides on a proposed edit; `agreed` null: its own author withdraws it. */
export interface SecondDecision {
  agreed: boolean | null;
  issued: readonly string[];
}

export function useSecondLook(editId: number) {
  const client = useQueryClient();
  const keys = useRequestKeys();
  return useMutation({
    ...retryOptions,
    mutationFn: ({ agreed, issued }: SecondDecision) => {
      const request = { path: { editId }, header: keys.headerOf([editId, agreed, issued]) };
      const acknowledgedClosings = [...issued];
      return agreed === null
        ? apiPost('/edits/{editId}/take-back', { ...request, body: { acknowledgedClosings } })
        : apiPost('/edits/{editId}/second', {
            ...request,
            body: { agreed, acknowledgedClosings },
          });
    },
    onSettled: () => void client.invalidateQueries(),
  });
}
