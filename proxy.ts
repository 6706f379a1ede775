/**
 * Runs before every page: sets a content security policy with a fresh nonce, so that no foreign script runs, and passes
 * the requested address to the layouts, so that a sign-in can return to it.
 */
import { randomBytes } from 'node:crypto';
import { type NextRequest, NextResponse } from 'next/server';
import { NONCE_HEADER, REQUESTED_PATH_HEADER } from './app/request-headers.ts';
import { isDevelopment } from './lib/config.ts';

/** Form of a server action's id; other texts are neither looked up nor logged. */
const ACTION_ID = /^[0-9a-f]{40,44}$/;
const SAFE_METHODS = new Set(['GET', 'HEAD']);

export function proxy(request: NextRequest): NextResponse {
  if (!SAFE_METHODS.has(request.method) && !isAction(request)) {
    return new NextResponse(null, { status: 405, headers: { allow: 'GET, HEAD' } });
  }
  const nonce = randomBytes(16).toString('base64');
  const policy = contentSecurityPolicy(nonce, isDevelopment());
  const headers = new Headers(request.headers);
  headers.set(NONCE_HEADER, nonce);
  headers.set('content-security-policy', policy);
  headers.set(REQUESTED_PATH_HEADER, `${request.nextUrl.pathname}${request.nextUrl.search}`);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy);
  return response;
}

/** Pages accept no request body except that of their own actions. */
function isAction({ method, headers }: NextRequest): boolean {
  return method === 'POST' && ACTION_ID.test(headers.get('next-action') ?? '');
}

/** Styles are allowed in attributes, where the server sets widths and colours; scripts need the nonce. */
function contentSecurityPolicy(nonce: string, development: boolean): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self'${development ? ' ws:' : ''}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

export const config = {
  matcher: [{ source: '/((?!api/|_next/static|_next/image|favicon.ico).*)' }],
};
