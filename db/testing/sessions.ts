/**
 * Sessions and API keys for tests of the web process, which names a utility by the token of a live session or by a live
 * key.
 */
import { createHash, randomBytes } from 'node:crypto';
import type pg from 'pg';
import type { KeyScope, StaffRole } from '../../lib/actor.ts';
import { type Claim, createDatabase, readByClaim, transactByClaim } from '../client.ts';
import type { ReadDb, Tx } from '../schema.ts';
import { createAccount } from './accounts.ts';
import type { TestDatabase } from './database.ts';

type Admin = Pick<pg.Pool, 'query'>;

export interface TestSession {
  /** Token as in the cookie. */
  token: string;
  sessionId: string;
}

/** Opens a session for an account or an occupancy, valid longer than any test. */
export async function openSession(
  admin: Admin,
  utilityId: number,
  whose: { accountId: number } | { occupancyId: number },
): Promise<TestSession> {
  const token = randomBytes(32).toString('base64url');
  const column = 'accountId' in whose ? 'account_id' : 'occupancy_id';
  const id = 'accountId' in whose ? whose.accountId : whose.occupancyId;
  const { rows } = await admin.query<{ session_id: string }>(
    `insert into session (utility_id, ${column}, token_hash, expires_at) values ($1, $2, $3, '2100-01-01')
     returning session_id`,
    [utilityId, id, createHash('sha256').update(token).digest()],
  );
  return { token, sessionId: rows[0]!.session_id };
}

/** A session of a new account. */
export async function openStaffSession(
  admin: Admin,
  utilityId: number,
  role: StaffRole = 'admin',
): Promise<TestSession & { accountId: number }> {
  const accountId = await createAccount(admin, utilityId, { role });
  return { accountId, ...(await openSession(admin, utilityId, { accountId })) };
}

export interface TestKey {
  /** Key as in the header. */
  key: string;
  keyId: number;
}

/** Issues a key that is valid longer than any test. */
export async function issueKey(
  admin: Admin,
  utilityId: number,
  scopes: readonly KeyScope[],
): Promise<TestKey> {
  const key = `kenshin_${randomBytes(32).toString('base64url')}`;
  const { rows } = await admin.query<{ api_key_id: number }>(
    `with key as (
       insert into api_key (utility_id, name, key_hash, scopes, created_at, expires_at)
       values ($1, 'a system', $2, $3, '2020-01-01', '2100-01-01') returning utility_id, api_key_id
     ), used as (
       insert into api_key_use (utility_id, api_key_id) select utility_id, api_key_id from key
     )
     select api_key_id from key`,
    [utilityId, createHash('sha256').update(key).digest(), scopes],
  );
  return { key, keyId: rows[0]!.api_key_id };
}

/** Handles of a session as the web process has them: in its role, by the token. */
export function workInSession(database: TestDatabase, sessionToken: string) {
  return workByClaim(database, { sessionToken });
}

/** Handles of a program that calls with a key. */
export function workWithKey(database: TestDatabase, key: string) {
  return workByClaim(database, { apiKey: key });
}

function workByClaim(database: TestDatabase, claim: Claim) {
  const db = createDatabase(database.webPool);
  return {
    read: <T>(fn: (db: ReadDb) => Promise<T>) => readByClaim(db, claim, fn),
    transact: <T>(fn: (tx: Tx) => Promise<T>) => transactByClaim(db, claim, fn),
  };
}
