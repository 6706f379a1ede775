/**
 * The one place of the web process that opens a connection: the pool, and from a request's cookie the context in which
 * pages and API routes work: who acts, and handles that see that actor's utility and no other.
 */
import { hkdfSync } from 'node:crypto';
import { cookies } from 'next/headers';
import { cache } from 'react';
import { assertBoundRole, createDatabase, openPool, readAs, transactAs } from '../db/client.ts';
import type { ReadDb, Tx } from '../db/schema.ts';
import { findLiveSession, findSignInUtility } from '../lib/accounts/queries.ts';
import type { LiveSession, SignedInActor } from '../lib/accounts/session.ts';
import { signOut } from '../lib/accounts/session-commands.ts';
import type { Entrance } from '../lib/accounts/sign-in-commands.ts';
import { readWebConfig, type WebConfig } from '../lib/config.ts';
import { DomainError } from '../lib/errors.ts';
import { type AuthSettings, readSessionCookie } from './auth.ts';
import { clientAddress } from './client-address.ts';
import { unavailableOr } from './database-away.ts';
import { log } from './log.ts';
import { createSampledLog } from './sampled-log.ts';
import { sessionCookieName } from './session-cookie.ts';

/** What a page or an API route works with. Both handles open a transaction with the actor's utility set. */
export interface RequestContext {
  actor: SignedInActor;
  /** A desk or post for staff, the customer number for a consumer. */
  displayName: string;
  read<T>(fn: (db: ReadDb) => Promise<T>): Promise<T>;
  /** `isLong` for what may take minutes: it has connections of its own, so that pages never wait for it. */
  transact<T>(fn: (tx: Tx) => Promise<T>, options?: { isLong?: boolean }): Promise<T>;
}

/** What a page waits for at most; more is a fault, and its connection is wanted by others. */
const PAGE_TIMEOUT_MS = 30_000;
/** Given to the server to end a statement by itself before the connection is given up. */
const GRACE_MS = 5_000;
/** For a statement of a file, or a pause in its making. */
const LONG_TIMEOUT_MS = 10 * 60_000;
/** Refused sign-ins that the log has line by line, of each reason; more are counted. */
const REFUSALS_A_MINUTE = 30;
/** As many files as are made at once: see app/api/v1/downloads.ts. */
const LONG_CONNECTIONS = 4;

interface Web {
  config: WebConfig;
  secure: boolean;
  entrance: WebEntrance;
  auth: AuthSettings;
}

interface WebEntrance extends Entrance {
  transactLong: Entrance['transact'];
}

/** Survives the reloading of modules in development, which would open a new pool at each change. */
const kept = globalThis as typeof globalThis & { kenshinWebProcess?: Web };

function web(): Web {
  kept.kenshinWebProcess ??= openWeb();
  return kept.kenshinWebProcess;
}

/** Connects to nothing yet: a process that starts before its database serves as soon as that is there. */
function openWeb(): Web {
  const config = readWebConfig();
  const secure = config.NEXTAUTH_URL.startsWith('https:');
  const entrance = openEntrance(config.DATABASE_URL);
  const refusals = createSampledLog(
    (fields, message) => log.warn(fields, message),
    'a sign-in was refused',
    REFUSALS_A_MINUTE,
  );
  const auth: AuthSettings = {
    secret: config.NEXTAUTH_SECRET,
    deviceKey: Buffer.from(hkdfSync('sha256', config.NEXTAUTH_SECRET, '', 'device cookie', 32)),
    secure,
    entrance,
    onFault: (fault) => log.error({ err: fault }, 'a sign-in failed by a fault of ours'),
    onRefused: ({ reason, ...refused }) => refusals.note(reason, refused),
    endSession: (token) => endSession(entrance, token),
  };
  return { config, secure, entrance, auth };
}

/** The pools behind an entrance that lets nothing through until its role was seen to be bound by row security. */
function openEntrance(url: string): WebEntrance {
  const onIdleError = (error: Error) =>
    log.warn({ err: error }, 'an idle database connection was lost');
  const pool = openPool(url, {
    applicationName: 'kenshin web',
    statementTimeoutMs: PAGE_TIMEOUT_MS,
    queryTimeoutMs: PAGE_TIMEOUT_MS + GRACE_MS,
    onIdleError,
  });
  // Without a time for the whole query: the driver would count the time that the receiver of the file takes.
  const longPool = openPool(url, {
    applicationName: 'kenshin web files',
    max: LONG_CONNECTIONS,
    statementTimeoutMs: LONG_TIMEOUT_MS,
    onIdleError,
  });
  const db = createDatabase(pool);
  const longDb = createDatabase(longPool);
  let isBound = false;
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      if (!isBound) await assertBoundRole(pool);
      isBound = true;
      return await work();
    } catch (error) {
      throw unavailableOr(error);
    }
  };
  return {
    lookUp: (fn) => guarded(() => fn(db)),
    transact: (utilityId, fn) => guarded(() => transactAs(db, utilityId, fn)),
    transactLong: (utilityId, fn) => guarded(() => transactAs(longDb, utilityId, fn)),
    read: (utilityId, fn) => guarded(() => readAs(db, utilityId, fn)),
  };
}

async function endSession(entrance: Entrance, token: string): Promise<void> {
  const session = await entrance.lookUp((db) => findLiveSession(db, token));
  if (!session) return;
  const { actor } = session;
  await entrance.transact(actor.utilityId, (tx) => signOut(tx, actor));
}

/** What signing in works with: see app/auth.ts. */
export function authSettings(): AuthSettings {
  return web().auth;
}

/** The address of a request's client: see app/client-address.ts. */
export function addressOf(headers: Headers): string {
  return clientAddress(headers, web().config.KENSHIN_TRUSTED_PROXIES);
}

/** Where this site is reached; `secure` where that is over https. */
export function site(): { origin: string; secure: boolean } {
  const { config, secure } = web();
  return { origin: new URL(config.NEXTAUTH_URL).origin, secure };
}

const openContext = cache(async (): Promise<RequestContext | undefined> => {
  const { config, entrance, secure } = web();
  const cookie = (await cookies()).get(sessionCookieName(secure))?.value;
  const token = await readSessionCookie(cookie, config.NEXTAUTH_SECRET);
  if (!token) return undefined;
  const session = await entrance.lookUp((db) => findLiveSession(db, token));
  return session && contextOf(session, entrance);
});

/** The context of a live session: its handles see the actor's utility and no other. */
function contextOf(session: LiveSession, entrance: WebEntrance): RequestContext {
  const { actor, displayName } = session;
  return {
    actor,
    displayName,
    read: (fn) => entrance.read(actor.utilityId, fn),
    transact: (fn, { isLong = false } = {}) =>
      isLong ? entrance.transactLong(actor.utilityId, fn) : entrance.transact(actor.utilityId, fn),
  };
}

/** The context of this request, or nothing when nobody is signed in. */
export function findRequestContext(): Promise<RequestContext | undefined> {
  return openContext();
}

/** @throws DomainError `unauthenticated` when nobody is signed in. */
export async function requestContext(): Promise<RequestContext> {
  const context = await openContext();
  if (context) return context;
  throw new DomainError('unauthenticated', 'sign in first');
}

/** The utility that a sign-in page is for: see findSignInUtility. */
export async function signInUtility(
  code: string | undefined,
): Promise<{ code: string; name: string } | undefined> {
  const { entrance } = web();
  return entrance.lookUp((db) => findSignInUtility(db, code));
}
