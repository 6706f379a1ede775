/** Issues and revokes API keys. Each act is recorded in the audit, never with the key itself. */
import type { Tx } from '../../db/schema.ts';
import { type Actor, KEY_SCOPES, type KeyScope, requireCapability } from '../actor.ts';
import { recordAct } from '../audit/audit-commands.ts';
import { DomainError, invalidInput } from '../errors.ts';
import { acceptName } from '../plain-name.ts';
import { hashApiKey, MAX_KEY_DAYS, newApiKey } from './api-key.ts';

const DAY_MS = 24 * 3_600_000;

export interface NewApiKey {
  /** The program that uses it, not a person. */
  name: string;
  /** At least one. */
  scopes: readonly KeyScope[];
  /** Lifetime from `now` in days, 1 to 730. */
  days: number;
  now: Date;
}

export interface IssuedApiKey {
  keyId: number;
  /** Shown only this once. */
  key: string;
  expiresAt: Date;
}

/**
 * Issues a key of the actor's utility.
 * @throws DomainError `forbidden`; `invalid_input` for an invalid name, scopes or number of days.
 */
export async function issueApiKey(tx: Tx, actor: Actor, input: NewApiKey): Promise<IssuedApiKey> {
  requireCapability(actor, 'register.write');
  const { days, now } = input;
  const name = acceptName('name', input.name);
  const scopes = KEY_SCOPES.filter((scope) => input.scopes.includes(scope));
  if (scopes.length === 0) throw invalidInput([{ field: 'scope', message: 'give one at least' }]);
  if (!Number.isInteger(days) || days < 1 || days > MAX_KEY_DAYS) {
    throw invalidInput([{ field: 'days', message: `give 1 to ${MAX_KEY_DAYS}` }]);
  }
  const key = newApiKey();
  const expiresAt = new Date(now.getTime() + days * DAY_MS);
  const { api_key_id: keyId } = await tx
    .insertInto('api_key')
    .values({
      utility_id: actor.utilityId,
      name,
      key_hash: hashApiKey(key),
      scopes,
      created_at: now,
      expires_at: expiresAt,
      revoked_at: null,
    })
    .returning('api_key_id')
    .executeTakeFirstOrThrow();
  await tx
    .insertInto('api_key_use')
    .values({ utility_id: actor.utilityId, api_key_id: keyId, last_used_on: null })
    .execute();
  const detail = { name, scopes, expiresAt };
  await recordAct(tx, actor, { act: 'api-key.issued', subject: `key:${keyId}`, detail });
  return { keyId, key, expiresAt };
}

/**
 * Revokes a key; it is invalid from the next request on.
 * @throws DomainError `forbidden`; `not_found`; `conflict` when it is revoked already.
 */
export async function revokeApiKey(
  tx: Tx,
  actor: Actor,
  { keyId, now }: { keyId: number; now: Date },
): Promise<{ name: string }> {
  requireCapability(actor, 'register.write');
  const key = await tx
    .selectFrom('api_key')
    .select(['name', 'revoked_at'])
    .where('utility_id', '=', actor.utilityId)
    .where('api_key_id', '=', keyId)
    .forUpdate()
    .executeTakeFirst();
  if (!key) throw new DomainError('not_found', `there is no key ${keyId}`, { keyId });
  if (key.revoked_at) throw new DomainError('conflict', `key ${keyId} is revoked already`);
  await tx
    .updateTable('api_key')
    .set({ revoked_at: now })
    .where('utility_id', '=', actor.utilityId)
    .where('api_key_id', '=', keyId)
    .execute();
  const { name } = key;
  await recordAct(tx, actor, {
    act: 'api-key.revoked',
    subject: `key:${keyId}`,
    detail: { name },
  });
  return { name };
}
