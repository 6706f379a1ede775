/**
 * The roll-up of area days as a statement over readings and register. Its rows are those of `area_day` and
 * `area_day_hours`.
 */

import { type RawBuilder, sql } from 'kysely';
import { firstHour } from '../collection/collection-queries.ts';
import type { PressureLimits } from '../pressure/pressure-band.ts';
import { isFault, isSound } from '../pressure/sound-pressure-sql.ts';
import { holdsDayEnd } from '../readings/report-window-sql.ts';
import { CLASS_PA } from './area-day.ts';

const jstDay = (instant: RawBuilder<unknown>) =>
  sql`((${instant}) at time zone 'Asia/Tokyo')::date`;
const endOf = (day: RawBuilder<unknown>) =>
  sql`((${day} + 1)::timestamp at time zone 'Asia/Tokyo')`;

/**
 * Bits for the meter below the pressure in one sortable number: the minimum of such numbers also identifies the meter.
 */
const METERS = sql.raw('4294967296::bigint');
const pressureOf = (key: RawBuilder<unknown>) => sql`floor(${key}::numeric / ${METERS})::smallint`;
const lowMeterOf = (key: RawBuilder<unknown>) =>
  sql`mod(mod(${key}, ${METERS}) + ${METERS}, ${METERS})::integer`;
const highMeterOf = (key: RawBuilder<unknown>) => sql`(2147483647 - ${lowMeterOf(key)})`;

const SOUND = isSound(sql`h.p`);

/** CTEs that follow `area_asked`, `fitting`, `point` and `reading`. */
const ADDED_UP = sql`
  hour as materialized (
      select f.area_id, f.meter_id, h.k::integer as k, h.p
      from fitting f
      join reading d on d.meter_id = f.meter_id
      cross join lateral unnest(d.pressure_pa) with ordinality h (p, k)
      where h.p is not null
    ), hours as materialized (
      select h.area_id, h.k, count(*) filter (where ${SOUND})::integer as n, coalesce(sum(h.p) filter (where ${SOUND}), 0)::bigint as s,
             min(h.p * ${METERS} + h.meter_id) filter (where ${SOUND}) as low,
             max(h.p * ${METERS} + (2147483647 - h.meter_id)) filter (where ${SOUND}) as high,
             count(*) filter (where ${SOUND} and h.p < a.low)::integer as below,
             count(*) filter (where ${SOUND} and h.p > a.high)::integer as above,
             count(*) filter (where ${isFault(sql`h.p`)})::integer as faults
      from hour h join area_asked a on a.area_id = h.area_id
      group by h.area_id, h.k
    ), sounding as materialized (
      select distinct area_id, meter_id from hour h where ${SOUND}
    ), presence as materialized (
      select f.area_id, count(*)::integer as fitted, count(s.meter_id)::integer as meter_days,
             coalesce(array_agg(f.meter_id order by f.meter_id) filter (where s.meter_id is null), '{}') as silent
      from fitting f left join sounding s on s.area_id = f.area_id and s.meter_id = f.meter_id
      group by f.area_id
    ), collected as materialized (
      select p.area_id, count(*)::integer as expected, count(*) filter (where d.arrival = 1)::integer as on_time,
             count(*) filter (where d.arrival = 2)::integer as late, count(*) filter (where d.arrival = 3)::integer as back_fill,
             count(*) filter (where d.arrival = 4)::integer as requested,
             count(*) filter (where array_position(
               case when p.first_hour = 1 then d.index_l else d.index_l[p.first_hour:24] end, null) is not null)::integer as incomplete
      from point p left join reading d on d.meter_id = p.meter_id
      group by p.area_id
    )`;

/**
 * CTEs of one day of some areas, from `fitting` to `hours` (one row for each area and hour with a value), `presence`
 * and `collected`. A meter has a row of `fitting` for each of its fittings in these areas on the day. Hours outside are
 * counted by the given limits, otherwise by those of each area.
 */
export function areaDayParts(
  day: string,
  areaIds: readonly number[],
  limits?: PressureLimits,
): RawBuilder<unknown> {
  const on = sql`${day}::date`;
  const areas = sql`${areaIds}::int[]`;
  const lowLimit = limits ? sql`${limits.lowPa}::integer` : sql`a.pressure_min_pa`;
  const highLimit = limits ? sql`${limits.highPa}::integer` : sql`a.pressure_max_pa`;
  return sql`
    area_asked as materialized (
      select a.area_id, ${lowLimit} as low, ${highLimit} as high
      from area a where a.area_id = any (${areas})
    ), fitting as materialized (
      select s.area_id, f.meter_id
      from supply_point s
      join meter_fitting f on f.supply_point_id = s.supply_point_id
      where s.area_id = any (${areas})
        and f.fitted_at < ${endOf(on)} and (f.removed_at is null or f.removed_at > ${on}::timestamp at time zone 'Asia/Tokyo')
        and (f.removed_at is null or ${jstDay(sql`f.removed_at - interval '1 hour'`)} >= ${on})
    ), point as materialized (
      select s.area_id, f.meter_id, ${firstHour(on, sql`greatest(f.fitted_at, tf.from_at)`)} as first_hour
      from supply_point s
      join meter_fitting f on f.supply_point_id = s.supply_point_id
        and ${holdsDayEnd(endOf(on), sql`f.fitted_at`, sql`f.removed_at`)}
      join terminal_fitting tf on tf.supply_point_id = s.supply_point_id
        and ${holdsDayEnd(endOf(on), sql`tf.from_at`, sql`tf.to_at`)}
      where s.area_id = any (${areas}) and s.opened_on <= ${on} and (s.closed_on is null or s.closed_on > ${on})
    ), reading as materialized (
      select d.meter_id, d.index_l, d.pressure_pa, d.arrival from meter_day d
      where d.day = ${on}
        and d.meter_id = any (array(select meter_id from fitting union select meter_id from point))
    ), ${ADDED_UP}
  `;
}

/** The row of `area_day` of each area, after these CTEs. */
export const AREA_DAY_ROWS = sql`
  select a.area_id, coalesce(pr.fitted, 0) as fitted, coalesce(pr.meter_days, 0) as meter_days,
         coalesce(pr.silent, '{}') as silent_meter_ids, coalesce(t.n, 0)::integer as values_known, coalesce(t.s, 0)::bigint as sum_pa,
         ${pressureOf(sql`t.low`)} as low_pa, ${lowMeterOf(sql`t.low`)} as low_meter_id,
         ${pressureOf(sql`t.high`)} as high_pa, ${highMeterOf(sql`t.high`)} as high_meter_id,
         coalesce(t.below, 0)::integer as below, coalesce(t.above, 0)::integer as above, a.low as limit_low_pa, a.high as limit_high_pa,
         coalesce(t.faults, 0)::integer as faults, coalesce(c.expected, 0) as expected, coalesce(c.on_time, 0) as on_time,
         coalesce(c.late, 0) as late, coalesce(c.back_fill, 0) as back_fill, coalesce(c.requested, 0) as requested,
         coalesce(c.incomplete, 0) as incomplete
  from area_asked a
  left join presence pr on pr.area_id = a.area_id
  left join (
    select area_id, sum(n) as n, sum(s::bigint) as s, min(low) as low, max(high) as high, sum(below) as below, sum(above) as above,
           sum(faults) as faults
    from hours group by area_id
  ) t on t.area_id = a.area_id
  left join collected c on c.area_id = a.area_id`;

/** The row of `area_day_hours` of each area, after these CTEs. */
export const AREA_DAY_HOURS_ROWS = sql`
  select g.area_id, g.values_known, g.sum_pa, g.low_pa, g.low_meter_ids, g.high_pa, g.high_meter_ids, g.below, g.above, g.faults,
         coalesce(c.class_hours, '{}') as class_hours, coalesce(c.classes, '{}') as classes, coalesce(c.class_counts, '{}') as class_counts
  from (
    select a.area_id, array_agg(coalesce(h.n, 0) order by t.k) as values_known,
           array_agg(case when h.n > 0 then h.s end order by t.k) as sum_pa,
           array_agg(${pressureOf(sql`h.low`)} order by t.k) as low_pa, array_agg(${lowMeterOf(sql`h.low`)} order by t.k) as low_meter_ids,
           array_agg(${pressureOf(sql`h.high`)} order by t.k) as high_pa, array_agg(${highMeterOf(sql`h.high`)} order by t.k) as high_meter_ids,
           array_agg(coalesce(h.below, 0) order by t.k) as below, array_agg(coalesce(h.above, 0) order by t.k) as above,
           array_agg(coalesce(h.faults, 0) order by t.k) as faults
    from area_asked a cross join generate_series(1, 24) t (k)
    left join hours h on h.area_id = a.area_id and h.k = t.k
    group by a.area_id
  ) g
  left join (
    select area_id, array_agg(k order by k, class) as class_hours, array_agg(class order by k, class) as classes,
           array_agg(n order by k, class) as class_counts
    from (
      select h.area_id, h.k::smallint as k, floor(h.p / ${sql.lit(CLASS_PA)}::numeric)::smallint as class, count(*)::integer as n
      from hour h where ${isSound(sql`h.p`)} group by 1, 2, 3
    ) x
    group by area_id
  ) c on c.area_id = g.area_id`;
