// How a utility estimates, and what is known of a place. Each is a function of the database, which checks the person's
// right again and writes the audit (db/migrations/0034_estimation.sql).
import { sql } from 'kysely';
import type { Tx } from '../../db/schema.ts';
import { type Actor, actorName, requireCapability } from '../actor.ts';
import { explainRefusal } from '../constraint-errors.ts';
import { acceptInput } from '../register/register.ts';
import { addDays } from '../time.ts';
import { CircumstanceInput, EstimationInput, VolumeFactorInput } from './estimation-inputs.ts';
import { supplyPointIdOf } from './estimation-queries.ts';

/** Sets how the utility estimates, from the next closing that is made. Errors: forbidden, invalid_input. */
export async function setEstimation(tx: Tx, actor: Actor, input: EstimationInput): Promise<void> {
  requireCapability(actor, 'estimation.write');
  const { missedReading, interpolateMaxHours } = acceptInput(EstimationInput, input);
  await explainRefusal({}, () =>
    sql`select set_estimation(${missedReading}, ${interpolateMaxHours ?? null}::integer, ${actorName(actor)})`.execute(
      tx,
    ),
  );
}

/** Records days of absence or disaster of a supply point; returns their id. Errors: forbidden, invalid_input, not_found. */
export async function recordCircumstance(
  tx: Tx,
  actor: Actor,
  { supplyPoint, ...input }: CircumstanceInput & { supplyPoint: string },
): Promise<{ circumstanceId: number }> {
  requireCapability(actor, 'usage.decide');
  const { kind, fromOn, toOn, reason } = acceptInput(CircumstanceInput, input);
  const supplyPointId = await supplyPointIdOf(tx, actor, supplyPoint);
  const until = toOn === undefined ? null : addDays(toOn, 1);
  const { rows } = await explainRefusal({}, () =>
    sql<{ id: number }>`
      select record_circumstance(${supplyPointId}, ${kind}, ${fromOn}::date, ${until}::date, ${reason}, ${actorName(actor)}) as id`.execute(
      tx,
    ),
  );
  return { circumstanceId: rows[0]?.id ?? 0 };
}

const CIRCUMSTANCE_REFUSALS = {
  circumstance_stands: 'there is no such record, or it was withdrawn already',
} as const;

/** Withdraws recorded days. Errors: forbidden, conflict. */
export async function withdrawCircumstance(
  tx: Tx,
  actor: Actor,
  { circumstanceId }: { circumstanceId: number },
): Promise<void> {
  requireCapability(actor, 'usage.decide');
  await explainRefusal(CIRCUMSTANCE_REFUSALS, () =>
    sql`select withdraw_circumstance(${circumstanceId}, ${actorName(actor)})`.execute(tx),
  );
}

const FACTOR_REFUSALS = {
  volume_factor_issued:
    'a closing on or after that day was issued: give a day after the closing that was issued last',
} as const;

/**
 * Sets the volume factor of a supply point for the periods that begin on a day or later. Errors: forbidden, invalid_input, not_found,
 * conflict (a closing on or after the day was issued).
 */
export async function setVolumeFactor(
  tx: Tx,
  actor: Actor,
  { supplyPoint, ...input }: VolumeFactorInput & { supplyPoint: string },
): Promise<void> {
  requireCapability(actor, 'estimation.write');
  const { fromOn, factor, basis } = acceptInput(VolumeFactorInput, input);
  const supplyPointId = await supplyPointIdOf(tx, actor, supplyPoint);
  await explainRefusal(FACTOR_REFUSALS, () =>
    sql`select set_volume_factor(${supplyPointId}, ${fromOn}::date, ${factor}::numeric, ${basis}, ${actorName(actor)})`.execute(
      tx,
    ),
  );
}
