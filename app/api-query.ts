/**
 * TanStack queries of the API's reads. The key consists of path and parameters, so that server and pages share answers.
 */
import { queryOptions } from '@tanstack/react-query';
import { apiGet, type GetPath, type GetRequest } from './api-client.ts';

/**
 * Query of a resource, for `useQuery` in pages and for the first answers (app/first-answers.tsx) on the server.
 * @param asOf what the answer depends on besides the request: the day, when the request means the latest of something
 */
export function apiQuery<P extends GetPath>(path: P, request: GetRequest<P>, asOf?: string) {
  return queryOptions({
    queryKey: [path, request, asOf] as const,
    queryFn: ({ signal }) => apiGet(path, request, signal),
  });
}
