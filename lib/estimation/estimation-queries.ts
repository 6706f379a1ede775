/** How a utility estimates, and what is known of a place. */
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { DomainError } from '../errors.ts';
import { addDays } from '../time.ts';
import { NO_ESTIMATION } from './estimation-scope.ts';
import type { EstimationAnswer, PlaceEstimation } from './estimation-wire.ts';

/** The setting, by whom and when. Errors: forbidden. */
export async function getEstimation(db: ReadDb, actor: Actor): Promise<EstimationAnswer> {
  requireCapability(actor, 'closing.read');
  const row = await db
    .selectFrom('estimation_setting')
    .where('utility_id', '=', actor.utilityId)
    .selectAll()
    .executeTakeFirst();
  if (!row) return { ...NO_ESTIMATION, changedBy: null, changedName: null, changedAt: null };
  return {
    ...{ missedReading: row.missed_reading, interpolateMaxHours: row.interpolate_max_hours },
    ...{ changedBy: row.changed_by, changedName: row.changed_name, changedAt: row.changed_at },
  };
}

/** Circumstances that stand and volume factors of a supply point, latest first. Errors: forbidden, not_found. */
export async function getPlaceEstimation(
  db: ReadDb,
  actor: Actor,
  { supplyPoint }: { supplyPoint: string },
): Promise<PlaceEstimation> {
  requireCapability(actor, 'closing.read');
  const supplyPointId = await supplyPointIdOf(db, actor, supplyPoint);
  const circumstances = await db
    .selectFrom('place_circumstance')
    .where('utility_id', '=', actor.utilityId)
    .where('supply_point_id', '=', supplyPointId)
    .where('withdrawn_at', 'is', null)
    .orderBy('from_on', 'desc')
    .orderBy('circumstance_id', 'desc')
    .limit(MOST)
    .selectAll()
    .execute();
  const factors = await db
    .selectFrom('volume_factor')
    .where('utility_id', '=', actor.utilityId)
    .where('supply_point_id', '=', supplyPointId)
    .orderBy('from_on', 'desc')
    .limit(MOST)
    .selectAll()
    .execute();
  return {
    circumstances: circumstances.map((each) => ({
      ...{ circumstanceId: each.circumstance_id, kind: each.kind, fromOn: each.from_on },
      ...{ toOn: each.to_on === null ? null : addDays(each.to_on, -1), reason: each.reason },
      ...{ recordedBy: each.recorded_by, recordedName: each.recorded_name },
      recordedAt: each.recorded_at,
    })),
    factors: factors.map((each) => ({
      ...{ fromOn: each.from_on, factor: each.factor.replace(/\.?0+$/, ''), basis: each.basis },
      ...{ recordedBy: each.recorded_by, recordedName: each.recorded_name },
      recordedAt: each.recorded_at,
    })),
  };
}

const MOST = 50;

/** @throws DomainError `not_found` */
export async function supplyPointIdOf(
  db: ReadDb,
  actor: Actor,
  supplyPoint: string,
): Promise<number> {
  const row = await db
    .selectFrom('supply_point')
    .where('utility_id', '=', actor.utilityId)
    .where('number', '=', supplyPoint)
    .select('supply_point_id')
    .executeTakeFirst();
  if (!row) {
    throw new DomainError('not_found', 'there is no such supply point', {
      supplyPointNumber: supplyPoint,
    });
  }
  return row.supply_point_id;
}
