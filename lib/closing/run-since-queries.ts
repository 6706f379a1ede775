/** How much arrived or changed since a run of a closing was issued, without making the closing again. */
import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { certain } from '../certain.ts';
import { getRun } from './run-queries.ts';
import type { ClosingRunSince } from './run-wire.ts';

/** Days and supply points are counted up to so many. */
const COUNTED = 100;

/**
 * Days of the meters of a run's rows that arrived or changed since it was issued, and supply points whose register
 * did. They need not change a row. @throws DomainError `not_found`, `forbidden`
 */
export async function getRunSince(
  db: ReadDb,
  actor: Actor,
  { runId, now }: { runId: number; now: Date },
): Promise<ClosingRunSince> {
  requireCapability(actor, 'closing.read');
  await getRun(db, actor, runId);
  const { rows } = await sql<{
    known: boolean;
    days: number | null;
    places: number | null;
    isPart: boolean | null;
  }>`
    select known, days, places, is_part as "isPart" from run_changes_since(${runId}::integer, ${COUNTED}::integer)`.execute(
    db,
  );
  const { known, days, places, isPart } = certain(rows[0], 'what came after the run');
  const counted = { days: days ?? 0, supplyPoints: places ?? 0 };
  const isCut = counted.days >= COUNTED || counted.supplyPoints >= COUNTED || isPart === true;
  // Nothing found in a part says nothing of the rest.
  const isNothing = isPart === true && counted.days + counted.supplyPoints === 0;
  if (!known || isNothing) return { runId, asOf: now, since: null };
  return { runId, asOf: now, since: { ...counted, orMore: isCut } };
}
