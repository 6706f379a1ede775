// Idempotent change requests: a request that the client sends again, because its answer was lost, acts once for its
// key.
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Tx } from '../../db/schema.ts';
import { type Actor, actorName } from '../actor.ts';
import { codeOf, conflictingField, DomainError } from '../errors.ts';

/** A request with the key that the client made for it. */
export interface WriteRequest {
  key: string;
  /** Method and path. */
  route: string;
  /** Validated body; its JSON form is compared. */
  body: unknown;
}

/** Answer of a request. */
export interface Answer<T> {
  status: number;
  /** Address of the created resource. */
  location?: string;
  body: T;
}

/** Time a request waits for a running one with the same key; then it is refused with a retry time. */
const WAIT_MS = 2_000;
const RETRY_AFTER_S = 2;
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Runs `act` once for an actor's key and stores its answer in the same transaction: the same request gets the stored
 * answer, and a crash in between leaves neither. A refusal of `act` is not stored, so that a corrected request may use
 * the key again. Answers are kept for seven days. Errors: conflict (the key was used for another request, or the first
 * one is still running: `retryAfterS`).
 */
export async function actOnce<T>(
  tx: Tx,
  actor: Actor,
  request: WriteRequest,
  act: () => Promise<Answer<T>>,
): Promise<Answer<T> & { replayed: boolean }> {
  const isFirst = await takeKey(tx, actor, request);
  if (!isFirst) return { ...(await keptAnswer<T>(tx, actor, request)), replayed: true };
  const answer = await act();
  await tx
    .updateTable('write_request')
    .set({
      status: answer.status,
      location: answer.location ?? null,
      answer: JSON.stringify(answer.body),
    })
    .where('utility_id', '=', actor.utilityId)
    .where('actor', '=', actorName(actor))
    .where('key', '=', request.key)
    .execute();
  return { ...answer, replayed: false };
}

/** False when the key is taken; waits for a transaction that is taking it. */
async function takeKey(tx: Tx, actor: Actor, request: WriteRequest): Promise<boolean> {
  await sql`select set_config('lock_timeout', ${String(WAIT_MS)}, true)`.execute(tx);
  const taken = await tx
    .insertInto('write_request')
    .values({
      ...{ utility_id: actor.utilityId, actor: actorName(actor), key: request.key },
      ...{ route: request.route, body_hash: hashOf(request.body) },
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('key')
    .executeTakeFirst()
    .catch((error: unknown) => {
      throw codeOf(error) === LOCK_NOT_AVAILABLE ? underWay() : error;
    });
  await sql`select set_config('lock_timeout', '0', true)`.execute(tx);
  return taken !== undefined;
}

function underWay(): DomainError {
  return new DomainError('conflict', 'the first request with this key is being worked on', {
    retryAfterS: RETRY_AFTER_S,
  });
}

async function keptAnswer<T>(tx: Tx, actor: Actor, request: WriteRequest): Promise<Answer<T>> {
  const kept = await tx
    .selectFrom('write_request')
    .select(['route', 'body_hash', 'status', 'location', 'answer'])
    .where('utility_id', '=', actor.utilityId)
    .where('actor', '=', actorName(actor))
    .where('key', '=', request.key)
    .executeTakeFirst();
  if (!kept || kept.status === null) throw underWay();
  if (kept.route !== request.route || !kept.body_hash.equals(hashOf(request.body))) {
    const message = 'this key was used for another request: make a new one for this';
    throw conflictingField('Idempotency-Key', message, 'key-used');
  }
  return {
    status: kept.status,
    ...(kept.location !== null && { location: kept.location }),
    // The stored answer of the same route and body.
    body: kept.answer as T,
  };
}

function hashOf(body: unknown): Buffer {
  return createHash('sha256')
    .update(JSON.stringify(body ?? null))
    .digest();
}
