import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import {
  type Actor,
  type ApiKeyActor,
  asKeyScope,
  type KeyScope,
  requireCapability,
} from '../actor.ts';
import { hashApiKey } from './api-key.ts';

interface ClaimedRow {
  utility_id: number;
  api_key_id: number;
  name: string;
  scopes: string[];
}

/** The actor of a valid key; undefined when the key is unknown, revoked or expired. */
export async function findKeyActor(db: ReadDb, key: string): Promise<ApiKeyActor | undefined> {
  const { rows } = await sql<ClaimedRow>`select * from claim_api_key(${key})`.execute(db);
  const row = rows[0];
  if (!row) return undefined;
  const { utility_id: utilityId, api_key_id: keyId, name } = row;
  return { kind: 'key', utilityId, keyId, name, scopes: row.scopes.map(asKeyScope) };
}

export interface ApiKeyRow {
  keyId: number;
  name: string;
  scopes: KeyScope[];
  state: 'live' | 'expired' | 'revoked';
  createdAt: Date;
  expiresAt: Date;
  revokedAt: Date | null;
  /** JST day of the last use. */
  lastUsedOn: string | null;
}

/** Keys of the actor's utility in the order in which they were issued, including invalid ones. */
export async function listApiKeys(
  db: ReadDb,
  actor: Actor,
  { now }: { now: Date },
): Promise<ApiKeyRow[]> {
  requireCapability(actor, 'register.write');
  const rows = await db
    .selectFrom('api_key as k')
    .leftJoin('api_key_use as u', (join) =>
      join.onRef('u.utility_id', '=', 'k.utility_id').onRef('u.api_key_id', '=', 'k.api_key_id'),
    )
    .select(['k.api_key_id', 'name', 'scopes', 'created_at', 'expires_at', 'revoked_at'])
    .select('last_used_on')
    .where('k.utility_id', '=', actor.utilityId)
    .orderBy('k.api_key_id')
    .execute();
  return rows.map((row) => ({
    keyId: row.api_key_id,
    name: row.name,
    scopes: row.scopes.map(asKeyScope),
    state: stateOf(row, now),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    lastUsedOn: row.last_used_on,
  }));
}

function stateOf(
  row: { expires_at: Date; revoked_at: Date | null },
  now: Date,
): ApiKeyRow['state'] {
  if (row.revoked_at) return 'revoked';
  return row.expires_at > now ? 'live' : 'expired';
}

/** True when a key of the actor's utility is not revoked and is valid beyond an instant. */
export async function lastsBeyond(
  db: ReadDb,
  actor: Actor,
  { key, at }: { key: string; at: Date },
): Promise<boolean> {
  requireCapability(actor, 'register.write');
  const row = await db
    .selectFrom('api_key')
    .select('api_key_id')
    .where('utility_id', '=', actor.utilityId)
    .where('key_hash', '=', hashApiKey(key))
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', at)
    .executeTakeFirst();
  return row !== undefined;
}
