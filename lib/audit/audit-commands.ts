import type { Tx } from '../../db/schema.ts';
import { type Actor, actorName } from '../actor.ts';

/** An act that the audit records. */
export interface Act {
  /** Kind of act: `meter.exchanged`. */
  act: string;
  /** Subject as kind:id. */
  subject: string;
  /** Details that are needed to understand it later. Never a secret, a key or a password. */
  detail: Record<string, unknown>;
}

/** Appends an act to the utility's audit chain, in the transaction of the act itself. */
export function recordAct(tx: Tx, actor: Actor, act: Act): Promise<void> {
  return recordActs(tx, actor, [act]);
}

/** Appends acts to the chain in order: 1 to 1,000. */
export async function recordActs(tx: Tx, actor: Actor, acts: readonly Act[]): Promise<void> {
  await tx
    .insertInto('audit')
    .values(
      acts.map(({ act, subject, detail }) => ({
        utility_id: actor.utilityId,
        actor: actorName(actor),
        act,
        subject,
        detail,
      })),
    )
    .execute();
}
