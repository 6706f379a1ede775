/** Ending sessions. */
import type { Tx } from '../../db/schema.ts';
import { type Actor, actorName } from '../actor.ts';
import { recordAct } from '../audit/commands.ts';
import type { SignedInActor } from './session.ts';

/** Ends the actor's own session. Ending it twice changes nothing. */
export async function signOut(tx: Tx, actor: SignedInActor): Promise<void> {
  const ended = await tx
    .updateTable('session')
    .set({ revoked_at: new Date() })
    .where('utility_id', '=', actor.utilityId)
    .where('session_id', '=', actor.sessionId)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  if (!ended.numUpdatedRows) return;
  const { sessionId } = actor;
  await recordAct(tx, actor, {
    act: 'session.ended',
    subject: actorName(actor),
    detail: { sessionId },
  });
}

/** Ends every session of the actor, this one included, and returns how many there were. */
export async function signOutEverywhere(tx: Tx, actor: SignedInActor): Promise<number> {
  const whose =
    actor.kind === 'staff'
      ? ({ column: 'account_id', id: actor.accountId } as const)
      : ({ column: 'occupancy_id', id: actor.occupancyId } as const);
  const ended = await revokeSessions(tx, actor, whose);
  const detail = { sessions: ended };
  await recordAct(tx, actor, { act: 'session.all-ended', subject: actorName(actor), detail });
  return ended;
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
