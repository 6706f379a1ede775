/** Answer of next-auth's route: next-auth's own, with status and cookies by the outcome of the sign-in. */
import type { NextRequest } from 'next/server';
import type { NextAuthOptions } from 'next-auth';
import { DomainError, type Refusal } from '../lib/errors.ts';
import { type AuthRequest, createAuthOptions } from './auth.ts';
import { addressOf, authSettings } from './context.ts';
import { deviceCookieName, sessionCookieName } from './session-cookie.ts';

const DEVICE_COOKIE_SECONDS = 365 * 24 * 3600;

/** Runs next-auth for a request to `/api/auth/<path>` received at `now`, with the options of that request. */
export async function answerAuth(
  { request, now }: { request: NextRequest; now: Date },
  [action, kind]: string[],
  run: (options: NextAuthOptions) => Promise<Response>,
): Promise<Response> {
  const settings = authSettings();
  const { secure } = settings;
  const authRequest: AuthRequest = {
    address: addressOf(request.headers),
    device: request.cookies.get(deviceCookieName(secure))?.value,
    session: request.cookies.get(sessionCookieName(secure))?.value,
    now,
    signal: request.signal,
  };
  const response = await run(createAuthOptions(settings, authRequest, kind));
  const answer = withOutcome(response, authRequest.outcome, secure);
  return action === 'session' ? withoutCookie(answer, sessionCookieName(secure)) : answer;
}

/**
 * Adds the outcome to next-auth's response. After a sign-in the device cookie is set. A temporary refusal has the
 * status 429 (locked name) or 503 (full queue) and `Retry-After`; the page reads the body either way.
 */
export function withOutcome(
  response: Response,
  outcome: AuthRequest['outcome'],
  secure: boolean,
): Response {
  const headers = new Headers(response.headers);
  if (!outcome) return response;
  if (!(outcome instanceof DomainError)) {
    headers.append('set-cookie', deviceCookie(outcome.deviceCookie, secure));
    return new Response(response.body, { status: response.status, headers });
  }
  const retryAfterS = retryOf(outcome);
  if (retryAfterS === undefined) return response;
  headers.set('retry-after', String(retryAfterS));
  const status = outcome.code === 'locked' ? 429 : 503;
  return new Response(response.body, { status, headers });
}

function retryOf({ code, details }: Refusal): number | undefined {
  return code === 'locked' || code === 'busy' || code === 'unavailable'
    ? details.retryAfterS
    : undefined;
}

function deviceCookie(value: string, secure: boolean): string {
  const attributes = [`Max-Age=${DEVICE_COOKIE_SECONDS}`, 'Path=/', 'HttpOnly', 'SameSite=Lax'];
  return [
    `${deviceCookieName(secure)}=${value}`,
    ...attributes,
    ...(secure ? ['Secure'] : []),
  ].join('; ');
}

/** Removes the renewed session cookie from an answer about the session: reading it must not prolong it. */
export function withoutCookie(response: Response, name: string): Response {
  const headers = new Headers(response.headers);
  const cookies = headers.getSetCookie().filter((cookie) => !cookie.startsWith(`${name}=`));
  headers.delete('set-cookie');
  for (const cookie of cookies) headers.append('set-cookie', cookie);
  return new Response(response.body, { status: response.status, headers });
}
