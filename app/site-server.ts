/** The HTTP server of the web process: how long it waits for a client. */
import { createServer, type RequestListener, type Server } from 'node:http';

/** A request's headers, and the whole of it, come within so long. Milliseconds. */
const HEADERS_TIMEOUT_MS = 15_000;
const REQUEST_TIMEOUT_MS = 30_000;
/**
 * A connection without a request stays so long. Longer than proxies keep one (nginx and most balancers: 60 s): where this side ended it
 * first, a request that the proxy has just sent on it would be answered 502, and a change might be lost. Milliseconds.
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
