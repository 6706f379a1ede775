/** Ending sessions. */
import { sql } from 'kysely';
import type { Tx } from '../../db/schema.ts';
import type { Actor } from '../actor.ts';
import type { SignedInActor } from './session.ts';

/** Ends the actor's own session; idempotent. */
export async function signOut(tx: Tx, actor: SignedInActor): Promise<void> {
  await endSession(tx, actor, false);
}

/** Ends every session of the actor, including this one, and returns their number. */
export function signOutEverywhere(tx: Tx, actor: SignedInActor): Promise<number> {
  return endSession(tx, actor, true);
}

/** Through a function of the database, which also records the act: the web process may not update sessions. */
async function endSession(tx: Tx, actor: SignedInActor, everywhere: boolean): Promise<number> {
  const { rows } = await sql<{ ended: number }>`
    select end_session(${actor.sessionId}::uuid, ${everywhere}) as ended`.execute(tx);
  return rows[0]?.ended ?? 0;
}

/**
 * Ends all sessions of an account or occupancy at `now` and returns how many were live; the caller records the act.
 * Sessions that have expired by `now` are revoked too, because by the clock of the database they may still be valid.
 */
export async function revokeSessions(
  tx: Tx,
  actor: Actor,
  { column, id, now }: { column: 'account_id' | 'occupancy_id'; id: number; now: Date },
): Promise<number> {
  const ended = await tx
    .updateTable('session')
    .set({ revoked_at: now })
    .where('utility_id', '=', actor.utilityId)
    .where(column, '=', id)
    .where('revoked_at', 'is', null)
    .returning('expires_at')
    .execute();
  return ended.filter(({ expires_at }) => expires_at > now).length;
}
