import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import type { Answer } from '../wire.ts';
import type { TariffsWire } from './supply-point-wire.ts';

/** The utility's tariffs (料金メニュー), by code. Errors: forbidden. */
export async function listTariffs(
  db: ReadDb,
  actor: Actor,
): Promise<Answer<typeof TariffsWire>['tariffs']> {
  requireCapability(actor, 'meter.read');
  return db
    .selectFrom('tariff')
    .select(['tariff_id as tariffId', 'code', 'name', 'gas_kind as gasKind'])
    .where('utility_id', '=', actor.utilityId)
    .orderBy('code')
    .execute();
}
