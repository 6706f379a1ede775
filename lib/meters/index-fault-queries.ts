import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import type { DayIndexes } from '../usage/usage-line.ts';
import type { IndexFault } from './meter-readings.ts';

/**
 * Hours of meters whose register was received beyond the dial, each with the latest such value; both days included.
 * `unhealed` leaves out hours for which a valid value was received as well.
 */
export async function listIndexFaults(
  db: ReadDb,
  meterIds: readonly number[],
  { from, to, unhealed }: { from: string; to: string; unhealed: boolean },
): Promise<IndexFault[]> {
  const { rows: faults } = await sql<IndexFault>`
    select distinct on (f.meter_id, f.day, f.hour_ending)
           f.meter_id as "meterId", f.day, f.hour_ending as "hourEnding", f.index_l as "indexL"
    from reading_fault f
    where f.utility_id = current_utility_id() and f.meter_id = any (${meterIds}::int[])
      and f.day between ${from} and ${to}
    order by f.meter_id, f.day, f.hour_ending, f.received_at desc
  `.execute(db);
  // Most meters have no faults, and then the days need not be planned and read.
  return unhealed && faults.length > 0 ? withoutHealed(db, faults) : faults;
}

async function withoutHealed(db: ReadDb, faults: readonly IndexFault[]): Promise<IndexFault[]> {
  const meterIds = [...new Set(faults.map(({ meterId }) => meterId))];
  const days = [...new Set(faults.map(({ day }) => day))];
  const { rows } = await sql<DayIndexes>`
    select d.meter_id as "meterId", d.day, d.index_l as "indexL"
    from meter_day d
    where d.meter_id = any (${meterIds}::int[]) and d.day = any (${days}::date[])
  `.execute(db);
  const stored = new Map(rows.map(({ meterId, day, indexL }) => [`${meterId} ${day}`, indexL]));
  return faults.filter(
    ({ meterId, day, hourEnding }) =>
      (stored.get(`${meterId} ${day}`)?.[hourEnding - 1] ?? null) === null,
  );
}
