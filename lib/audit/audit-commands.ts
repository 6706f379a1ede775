import type { Tx } from '../../db/schema.ts';
import { type Actor, actorName } from '../actor.ts';

/** An act that matters, in the words of the audit. */
export interface Act {
  /** What was done: `meter.exchanged`. */
  act: string;
  /** What it was done to, as kind:id. */
  subject: string;
  /** What one must know to understand it later. Never a secret, a key or a password. */
  detail: Record<string, unknown>;
}

/** Adds an act to the utility's audit chain, in the transaction of the act itself. */
export function recordAct(tx: Tx, actor: Actor, act: Act): Promise<void> {
  return recordActs(tx, actor, [act]);
}

/** Adds acts to the chain in their order; at least one, and no more than a thousand at a time. */
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
