/**
 * Context of pages and API routes, from a request's cookie or, for the API, its key: the actor, and database handles
 * that see that actor's utility only. Connections are those of app/pools.ts.
 */
import { hkdfSync } from 'node:crypto';
import { cookies, headers } from 'next/headers';
import { cache } from 'react';
import type { LiveSession, SignedInActor } from '../lib/accounts/session.ts';
import { findSignInUtility } from '../lib/accounts/session-queries.ts';
import type { ApiKeyActor } from '../lib/actor.ts';
import { readWebConfig, type WebConfig } from '../lib/config.ts';
import { DomainError } from '../lib/errors.ts';
import { type AuthSettings, readSessionCookie } from './auth.ts';
import { readBearerKey } from './bearer-key.ts';
import { clientAddress } from './client-address.ts';
import { log, outsideLog } from './log.ts';
import { type ActorWork, openPools, type WebPools } from './pools.ts';
import { requestInstant } from './request-instant.ts';
import { sessionCookieName } from './session-cookie.ts';
import { webMetrics } from './web-metrics.ts';

/** The callers of the API: people who signed in, and programs with a key. */
export type ApiActor = SignedInActor | ApiKeyActor;

/** What a route of the API works with. Both handles open a transaction with the actor's utility set. */
export interface RequestContext<A extends ApiActor = ApiActor> extends ActorWork {
  actor: A;
  /** Name of the desk or post for staff, customer number for a consumer, name of a key. */
  displayName: string;
  /** Instant of the request; answers are as of then. */
  now: Date;
}

/** Context of a page; only people open pages. */
export type PageContext = RequestContext<SignedInActor>;

/** Refused sign-ins of each reason that are logged one by one in a minute; further ones are counted. */
const REFUSALS_A_MINUTE = 30;
/** Maximum length of next-auth's codes in the log. */
const CODE_LENGTH = 60;

interface Web {
  config: WebConfig;
  secure: boolean;
  pools: WebPools;
  auth: AuthSettings;
}

/** Kept across reloads of modules in development, each of which would open new pools. */
const kept = globalThis as typeof globalThis & { kenshinWebProcess?: Web };

function web(): Web {
  kept.kenshinWebProcess ??= openWeb();
  return kept.kenshinWebProcess;
}

/** Does not connect yet, so that the process can start before its database. */
function openWeb(): Web {
  const config = readWebConfig();
  const secure = config.NEXTAUTH_URL.startsWith('https:');
  const pools = openPools(config.DATABASE_URL, (error) =>
    log.warn({ err: error }, 'an idle database connection was lost'),
  );
  webMetrics().pools = pools.state;
  const { signInDatabase } = pools;
  const refusals = outsideLog(REFUSALS_A_MINUTE);
  const auth: AuthSettings = {
    secret: config.NEXTAUTH_SECRET,
    deviceKey: Buffer.from(hkdfSync('sha256', config.NEXTAUTH_SECRET, '', 'device cookie', 32)),
    secure,
    signInDatabase,
    onFault: (fault) => log.error({ err: fault }, 'a sign-in failed by a fault of ours'),
    onComplaint: (code) => {
      refusals.info({ code: code.slice(0, CODE_LENGTH) }, 'a request was refused');
    },
    onRefused: ({ reason, ...refused }) => {
      webMetrics().signIn(reason);
      refusals.warn({ reason, ...refused }, 'a sign-in was refused');
    },
    onAccepted: () => webMetrics().signIn('accepted'),
  };
  return { config, secure, pools, auth };
}

/** Settings of the sign-in: see app/auth.ts. */
export function authSettings(): AuthSettings {
  return web().auth;
}

/** The address of a request's client: see app/client-address.ts. */
export function addressOf(headers: Headers): string {
  return clientAddress(headers, web().config.KENSHIN_TRUSTED_PROXIES);
}

/** Origin of this site; `secure` over https. */
export function site(): { origin: string; secure: boolean } {
  const { config, secure } = web();
  return { origin: new URL(config.NEXTAUTH_URL).origin, secure };
}

/** The operator's contact for reports of weaknesses, if configured. */
export function securityContact(): string | undefined {
  return web().config.KENSHIN_SECURITY_CONTACT;
}

/** A context without its instant. */
type Opened<A extends ApiActor> = Omit<RequestContext<A>, 'now'>;

const openSession = cache(async (): Promise<Opened<SignedInActor> | undefined> => {
  const { config, pools, secure } = web();
  const cookie = (await cookies()).get(sessionCookieName(secure))?.value;
  const token = await readSessionCookie(cookie, config.NEXTAUTH_SECRET);
  if (!token) return undefined;
  const address = clientAddress(await headers(), config.KENSHIN_TRUSTED_PROXIES);
  const session = await pools.findSession(token, address);
  return session && openedOf(session, token, pools);
});

/** Context of a live session: its handles see the actor's utility only. */
function openedOf(
  { actor, displayName }: LiveSession,
  sessionToken: string,
  pools: WebPools,
): Opened<SignedInActor> {
  return { actor, displayName, ...pools.workOf(actor, { sessionToken }) };
}

/** Context of this request by its cookie; undefined without a live session. */
export async function findPageContext(): Promise<PageContext | undefined> {
  const opened = await openSession();
  return opened && { ...opened, now: requestInstant() };
}

/**
 * Context of a request to the API: by its `Authorization` header if present, else by its cookie. A header without a
 * live key is refused even beside a valid cookie.
 * @param now the instant of the request
 * @throws DomainError `unauthenticated`
 */
export async function requestContext(request: Request, now: Date): Promise<RequestContext> {
  const authorization = request.headers.get('authorization');
  const opened =
    authorization === null
      ? await openSession()
      : await openByKey(authorization, addressOf(request.headers));
  if (opened) return { ...opened, now };
  throw new DomainError(
    'unauthenticated',
    authorization === null ? 'sign in first' : 'this key is unknown, revoked or past its end',
  );
}

async function openByKey(
  authorization: string,
  address: string,
): Promise<Opened<ApiKeyActor> | undefined> {
  const { pools } = web();
  const apiKey = readBearerKey(authorization);
  if (apiKey === undefined) return undefined;
  const actor = await pools.findKey(apiKey, address);
  return actor && { actor, displayName: actor.name, ...pools.workOf(actor, { apiKey }) };
}

/** The utility of a sign-in page: see findSignInUtility. */
export async function signInUtility(
  code: string | undefined,
): Promise<{ code: string; name: string } | undefined> {
  const { signInDatabase } = web().pools;
  return signInDatabase.lookUp((db) => findSignInUtility(db, code));
}
