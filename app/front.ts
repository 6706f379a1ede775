/**
 * Checks of every request before Next handles it. Refused here, for all routes: methods that no page uses, addresses
 * that are not paths or cannot be decoded, the image optimizer (unused), and bodies longer than that of any form.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { DomainError } from '../lib/errors.ts';
import { CLIENT_GONE, METHODS } from './http-terms.ts';
import { logOf, type Problem, type ProblemLog, problemOf } from './respond.ts';
import type { WebMetrics } from './web-metrics.ts';

export interface FrontHost {
  log: ProblemLog;
  metrics: Pick<WebMetrics, 'answered' | 'refused'>;
  /** Address of the client: see app/client-address.ts. */
  addressOf: (request: IncomingMessage) => string;
}

/** Longest body, above that of any form or change of this site. */
export const MAX_BODY_BYTES = 16 * 1024;

const METHOD_NOT_ALLOWED = 405;

/** Handler of the site behind these checks. */
type Handle = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/**
 * Listener that refuses invalid requests, counts the answers, and passes the others to `handle`. An error of `handle`
 * is logged and answered 500, or ends an answer that has begun.
 */
export function createFront(handle: Handle, host: FrontHost): RequestListener {
  return (request, response) => {
    measure(request, response, host.metrics);
    const refusal = refusalOf(request);
    if (refusal) {
      refuse(request, response, problemFor(refusal, request, host));
      return;
    }
    limitBody(request, () =>
      refuse(request, response, problemFor({ error: tooLarge() }, request, host)),
    );
    const handled = async (): Promise<void> => handle(request, response);
    handled().catch((error: unknown) => {
      // Handlers also fail when the client has disconnected or its request was refused meanwhile.
      if (response.writableEnded || response.destroyed) return;
      refuse(request, response, problemFor({ error }, request, host));
    });
  };
}

interface Refusal {
  error: unknown;
  status?: number;
}

function refusalOf(request: IncomingMessage): Refusal | undefined {
  const path = pathOf(request);
  if (!METHODS.has(request.method ?? '')) {
    const error = new DomainError('invalid_input', 'this site does not answer to that method');
    return { error, status: METHOD_NOT_ALLOWED };
  }
  // Next fails at `*` and at absolute addresses, as sent to a proxy.
  if (!path.startsWith('/')) {
    return { error: new DomainError('invalid_input', 'an address begins with a slash') };
  }
  if (!isDecodable(path)) {
    return { error: new DomainError('invalid_input', 'the address is not well encoded') };
  }
  if (/^\/+_next\/image/.test(path)) {
    return { error: new DomainError('not_found', 'there are no such images') };
  }
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) return { error: tooLarge() };
  return undefined;
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?')[0] ?? '/';
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

function tooLarge(): DomainError {
  return new DomainError('too_large', `a request has ${MAX_BODY_BYTES} bytes or fewer`);
}

function problemFor(
  { error, status }: Refusal,
  request: IncomingMessage,
  { log, metrics, addressOf }: FrontHost,
): Problem {
  const where = { method: request.method, path: pathOf(request), address: addressOf(request) };
  const problem = problemOf(error, logOf(log, where));
  metrics.refused(problem.code);
  return { ...problem, status: status ?? problem.status };
}

/** Answers and closes the connection without reading the rest of the request. */
function refuse(request: IncomingMessage, response: ServerResponse, problem: Problem): void {
  const end = (): void => void request.destroy();
  if (response.headersSent) {
    end();
    return;
  }
  const hasBody = 'content-length' in request.headers || 'transfer-encoding' in request.headers;
  response.writeHead(problem.status, {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    ...(hasBody && { connection: 'close' }),
  });
  response.end(JSON.stringify(problem), hasBody ? end : undefined);
}

/**
 * Counts the body as it arrives, whichever code reads it, by wrapping `push`, through which Node adds each piece. A
 * declared length is not relied upon, because a chunked body has none.
 */
function limitBody(request: IncomingMessage, refuseBody: () => void): void {
  const push = request.push.bind(request);
  let bytes = 0;
  let isRefused = false;
  request.push = (piece: Buffer | null, encoding?: BufferEncoding) => {
    bytes += piece?.length ?? 0;
    if (bytes <= MAX_BODY_BYTES) return push(piece, encoding);
    if (!isRefused) refuseBody();
    isRefused = true;
    return false;
  };
}

function measure(
  request: IncomingMessage,
  response: ServerResponse,
  metrics: FrontHost['metrics'],
): void {
  const begin = performance.now();
  const requestLine = { method: request.method ?? '', path: pathOf(request) };
  response.once('close', () => {
    const status = response.writableFinished ? response.statusCode : CLIENT_GONE;
    metrics.answered(requestLine, status, (performance.now() - begin) / 1000);
  });
}
