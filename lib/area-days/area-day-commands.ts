import { sql } from 'kysely';
import type { Tx } from '../../db/schema.ts';
import { moveReader, readNextChanges } from '../changes/change-commands.ts';
import { AREA_DAYS_READER } from './area-day.ts';
import { AREA_DAY_HOURS_ROWS, AREA_DAY_ROWS, areaDayParts } from './area-day-sql.ts';
import { changedAreaDays } from './stale-area-day-sql.ts';

/** Rows of the feed read by one transaction; a row of a batch has up to 2,000 days. */
const CHANGES_AT_ONCE = 200;
/** Areas of a day that one transaction rolls up. */
const AREAS_AT_ONCE = 20;

/**
 * Enters the area days that the next changes of the feed concern, and advances in the feed. Returns false when there
 * were no changes.
 */
export async function enterDueDays(tx: Tx, utilityId: number): Promise<boolean> {
  const reader = AREA_DAYS_READER;
  const changes = await readNextChanges(tx, utilityId, { reader, limit: CHANGES_AT_ONCE });
  const last = changes.at(-1);
  const first = changes[0];
  if (!last || !first) return false;
  const { transactionId, changeId } = first.position;
  const pairs = changedAreaDays(utilityId, {
    after: { transactionId, changeId: changeId - 1 },
    until: last.position,
    from: sql`(select min(day) from known)`,
    to: sql`(select max(day) from known)`,
  });
  await sql`
      with known as materialized (
        -- Of a stretch without an end the days that have a row or will have one.
        select min(day) as day from area_day union all select max(day) from area_day
        union all select min(day) from area_day_due union all select max(day) from area_day_due
      ), changed as materialized (${pairs}), due as (
        select area_id, day from changed
        union
        -- A day that is new has a row of every area, so that one without a row is known to have no reading.
        select a.area_id, n.day
        from (select distinct day from changed c
              where not exists (select from area_day d where d.utility_id = ${utilityId} and d.day = c.day)) n
        cross join area a
      )
      insert into area_day_due (utility_id, area_id, day) select ${utilityId}, area_id, day from due
      on conflict do nothing
    `.execute(tx);
  await moveReader(tx, utilityId, { reader, position: last.position });
  return true;
}

/** Rolls up some of the due area days, the latest first. Returns their number; 0 when none is due. */
export async function rollUpDueDays(tx: Tx, utilityId: number): Promise<number> {
  const { rows } = await sql<{ day: string; areaIds: number[] }>`
    with next as materialized (
      select area_id, day from area_day_due
      where utility_id = ${utilityId}
        and day = (select day from area_day_due where utility_id = ${utilityId} order by day desc limit 1)
      order by area_id limit ${AREAS_AT_ONCE}
    ), gone as (
      delete from area_day_due d using next n
      where d.utility_id = ${utilityId} and d.area_id = n.area_id and d.day = n.day
      returning d.area_id, d.day
    )
    select day, array_agg(area_id) as "areaIds" from gone group by day
  `.execute(tx);
  const [due] = rows;
  if (!due) return 0;
  await rollUp(tx, utilityId, due);
  return due.areaIds.length;
}

async function rollUp(
  tx: Tx,
  utilityId: number,
  { day, areaIds }: { day: string; areaIds: readonly number[] },
): Promise<void> {
  const ofThese = sql`utility_id = ${utilityId} and day = ${day}::date and area_id = any (${areaIds}::int[])`;
  await sql`delete from area_day_hours where ${ofThese}`.execute(tx);
  await sql`delete from area_day where ${ofThese}`.execute(tx);
  await sql`
    with ${areaDayParts(day, areaIds)}, whole_day as (
      insert into area_day (utility_id, day, area_id, fitted, meter_days, silent_meter_ids, values_known, sum_pa, low_pa, low_meter_id,
                            high_pa, high_meter_id, below, above, limit_low_pa, limit_high_pa, faults, expected, on_time, late,
                            back_fill, requested, incomplete)
      select ${utilityId}, ${day}::date, r.* from (${AREA_DAY_ROWS}) r
    )
    insert into area_day_hours (utility_id, day, area_id, values_known, sum_pa, low_pa, low_meter_ids, high_pa, high_meter_ids, below,
                                above, faults, class_hours, classes, class_counts)
    select ${utilityId}, ${day}::date, r.* from (${AREA_DAY_HOURS_ROWS}) r
  `.execute(tx);
}
