/** HTTP server of the web process, with its time limits for clients. */
import { createServer, type RequestListener, type Server } from 'node:http';

/** Deadline for a request's headers, and for the whole of it. Milliseconds. */
const HEADERS_TIMEOUT_MS = 15_000;
const REQUEST_TIMEOUT_MS = 30_000;
/**
 * Longest idle time of a connection, milliseconds. Above that of proxies (nginx and most balancers: 60 s): a connection
 * closed here first would make the proxy answer 502 to a request just sent on it, and a change might be lost.
 */
const KEEP_ALIVE_TIMEOUT_MS = 75_000;

export function createSiteServer(listener: RequestListener): Server {
  return createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    },
    listener,
  );
}
