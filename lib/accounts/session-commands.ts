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

/** Ends the live sessions of an account or occupancy and returns how many there were; the act is the caller's to record. */
export async function revokeSessions(
  tx: Tx,
  actor: Actor,
  whose: { column: 'account_id' | 'occupancy_id'; id: number },
): Promise<number> {
  const ended = await tx
    .updateTable('session')
    .set({ revoked_at: new Date() })
    .where('utility_id', '=', actor.utilityId)
    .where(whose.column, '=', whose.id)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', new Date())
    .executeTakeFirst();
  return Number(ended.numUpdatedRows);
}
