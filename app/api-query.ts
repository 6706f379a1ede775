/** Reads of the API as queries of TanStack Query: the key says path and parameters, so that server and pages agree on it. */
import { queryOptions } from '@tanstack/react-query';
import { apiGet, type GetPath, type GetRequest } from './api-client.ts';

/**
 * The query of a resource, for `useQuery` in pages and for the first answers (app/first-answers.tsx) on the server.
 * @param asOf what the answer depends on beside the request: the day, where the request means the latest of something
 */
export function apiQuery<P extends GetPath>(path: P, request: GetRequest<P>, asOf?: string) {
  return queryOptions({
    queryKey: [path, request, asOf] as const,
    queryFn: ({ signal }) => apiGet(path, request, signal),
  });
}
