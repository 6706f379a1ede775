/**
 * SQL fragments for the reading at the end of a day. Instants are day ends (24:00 JST), registers litres. A reading is
 * a stored hour, or the index noted when a meter was fitted or removed. Column parameters are written as in the
 * surrounding query.
 */
import { type RawBuilder, sql } from 'kysely';

type Sql = RawBuilder<unknown>;

/** The instant at which a JST date ends. */
export function dayEnd(day: Sql): Sql {
  return sql`((${day} + 1)::timestamp at time zone 'Asia/Tokyo')`;
}

/** The JST date at whose end, or during which, an instant lies. */
export function dayOfReading(at: Sql): Sql {
  return sql`(${at} at time zone 'Asia/Tokyo' - interval '1 microsecond')::date`;
}

/** Closing date of the month of `day`, `months` later. */
function closingIn(day: Sql, months: number, closingDay: Sql): Sql {
  const month = sql`(date_trunc('month', ${day}::timestamp) + make_interval(months => ${months}::integer))`;
  const lastDay = sql`extract(day from ${month} + interval '1 month' - interval '1 day')::integer`;
  return sql`(${month}::date + least(${closingDay}::integer, ${lastDay}) - 1)`;
}

/** Closing date of the month before that of `day`. */
export function closingBefore(day: Sql, closingDay: Sql): Sql {
  return closingIn(day, -1, closingDay);
}

/** The first closing date that is not before `day`. */
export function closingFrom(day: Sql, closingDay: Sql): Sql {
  const same = closingIn(day, 0, closingDay);
  return sql`case when ${same} >= ${day} then ${same} else ${closingIn(day, 1, closingDay)} end`;
}

/** The last closing date that is not after `day`. */
export function closingUpTo(day: Sql, closingDay: Sql): Sql {
  const same = closingIn(day, 0, closingDay);
  return sql`case when ${same} <= ${day} then ${same} else ${closingIn(day, -1, closingDay)} end`;
}

interface FittingReading {
  /** Alias of a meter_fitting row. */
  fitting: Sql;
  onDay: Sql;
  /** Readings before the end of this day are too old. */
  sinceDay: Sql;
}

/**
 * Subquery (index_l, at): the latest reading of one fitting at or before the end of `onDay`. A meter's last hours count
 * up to its removal, and not at all when its final index was noted. The days are computed separately, because row security
 * keeps conditions with functions of other rows from choosing the days that are read.
 */
export function fittingReading({ fitting: f, onDay, sinceDay }: FittingReading): Sql {
  const stored = sql`d.utility_id = ${f}.utility_id and d.meter_id = ${f}.meter_id and d.closing_hour is not null`;
  const at = (hour: Sql) =>
    sql`((d.day + make_interval(hours => ${hour}::integer)) at time zone 'Asia/Tokyo')`;
  const within = (instant: Sql) =>
    sql`${instant} >= ${f}.fitted_at and (${f}.removed_at is null or ${instant} <= ${f}.removed_at)`;
  return sql`(
    select x.index_l, x.at
    from (
      select ${onDay} as on_day, ${sinceDay} as since_day, (${f}.removed_at at time zone 'Asia/Tokyo')::date as removed_on
      offset 0
    ) k cross join lateral (
      -- Not closing_index_l, which an index of days has: that would be looked through instead of the meter's days.
      (select d.index_l[d.closing_hour] as index_l, ${at(sql`d.closing_hour`)} as at
       from sound_day d
       where ${stored} and d.day <= k.on_day and d.day >= k.since_day and ${within(at(sql`d.closing_hour`))}
       order by d.day desc limit 1)
      union all
      (select u.index_l, ${at(sql`u.hour`)}
       from sound_day d cross join lateral unnest(d.index_l) with ordinality as u (index_l, hour)
       where ${stored} and ${f}.removed_at < ${dayEnd(sql`k.on_day`)} and ${f}.final_index_l is null
         and d.day = k.removed_on and u.index_l is not null and ${within(at(sql`u.hour`))}
       order by u.hour desc limit 1)
      union all
      select ${f}.final_index_l, ${f}.removed_at
      where ${f}.final_index_l is not null and ${f}.removed_at <= ${dayEnd(sql`k.on_day`)}
      union all
      select ${f}.start_index_l, ${f}.fitted_at
      where ${f}.start_index_l is not null and ${f}.fitted_at <= ${dayEnd(sql`k.on_day`)}
    ) x
    where x.at >= ${dayEnd(sql`k.since_day`)}
    order by x.at desc limit 1)`;
}

interface SupplyPointReading {
  /** Alias of a row with utility_id and supply_point_id. */
  supplyPoint: Sql;
  onDay: Sql;
  /** Maximum age in days of a reading at the end of `onDay`; not looked at when any age will do. */
  maxDays?: Sql;
  /** True: any age, and any meter ever fitted there; false: only the meter fitted at the end of `onDay`. */
  anyAge: Sql;
  /** Condition of the look-up, placed inside the subquery so that other rows cost nothing. */
  when: Sql;
}

/** Before any meter of this system. */
const BEGINNING = sql`date '1900-01-01'`;
/** Most latest readings are within so many days, so that a meter's whole history is rarely looked through. */
const NEAR_DAYS = sql`62`;

/** Subquery (meter_id, fitted_at, removed_at, index_l, at): the reading of a supply point at the end of a day. */
export function supplyPointReading(asked: SupplyPointReading): Sql {
  const { supplyPoint, onDay, maxDays = NEAR_DAYS, anyAge, when } = asked;
  const fitting = sql`g`;
  const age = sql`(case when ${anyAge} then ${NEAR_DAYS} else ${maxDays}::integer end)`;
  const near = fittingReading({ fitting, onDay, sinceDay: sql`${onDay} - ${age}` });
  const far = fittingReading({ fitting, onDay, sinceDay: BEGINNING });
  return sql`(
    select g.meter_id, g.fitted_at, g.removed_at, coalesce(near.index_l, far.index_l) as index_l,
      coalesce(near.at, far.at) as at
    from meter_fitting g
    left join lateral ${near} near on true
    left join lateral (select * from ${far} old where ${anyAge} and near.at is null limit 1) far on true
    -- As an array: else the index of the exclusion constraint is taken, which costs many times as much a look-up.
    where ${when} and g.utility_id = ${supplyPoint}.utility_id and g.supply_point_id = any (array[${supplyPoint}.supply_point_id])
      and g.fitted_at <= ${dayEnd(onDay)} and coalesce(near.at, far.at) is not null
      and (${anyAge} or g.removed_at is null or g.removed_at > ${dayEnd(onDay)})
    order by 5 desc, g.fitted_at desc limit 1)`;
}

/** Subquery (index_l, at): the first stored reading of the fitting `f` up to the end of `onDay`. */
export function firstStoredReading(f: Sql, onDay: Sql): Sql {
  const at = sql`((d.day + make_interval(hours => u.hour::integer)) at time zone 'Asia/Tokyo')`;
  return sql`(
    select u.index_l, ${at} as at
    from (
      select (${f}.fitted_at at time zone 'Asia/Tokyo')::date - 1 as from_day, ${onDay} as on_day offset 0
    ) k
    cross join sound_day d
    cross join lateral unnest(d.index_l) with ordinality as u (index_l, hour)
    where d.utility_id = ${f}.utility_id and d.meter_id = ${f}.meter_id and d.closing_hour is not null
      and d.day >= k.from_day and d.day <= k.on_day
      and u.index_l is not null and ${at} >= ${f}.fitted_at and (${f}.removed_at is null or ${at} <= ${f}.removed_at)
    order by d.day, u.hour limit 1)`;
}

/**
 * Subquery (meter_id, fitted_at, index_l, at): the first reading that is known of a supply point, up to the end of
 * `onDay`.
 */
export function firstKnownReading(supplyPoint: Sql, onDay: Sql): Sql {
  return sql`(
    select g.meter_id, g.fitted_at, x.index_l, x.at
    from meter_fitting g
    cross join lateral (
      select g.start_index_l as index_l, g.fitted_at as at where g.start_index_l is not null
      union all
      select s.index_l, s.at from ${firstStoredReading(sql`g`, onDay)} s
    ) x
    where g.utility_id = ${supplyPoint}.utility_id and g.supply_point_id = ${supplyPoint}.supply_point_id
      and x.at <= ${dayEnd(onDay)}
    order by x.at limit 1)`;
}

/** Subquery (index_l, at): the last known reading of the fitting `f` that was removed by the end of `onDay`. */
export function lastKnownReading(f: Sql, onDay: Sql): Sql {
  return fittingReading({ fitting: f, onDay, sinceDay: BEGINNING });
}
