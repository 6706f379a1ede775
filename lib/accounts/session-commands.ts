/** Ending sessions. */
import { sql } from 'kysely';
import type { Tx } from '../../db/schema.ts';
import type { Actor } from '../actor.ts';
import type { SignedInActor } from './session.ts';

/** Ends the actor's own session. Ending it twice changes nothing. */
export async function signOut(tx: Tx, actor: SignedInActor): Promise<void> {
  await endSession(tx, actor, false);
}

/** Ends every session of the actor, this one included, and returns how many there were. */
export function signOutEverywhere(tx: Tx, actor: SignedInActor): Promise<number> {
  return endSession(tx, actor, true);
}

/** By the database's own function, which records the act too: the web process changes no session by itself. */
async function endSession(tx: Tx, actor: SignedInActor, everywhere: boolean): Promise<number> {
  const { rows } = await sql<{ ended: number }>`
    select end_session(${actor.sessionId}::uuid, ${everywhere}) as ended`.execute(tx);
  return rows[0]?.ended ?? 0;
}

/**
 * Ends all sessions of an account or occupancy at `now` and returns how many of them were live then; the act is the
 * caller's to record. One that is past its end by `now` is revoked too: the database, by whose clock a session ends, may
 * still take it for live.
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
