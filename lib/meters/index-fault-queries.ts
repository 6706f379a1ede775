import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import type { DayIndexes } from '../usage/usage-line.ts';
import type { IndexFault } from './meter-readings.ts';

/**
 * Hours of meters whose register was received and is not used: beyond the dial, each with the latest such value, in
 * doubt, or struck out. Both days are included. `unhealed` leaves out hours beyond the dial for which a valid value was received as well.
 */
export async function listIndexFaults(
  db: ReadDb,
  meterIds: readonly number[],
  { from, to, unhealed }: { from: string; to: string; unhealed: boolean },
): Promise<IndexFault[]> {
  const { rows: faults } = await sql<IndexFault>`
    select distinct on (f.meter_id, f.day, f.hour_ending)
           f.meter_id as "meterId", f.day, f.hour_ending as "hourEnding", f.index_l as "indexL", 'beyond-dial' as rule
    from reading_fault f
    where f.utility_id = current_utility_id() and f.meter_id = any (${meterIds}::int[])
      and f.day between ${from} and ${to}
    order by f.meter_id, f.day, f.hour_ending, f.received_at desc
  `.execute(db);
  // Most meters have no faults, and then the days need not be planned and read.
  const beyond = unhealed && faults.length > 0 ? await withoutHealed(db, faults) : faults;
  const doubted = await listDoubted(db, meterIds, { from, to });
  const struck = await listStruck(db, meterIds, { from, to });
  const isStruck = new Set(struck.map(keyOf));
  return [...beyond, ...doubted.filter((fault) => !isStruck.has(keyOf(fault))), ...struck];
}

function keyOf({ meterId, day, hourEnding }: IndexFault): string {
  return `${meterId} ${day} ${hourEnding}`;
}

async function listStruck(
  db: ReadDb,
  meterIds: readonly number[],
  { from, to }: { from: string; to: string },
): Promise<IndexFault[]> {
  const { rows } = await sql<IndexFault>`
    select e.meter_id as "meterId", e.day, u.hour as "hourEnding", u.index_l as "indexL", 'struck' as rule
    from edited_day e
    join meter_day d on d.meter_id = e.meter_id and d.day = e.day and d.day between ${from} and ${to}
    cross join lateral unnest(e.hours, e.kinds, e.index_l) u (hour, kind, index_l)
    where e.utility_id = current_utility_id() and e.meter_id = any (${meterIds}::int[]) and e.day between ${from} and ${to}
      and u.kind = 'struck' and d.index_l[u.hour] = u.index_l
  `.execute(db);
  return rows;
}

async function listDoubted(
  db: ReadDb,
  meterIds: readonly number[],
  { from, to }: { from: string; to: string },
): Promise<IndexFault[]> {
  const { rows } = await sql<IndexFault>`
    select v.meter_id as "meterId", v.day, u.hour as "hourEnding", u.index_l as "indexL", u.rule
    from reading_verdict v
    join meter_day d on d.meter_id = v.meter_id and d.day = v.day and d.day between ${from} and ${to}
    cross join lateral unnest(v.hours, v.index_l, v.rules) u (hour, index_l, rule)
    where v.utility_id = current_utility_id() and v.meter_id = any (${meterIds}::int[]) and v.day between ${from} and ${to}
      and d.index_l[u.hour] = u.index_l
  `.execute(db);
  return rows;
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
