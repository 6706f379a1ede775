import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import type { IndexFault } from './meter-readings.ts';

/**
 * Hours of some meters whose register came beyond the dial, each with the value that came last; days from and to are both
 * included. `unhealed` leaves out the hours for which a good value came as well.
 */
export async function listIndexFaults(
  db: ReadDb,
  meterIds: readonly number[],
  { from, to, unhealed }: { from: string; to: string; unhealed: boolean },
): Promise<IndexFault[]> {
  // The meters and days stand in it as constants, so that no plan reads the days of others.
  const healed = sql`exists (
    select from meter_day d
    where d.meter_id = any (${meterIds}::int[]) and d.day between ${from} and ${to}
      and d.meter_id = f.meter_id and d.day = f.day and d.index_l[f.hour_ending] is not null
  )`;
  const { rows } = await sql<IndexFault>`
    select distinct on (f.meter_id, f.day, f.hour_ending)
           f.meter_id as "meterId", f.day, f.hour_ending as "hourEnding", f.index_l as "indexL"
    from reading_fault f
    where f.utility_id = current_utility_id() and f.meter_id = any (${meterIds}::int[])
      and f.day between ${from} and ${to} and ${unhealed ? sql`not ${healed}` : sql`true`}
    order by f.meter_id, f.day, f.hour_ending, f.received_at desc
  `.execute(db);
  return rows;
}
