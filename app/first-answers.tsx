/**
 * The first answers of a page, which come with its HTML: nobody waits for script, list and figure in a row. They are asked
 * of the API itself, within the process, so that rights, limits, shares and the audit are those of the routes.
 */
import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query';
import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import { api } from './api/v1/process-api.ts';
import { apiUrl, type GetAnswer, type GetPath, type GetRequest } from './api-client.ts';
import { apiQuery } from './api-query.ts';
import { site } from './context.ts';

/** Longer than this no page waits with its HTML; what is not there by then, the page asks for itself. Milliseconds. */
const PATIENCE_MS = 2_500;

/** Asks for an answer; undefined where it is refused, fails or takes too long. The page then shows why by itself. */
export type Ask = <P extends GetPath>(
  path: P,
  request: GetRequest<P>,
  /** As in apiQuery. */
  asOf?: string,
) => Promise<GetAnswer<P> | undefined>;

interface FirstAnswersProps {
  /** Asks, one after the other or at once, for what the page shows first. */
  asks: (ask: Ask) => Promise<unknown>;
  children: ReactNode;
}

/** Gives the page in it the answers that it asks for first. */
export async function FirstAnswers({ asks, children }: FirstAnswersProps) {
  const given = await headers();
  if (!isDocument(given)) return children;
  const client = new QueryClient();
  const init = { headers: withoutCaller(given), signal: AbortSignal.timeout(PATIENCE_MS) };
  await asks(async (path, request, asOf) => {
    const response = await api.request(new URL(apiUrl(path, request), site().origin), init);
    if (!response.ok) return undefined;
    const answer = await response.json();
    client.setQueryData(apiQuery(path, request, asOf).queryKey, answer);
    return answer;
  });
  return <HydrationBoundary state={dehydrate(client)}>{children}</HydrationBoundary>;
}

/** True when the browser loads a page, false when one that is there goes on to another: that one asks by itself. */
function isDocument(given: Headers): boolean {
  return (given.get('sec-fetch-dest') ?? 'document') === 'document';
}

/** What says which page or program made the request is left out: the page is asking, as the user of its cookie. */
function withoutCaller(given: Headers): Headers {
  const own = new Headers(given);
  for (const name of ['authorization', 'origin', 'sec-fetch-site']) own.delete(name);
  return own;
}
