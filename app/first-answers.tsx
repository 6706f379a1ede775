/**
 * First answers of a page, sent within its HTML so that the browser need not fetch script, list and figures in
 * sequence. They come from the API inside the process, with the same rights, limits, shares and audit as requests.
 */
import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query';
import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import { api } from './api/v1/process-api.ts';
import { apiUrl, type GetAnswer, type GetPath, type GetRequest } from './api-client.ts';
import { apiQuery } from './api-query.ts';
import { site } from './context.ts';

/** Longest wait of a page's HTML for its answers, milliseconds; the page fetches missing ones itself. */
const PATIENCE_MS = 2_500;

/**
 * Fetches an answer; undefined when it is refused, fails or is too slow. The page then fetches it and shows the reason.
 */
export type Ask = <P extends GetPath>(
  path: P,
  request: GetRequest<P>,
  /** As in apiQuery. */
  asOf?: string,
) => Promise<GetAnswer<P> | undefined>;

interface FirstAnswersProps {
  /** Fetches, in sequence or at once, what the page shows first. */
  asks: (ask: Ask) => Promise<unknown>;
  children: ReactNode;
}

/** Gives its children the answers that they show first. */
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

/** True when the browser loads a document; false for navigation within the app, where the page fetches by itself. */
function isDocument(given: Headers): boolean {
  return (given.get('sec-fetch-dest') ?? 'document') === 'document';
}

/** The headers without those that identify the calling page or program: the page asks as the user of its cookie. */
function withoutCaller(given: Headers): Headers {
  const own = new Headers(given);
  for (const name of ['authorization', 'origin', 'sec-fetch-site']) own.delete(name);
  return own;
}
