import { sql } from 'kysely';
import type { Tx } from '../../db/schema.ts';

/** Time for which changes are kept for the runs of closings; of an older run it is not known what came after it. */
const KEPT_MS = 400 * 24 * 3_600_000;
/** A run that is just younger than that still has its changes. */
const SPARE_MS = 24 * 3_600_000;

/** Removes changes that no run is asked of any more. Returns the number of rows. */
export async function pruneRunChanges(tx: Tx, utilityId: number, now: Date): Promise<number> {
  const before = new Date(now.getTime() - KEPT_MS - SPARE_MS);
  const { numAffectedRows } = await sql`
    delete from run_change where utility_id = ${utilityId} and noted_at < ${before}::timestamptz`.execute(
    tx,
  );
  return Number(numAffectedRows ?? 0n);
}
