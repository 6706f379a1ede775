/**
 * Runs before every page: gives each answer a content security policy with a fresh nonce, so that no script runs that
 * the page did not bring, and tells the layouts which address was asked for, so that a sign-in can lead back to it.
 */
import { randomBytes } from 'node:crypto';
import { type NextRequest, NextResponse } from 'next/server';
import { NONCE_HEADER, REQUESTED_PATH_HEADER } from './app/request-headers.ts';
import { isDevelopment } from './lib/config.ts';

/** The id of a server action as the build makes it; what is none is not looked up, and leaves no line in the log. */
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

/** Pages take nothing but the actions that they bring themselves. */
function isAction({ method, headers }: NextRequest): boolean {
  return method === 'POST' && ACTION_ID.test(headers.get('next-action') ?? '');
}

/** Styles may stand in attributes (the server draws widths and colours so); scripts need the nonce. */
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
