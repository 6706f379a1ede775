/**
 * Connection pools of the web process: one each for sign-ins, look-ups of sessions, of keys, pages and files, so that
 * none waits for another; within a pool the shares of app/fair-shares.ts apply. A statement ends with its request, and
 * nothing runs before the role is known to be bound by row security.
 */
import type { Kysely } from 'kysely';
import type pg from 'pg';
import {
  assertBoundRole,
  type Claim,
  ClaimEnded,
  createDatabase,
  openPool,
  readByClaim,
  transactByClaim,
} from '../db/client.ts';
import { lendUntil } from '../db/lent-connection.ts';
import type { Database, ReadDb, Tx } from '../db/schema.ts';
import type { LiveSession } from '../lib/accounts/session.ts';
import { findLiveSession } from '../lib/accounts/session-queries.ts';
import type { SignInDatabase } from '../lib/accounts/sign-in-commands.ts';
import { type Actor, type ApiKeyActor, actorName } from '../lib/actor.ts';
import { findKeyActor } from '../lib/api-keys/api-key-queries.ts';
import { networkOf } from '../lib/client-network.ts';
import { DomainError } from '../lib/errors.ts';
import type { Share } from '../lib/fair-line.ts';
import { createFairQueue, type FairQueue } from '../lib/fair-queue.ts';
import { unavailableOr, withPageDigest } from './database-away.ts';
import { type Cost, SHARES } from './fair-shares.ts';
import type { PoolState } from './web-metrics.ts';

export type { Tx } from '../db/schema.ts';

/** How a piece of work is run. */
export interface WorkOptions {
  /**
   * `light` by default. For a file, which already has its turn: `record` writes an act and ignores the signal, `issue`
   * makes the runs of its closings.
   */
  cost?: Cost | 'record' | 'issue' | undefined;
  /** Ends the work when aborted. */
  signal?: AbortSignal | undefined;
}

/** Handles that see the utility of one actor only. */
export interface ActorWork {
  read<T>(fn: (db: ReadDb) => Promise<T>, options?: WorkOptions): Promise<T>;
  transact<T>(fn: (tx: Tx) => Promise<T>, options?: WorkOptions): Promise<T>;
}

export interface WebPools {
  /** For the work before a sign-in has an actor. */
  signInDatabase: SignInDatabase;
  /** The live session of a token, looked up in the share of the client's address. */
  findSession(token: string, address: string): Promise<LiveSession | undefined>;
  /**
   * The actor of a key, looked up in shares of its own: any client can send a made-up key, but not a made-up session
   * cookie.
   */
  findKey(key: string, address: string): Promise<ApiKeyActor | undefined>;
  /** Handles of an actor. Each transaction states the claim again, so that after its end nothing is read or written. */
  workOf(actor: Actor, claim: Claim): ActorWork;
  state(): PoolState[];
}

/** Longest statement of a page; a longer one is an error, and its connection is needed by other pages. */
const PAGE_TIMEOUT_MS = 15_000;
const SIGN_IN_TIMEOUT_MS = 10_000;
const LOOK_UP_TIMEOUT_MS = 5_000;
/** Longest statement of a file, or pause while it is made. */
const FILE_TIMEOUT_MS = 10 * 60_000;
/** Time for the server to end a statement before the connection is given up. */
const GRACE_MS = 5_000;
/** A turn implies a free connection, so a longer wait means that the database is unreachable. */
const CONNECT_TIMEOUT_MS = 3_000;
const CLIENT_CHECK_MS = 2_000;

const SIZES = {
  sessions: SHARES.session.atOnce,
  keys: SHARES.key.atOnce,
  'sign-in': 4,
  pages: SHARES.light.atOnce + SHARES.heavy.atOnce,
  /** Each file being made may record an act and issue closings at the same time. */
  files: SHARES.file.atOnce * 3,
};
type PoolName = keyof typeof SIZES;

export function openPools(url: string, onIdleError: (error: Error) => void): WebPools {
  const open = (name: PoolName, statementTimeoutMs: number, hasQueryTimeout = true): pg.Pool =>
    openPool(url, {
      applicationName: `kenshin web ${name}`,
      max: SIZES[name],
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      statementTimeoutMs,
      clientCheckMs: CLIENT_CHECK_MS,
      onIdleError,
      ...(hasQueryTimeout && { queryTimeoutMs: statementTimeoutMs + GRACE_MS }),
    });
  const pools: Record<PoolName, pg.Pool> = {
    sessions: open('sessions', LOOK_UP_TIMEOUT_MS),
    keys: open('keys', LOOK_UP_TIMEOUT_MS),
    'sign-in': open('sign-in', SIGN_IN_TIMEOUT_MS),
    pages: open('pages', PAGE_TIMEOUT_MS),
    // No limit for the whole query: the driver would include the time of the file's receiver.
    files: open('files', FILE_TIMEOUT_MS, false),
  };
  const queues = {
    session: createFairQueue(SHARES.session),
    key: createFairQueue(SHARES.key),
    light: createFairQueue(SHARES.light),
    heavy: createFairQueue(SHARES.heavy),
    file: createFairQueue(SHARES.file),
  };
  const guarded = createGuard(pools.sessions);
  const sessions = createDatabase(pools.sessions);
  const signIns = createDatabase(pools['sign-in']);
  const keys = createDatabase(pools.keys);
  const shareOf = (address: string, member: string) => ({ group: networkOf(address), member });
  return {
    signInDatabase: { lookUp: (fn) => withDigest(guarded(() => fn(signIns))) },
    findSession: (token, address) => {
      const find = () => guarded(() => findLiveSession(sessions, token));
      return withDigest(queues.session.run(shareOf(address, token), find));
    },
    findKey: (key, address) => {
      const find = () => guarded(() => findKeyActor(keys, key));
      return withDigest(queues.key.run(shareOf(address, key), find));
    },
    workOf: (actor, claim) => workOf(actor, claim, { pools, queues, guarded }),
    state: () => stateOf(pools, queues),
  };
}

type Guard = <T>(work: () => Promise<T>) => Promise<T>;

/** Runs nothing until the role is known to be bound; tells an unreachable database from other errors. */
function createGuard(pool: pg.Pool): Guard {
  let isBound = false;
  return async (work) => {
    try {
      if (!isBound) await assertBoundRole(pool, 'kenshin_web');
      isBound = true;
      return await work();
    } catch (error) {
      throw refusalOf(error);
    }
  };
}

function refusalOf(error: unknown): unknown {
  return error instanceof ClaimEnded
    ? new DomainError('unauthenticated', error.message)
    : unavailableOr(error);
}

async function withDigest<T>(work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    throw withPageDigest(error);
  });
}

interface Works {
  pools: Record<PoolName, pg.Pool>;
  queues: Record<Cost, FairQueue>;
  guarded: Guard;
}

function workOf(actor: Actor, claim: Claim, { pools, queues, guarded }: Works): ActorWork {
  // By person, who may have several sessions, or by key.
  const share: Share = { group: `${actor.utilityId}`, member: actorName(actor) };
  // All keys of a utility share one file turn, so that people always have the other.
  const ofFile = actor.kind === 'key' ? { ...share, member: 'keys' } : share;
  const run = <T>(
    { cost = 'light', signal }: WorkOptions,
    work: (db: Kysely<Database>) => Promise<T>,
  ): Promise<T> => {
    if (cost === 'record') return guarded(() => work(createDatabase(pools.files)));
    const pool = cost === 'file' || cost === 'issue' ? pools.files : pools.pages;
    const lent = signal ? lendUntil(pool, signal) : pool;
    const begin = () => guarded(() => work(createDatabase(lent)));
    if (cost === 'issue') return begin();
    return withDigest(queues[cost].run(cost === 'file' ? ofFile : share, begin, signal));
  };
  return {
    read: (fn, options = {}) => run(options, (db) => readByClaim(db, claim, fn)),
    transact: (fn, options = {}) => run(options, (db) => transactByClaim(db, claim, fn)),
  };
}

function stateOf(pools: Record<PoolName, pg.Pool>, queues: Record<string, FairQueue>): PoolState[] {
  const ofPools = Object.entries(pools).map(([name, pool]) => ({
    name,
    inUse: pool.totalCount - pool.idleCount,
    waiting: pool.waitingCount,
  }));
  const ofQueues = Object.entries(queues).map(([name, { running, waiting }]) => ({
    name: `${name} turns`,
    inUse: running,
    waiting,
  }));
  return [...ofPools, ...ofQueues];
}
