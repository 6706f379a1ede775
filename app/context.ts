/**
 * The one place of the web process that opens a connection: the pool, and from a request's cookie the context in which
 * pages and API routes work: who acts, and handles that see that actor's utility and no other.
 */
import { cookies } from 'next/headers';
import type { NextAuthOptions } from 'next-auth';
import { cache } from 'react';
import { assertBoundRole, createDatabase, openPool, readAs, transactAs } from '../db/client.ts';
import type { ReadDb, Tx } from '../db/schema.ts';
import { signOut } from '../lib/accounts/commands.ts';
import { findLiveSession, findSignInUtility } from '../lib/accounts/queries.ts';
import type { LiveSession, SignedInActor } from '../lib/accounts/session.ts';
import type { Entrance } from '../lib/accounts/sign-in-commands.ts';
import { readWebConfig, type WebConfig } from '../lib/config.ts';
import { DomainError } from '../lib/errors.ts';
import { createAuthOptions, readSessionCookie, sessionCookieName } from './auth.ts';
import { unavailableOr } from './database-away.ts';
import { log } from './log.ts';

/** What a page or an API route works with. Both handles open a transaction with the actor's utility set. */
export interface RequestContext {
  actor: SignedInActor;
  /** A desk or post for staff, the customer number for a consumer. */
  displayName: string;
  read<T>(fn: (db: ReadDb) => Promise<T>): Promise<T>;
  transact<T>(fn: (tx: Tx) => Promise<T>): Promise<T>;
}

interface Web {
  config: WebConfig;
  secure: boolean;
  entrance: Entrance;
  authOptions: NextAuthOptions;
}

/** Survives the reloading of modules in development, which would open a new pool at each change. */
const kept = globalThis as typeof globalThis & { kenshinWeb?: Promise<Web> };

function web(): Promise<Web> {
  kept.kenshinWeb ??= openWeb().catch((error: unknown) => {
    kept.kenshinWeb = undefined;
    throw unavailableOr(error);
  });
  return kept.kenshinWeb;
}

async function openWeb(): Promise<Web> {
  const config = readWebConfig();
  const pool = openPool(config.DATABASE_URL, {
    applicationName: 'kenshin web',
    onIdleError: (error) => log.warn({ err: error }, 'an idle database connection was lost'),
  });
  await assertBoundRole(pool).catch(async (error: unknown) => {
    await pool.end();
    throw error;
  });
  const db = createDatabase(pool);
  const entrance: Entrance = {
    lookUp: (fn) => guarded(fn(db)),
    transact: (utilityId, fn) => guarded(transactAs(db, utilityId, fn)),
    read: (utilityId, fn) => guarded(readAs(db, utilityId, fn)),
  };
  const secure = config.NEXTAUTH_URL.startsWith('https:');
  const authOptions = createAuthOptions({
    secret: config.NEXTAUTH_SECRET,
    secure,
    entrance,
    onFault: (fault) => log.error({ err: fault }, 'a sign-in failed by a fault of ours'),
    endSession: (sessionId) => endSession(entrance, sessionId),
  });
  return { config, secure, entrance, authOptions };
}

async function guarded<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw unavailableOr(error);
  }
}

async function endSession(entrance: Entrance, sessionId: string): Promise<void> {
  const session = await entrance.lookUp((db) => findLiveSession(db, sessionId));
  if (!session) return;
  const { actor } = session;
  await entrance.transact(actor.utilityId, (tx) => signOut(tx, actor));
}

/** Options for next-auth's own route. */
export async function authOptions(): Promise<NextAuthOptions> {
  return (await web()).authOptions;
}

/** Where this site is reached, and how its session cookie is called. */
export async function site(): Promise<{ origin: string; sessionCookie: string; secure: boolean }> {
  const { config, secure } = await web();
  return {
    origin: new URL(config.NEXTAUTH_URL).origin,
    sessionCookie: sessionCookieName(secure),
    secure,
  };
}

const openContext = cache(async (): Promise<RequestContext | undefined> => {
  const { config, entrance, secure } = await web();
  const cookie = (await cookies()).get(sessionCookieName(secure))?.value;
  const sessionId = await readSessionCookie(cookie, config.NEXTAUTH_SECRET);
  if (!sessionId) return undefined;
  const session = await entrance.lookUp((db) => findLiveSession(db, sessionId));
  return session && contextOf(session, entrance);
});

/** The context of a live session: its handles see the actor's utility and no other. */
function contextOf(session: LiveSession, entrance: Entrance): RequestContext {
  const { actor, displayName } = session;
  return {
    actor,
    displayName,
    read: (fn) => entrance.read(actor.utilityId, fn),
    transact: (fn) => entrance.transact(actor.utilityId, fn),
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
  const { entrance } = await web();
  return entrance.lookUp((db) => findSignInUtility(db, code));
}
