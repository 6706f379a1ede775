'use client';

import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { apiPost } from '../../api-client.ts';
import { apiQuery } from '../../api-query.ts';
import type { ApiShapes } from '../../api-types.ts';
import { retryOptions, useRequestKeys } from '../../write-request.ts';
import type { Read } from '../list-address.ts';
import { marksRequest } from './check-address.ts';

export function useMarks(read: Read) {
  return useQuery({
    ...apiQuery('/work-list/marks', marksRequest(read)),
    placeholderData: keepPreviousData,
  });
}

/** Notes that the user looked at a mark, or takes that back. */
export function useSeeMark() {
  const client = useQueryClient();
  const keys = useRequestKeys();
  return useMutation({
    ...retryOptions,
    mutationFn: (body: ApiShapes['MarkSeenBody']) =>
      apiPost('/work-list/marks/seen', { header: keys.headerOf(body), body }),
    onSuccess: (_, body) => keys.done(body),
    // Also the number in the menu and the rows of closings.
    onSettled: () => void client.invalidateQueries(),
  });
}
