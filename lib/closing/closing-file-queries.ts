/** What the name of a closing file has besides its closings. */
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { DomainError } from '../errors.ts';

/** Code of the actor's utility. @throws DomainError `forbidden` */
export async function getUtilityCode(db: ReadDb, actor: Actor): Promise<string> {
  requireCapability(actor, 'closing.export');
  const utility = await db
    .selectFrom('utility')
    .where('utility_id', '=', actor.utilityId)
    .select('code')
    .executeTakeFirst();
  if (!utility) {
    throw new DomainError('forbidden', 'this transaction is not open for the actor’s utility');
  }
  return utility.code;
}
