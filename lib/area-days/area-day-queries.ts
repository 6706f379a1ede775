import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { findPosition } from '../changes/change-queries.ts';
import { AREA_DAYS_READER, type AreaDaysInput, type StaleDay } from './area-day.ts';
import { AREA_DAY_ROWS, areaDayParts } from './area-day-sql.ts';
import { changedAreaDays, heldRows } from './stale-area-day-sql.ts';

/** Maximum number of unread rows of the feed that a page reads; above it the readings are scanned. */
const UNREAD_LIMIT = 2_000;
/** Maximum share of area days that is recomputed for a page; above it a scan of all is no slower. */
const STALE_SHARE = 1 / 3;

/**
 * Area days whose roll-up does not agree with readings, register and limits, and that have to be recomputed. Undefined
 * when so few agree that a scan of the readings is faster, or when there is no roll-up. Call it before reading the
 * roll-up, which then contains everything up to here.
 */
export async function findStaleDays(
  db: ReadDb,
  query: AreaDaysInput,
): Promise<StaleDay[] | undefined> {
  const { utilityId, areaIds, from, to, limits } = query;
  const after = await findPosition(db, utilityId, AREA_DAYS_READER);
  if (after.transactionId === '0') return undefined;
  const unread = await sql<{ n: number }>`
    select count(*)::integer as n from (
      select from day_change
      where utility_id = ${utilityId} and (transaction_id, change_id) > (${after.transactionId}::xid8, ${after.changeId}::bigint)
      limit ${UNREAD_LIMIT + 1}
    ) c`.execute(db);
  if ((unread.rows[0]?.n ?? 0) > UNREAD_LIMIT) return undefined;
  const span = { after, from: sql`${from}::date`, to: sql`${to}::date` };
  const judgedOtherwise = limits
    ? sql`
        union select area_id, day from area_day
        where area_id = any (${areaIds}::int[]) and day between ${from} and ${to}
          and (limit_low_pa <> ${limits.lowPa} or limit_high_pa <> ${limits.highPa})
          and (low_pa < ${limits.lowPa} or high_pa > ${limits.highPa} or below > 0 or above > 0)`
    : sql``;
  const { rows } = await sql<StaleDay>`
    select day, array_agg(area_id order by area_id) as "areaIds" from (
      select area_id, day from (${changedAreaDays(utilityId, span)}) c
      union select area_id, day from area_day_due where utility_id = ${utilityId}
      ${judgedOtherwise}
    ) s
    where area_id = any (${areaIds}::int[]) and day between ${from} and ${to}
    group by day order by day
  `.execute(db);
  const stale = rows.reduce((sum, { areaIds: of }) => sum + of.length, 0);
  const days = (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1;
  return stale > areaIds.length * days * STALE_SHARE ? undefined : rows;
}

/**
 * The roll-up of one day over several areas together, from rows of `area_day` or of the statement that computes them.
 */
export interface DayOfAreas {
  day: string;
  lowPa: number | null;
  highPa: number | null;
  sumPa: number;
  values: number;
  below: number;
  above: number;
  meterDays: number;
  faults: number;
  expected: number;
  onTime: number;
  late: number;
  backFill: number;
  requested: number;
  incomplete: number;
  /** Number of areas included. */
  areas: number;
}

const TOGETHER = sql`
  count(*)::integer as areas,
  min(d.low_pa) as "lowPa", max(d.high_pa) as "highPa", sum(d.sum_pa)::float8 as "sumPa", sum(d.values_known)::integer as values,
  sum(d.below)::integer as below, sum(d.above)::integer as above, sum(d.meter_days)::integer as "meterDays",
  sum(d.faults)::integer as faults, sum(d.expected)::integer as expected, sum(d.on_time)::integer as "onTime",
  sum(d.late)::integer as late, sum(d.back_fill)::integer as "backFill", sum(d.requested)::integer as requested,
  sum(d.incomplete)::integer as incomplete`;

/** A stale day recomputed, with its meters that have no pressure. */
export type RemadeDay = DayOfAreas & { silentMeterIds: number[] };

/** Each day of the period over the areas whose roll-up is valid, oldest first; days without such areas are left out. */
export async function listHeldDays(
  db: ReadDb,
  query: AreaDaysInput,
  stale: readonly StaleDay[],
): Promise<DayOfAreas[]> {
  const { rows } = await sql<DayOfAreas>`
    select d.day, ${TOGETHER} from area_day d where ${heldRows(query, stale)} group by d.day order by d.day
  `.execute(db);
  return rows;
}

/** Recomputes stale days from readings and register. */
export async function remakeDays(
  db: ReadDb,
  { limits }: Pick<AreaDaysInput, 'limits'>,
  stale: readonly StaleDay[],
): Promise<RemadeDay[]> {
  const remade: RemadeDay[] = [];
  for (const { day, areaIds } of stale) {
    const { rows } = await sql<RemadeDay>`
      with ${areaDayParts(day, areaIds, limits)}
      select ${day}::date as day, ${TOGETHER},
             array(select unnest(silent) from presence) as "silentMeterIds"
      from (${AREA_DAY_ROWS}) d
    `.execute(db);
    remade.push(...rows);
  }
  return remade;
}
