/** Reads of the API as queries of TanStack Query: the key says path and parameters, so that server and pages agree on it. */
import { queryOptions } from '@tanstack/react-query';
import { apiGet, type GetPath, type GetRequest } from './api-client.ts';

/** The query of a resource, for `useQuery` in pages and for `withFirstAnswers` (app/first-answers.tsx) on the server. */
export function apiQuery<P extends GetPath>(path: P, request: GetRequest<P>) {
  return queryOptions({
    queryKey: [path, request] as const,
    queryFn: ({ signal }) => apiGet(path, request, signal),
  });
}
