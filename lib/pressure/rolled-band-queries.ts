import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import type { AreaDaysInput, StaleDay } from '../area-days/area-day.ts';
import {
  type DayOfAreas,
  findStaleDays,
  listHeldDays,
  type RemadeDay,
  remakeDays,
} from '../area-days/area-day-queries.ts';
import { areaDayParts } from '../area-days/area-day-sql.ts';
import { heldRows } from '../area-days/stale-area-day-sql.ts';
import { daysBetween, instantOf } from '../time.ts';
import type { PressurePeriod } from './pressure-band.ts';
import type { BandSlot } from './scanned-band-queries.ts';

/** A slot of the band with its hours outside the limits. */
export type CountedSlot = BandSlot & { below: number; above: number };

export interface RolledBand {
  /** In order of time. */
  slots: CountedSlot[];
  coverage: {
    meters: number;
    fittedMeters: number;
    meterDays: number;
    fittedMeterDays: number;
  };
  faults: number;
}

/**
 * The band of some areas together from their roll-up, with stale parts recomputed from the readings: the same figures
 * as a scan of all readings. Undefined when a scan is faster.
 */
export async function readRolledBand(
  db: ReadDb,
  query: AreaDaysInput,
  period: PressurePeriod,
): Promise<RolledBand | undefined> {
  const stale = await findStaleDays(db, query);
  if (stale === undefined) return undefined;
  const held = await listHeldDays(db, query, stale);
  const remade = await remakeDays(db, query, stale);
  const days = [...held, ...remade];
  const parts =
    period.step === 'day'
      ? days.flatMap((day) => slotOfDay(day, period))
      : [
          ...(await listHeldHours(db, query, stale, period)),
          ...(await remakeHours(db, query, stale, period)),
        ];
  const sumOf = (key: 'meterDays' | 'faults') => days.reduce((sum, day) => sum + day[key], 0);
  return {
    slots: together(parts),
    coverage: { ...(await countMeters(db, query, stale, remade)), meterDays: sumOf('meterDays') },
    faults: sumOf('faults'),
  };
}

function slotOfDay(day: DayOfAreas, { from }: PressurePeriod): CountedSlot[] {
  const { lowPa, highPa, sumPa, values, below, above } = day;
  if (lowPa === null || highPa === null) return [];
  return [{ slot: daysBetween(from, day.day), lowPa, highPa, sumPa, values, below, above }];
}

/** Merges slots of the same time. */
function together(parts: readonly CountedSlot[]): CountedSlot[] {
  const bySlot = new Map<number, CountedSlot>();
  for (const part of parts) {
    const other = bySlot.get(part.slot);
    if (other === undefined) bySlot.set(part.slot, { ...part });
    else {
      other.lowPa = Math.min(other.lowPa, part.lowPa);
      other.highPa = Math.max(other.highPa, part.highPa);
      for (const key of ['sumPa', 'values', 'below', 'above'] as const) other[key] += part[key];
    }
  }
  return [...bySlot.values()].sort((a, b) => a.slot - b.slot);
}

const HOUR_TOGETHER = sql`
  min(h.low)::integer as "lowPa", max(h.high)::integer as "highPa", sum(h.s)::float8 as "sumPa", sum(h.n)::integer as values,
  sum(h.below)::integer as below, sum(h.above)::integer as above`;

async function listHeldHours(
  db: ReadDb,
  query: AreaDaysInput,
  stale: readonly StaleDay[],
  { from }: PressurePeriod,
): Promise<CountedSlot[]> {
  const { rows } = await sql<CountedSlot>`
    select ((h.day - ${from}::date) * 24 + h.k)::integer as slot, ${HOUR_TOGETHER}
    from (
      select d.day, generate_series(1, 24) as k, unnest(d.low_pa) as low, unnest(d.high_pa) as high, unnest(d.sum_pa) as s,
             unnest(d.values_known) as n, unnest(d.below) as below, unnest(d.above) as above
      from area_day_hours d where ${heldRows(query, stale)}
    ) h
    where h.n > 0 group by h.day, h.k
  `.execute(db);
  return rows;
}

async function remakeHours(
  db: ReadDb,
  { limits }: AreaDaysInput,
  stale: readonly StaleDay[],
  { from }: PressurePeriod,
): Promise<CountedSlot[]> {
  const slots: CountedSlot[] = [];
  for (const { day, areaIds } of stale) {
    const { rows } = await sql<CountedSlot>`
      with ${areaDayParts(day, areaIds, limits)}
      select ((${day}::date - ${from}::date) * 24 + h.k)::integer as slot, ${HOUR_TOGETHER}
      from (
        select k, floor(low::numeric / 4294967296)::integer as low, floor(high::numeric / 4294967296)::integer as high, s, n, below, above
        from hours where n > 0
      ) h
      group by h.k
    `.execute(db);
    slots.push(...rows);
  }
  return slots;
}

interface MeterCounts {
  meters: number;
  fittedMeters: number;
  fittedMeterDays: number;
}

/**
 * Number of fitted meters, of their meter-days, and of meters with a pressure. A meter has none when it is among the
 * silent ones on all days on which it was fitted and its area has a roll-up.
 */
async function countMeters(
  db: ReadDb,
  query: AreaDaysInput,
  stale: readonly StaleDay[],
  remade: readonly RemadeDay[],
): Promise<MeterCounts> {
  const { areaIds, from, to } = query;
  const silentAnew = remade.flatMap(({ silentMeterIds }) => silentMeterIds);
  const anew = stale.flatMap(({ day, areaIds: of }) => of.map((areaId) => ({ areaId, day })));
  const { rows } = await sql<MeterCounts>`
    with fit as materialized (
      select s.area_id, f.meter_id, greatest(${from}::date, (f.fitted_at at time zone 'Asia/Tokyo')::date) as first_day,
             least(${to}::date, (f.removed_at at time zone 'Asia/Tokyo' - interval '1 hour')::date) as last_day
      from supply_point s
      join meter_fitting f on f.supply_point_id = s.supply_point_id
      where s.area_id = any (${areaIds}::int[]) and f.fitted_at < ${instantOf(to, 24)}
        and (f.removed_at is null or f.removed_at > ${instantOf(from, 0)})
    ), window_rows as materialized (
      select w.*, (select count(*) from area_day d where d.area_id = w.area_id and d.day between w.first_day and w.last_day
                     and ${heldRows(query, stale)})
                + (select count(*) from unnest(${anew.map(({ areaId }) => areaId)}::int[], ${anew.map(({ day }) => day)}::date[]) x (area_id, day)
                   where x.area_id = w.area_id and x.day between w.first_day and w.last_day) as n
      from (select distinct area_id, first_day, last_day from fit) w
    ), silent as materialized (
      select meter_id, count(*) as n from (
        select unnest(d.silent_meter_ids) as meter_id from area_day d where ${heldRows(query, stale)}
        union all select unnest(${silentAnew}::int[])
      ) m group by meter_id
    ), special as materialized (
      -- Fitted for a part of the period, perhaps more than once, or without a pressure on some day. All others have one fitting.
      select meter_id from fit where first_day <> ${from}::date or last_day <> ${to}::date
      union select meter_id from silent
    ), one as materialized (
      select f.meter_id, sum(greatest(0, f.last_day - f.first_day + 1)) as days, sum(w.n) as n
      from fit f join window_rows w using (area_id, first_day, last_day)
      where f.meter_id in (select meter_id from special)
      group by f.meter_id
    ), plain as materialized (
      select f.area_id, f.first_day, f.last_day, count(*) as meters from fit f
      where f.meter_id not in (select meter_id from special)
      group by f.area_id, f.first_day, f.last_day
    ), counted as (
      select p.meters, p.meters * (p.last_day - p.first_day + 1) as days, case when w.n > 0 then p.meters else 0 end as with_pressure
      from plain p join window_rows w using (area_id, first_day, last_day)
      union all
      select 1, o.days, case when o.n > coalesce(s.n, 0) then 1 else 0 end from one o left join silent s using (meter_id)
    )
    select coalesce(sum(meters), 0)::integer as "fittedMeters", coalesce(sum(days), 0)::integer as "fittedMeterDays",
           coalesce(sum(with_pressure), 0)::integer as meters
    from counted
  `.execute(db);
  return rows[0] ?? { meters: 0, fittedMeters: 0, fittedMeterDays: 0 };
}
