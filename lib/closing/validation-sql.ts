/** SQL fragments by which a closing knows of the validation of its readings (`lib/validation`). */
import { type RawBuilder, sql } from 'kysely';
import { isNeverValidated, unvalidatedMeters } from '../validation/unvalidated-sql.ts';
import { setJoin } from './set-join-sql.ts';

type Sql = RawBuilder<unknown>;

/** Joins `alias`: the verdict on a day of the meter fitted at the closing (`f`), where registers of it are in doubt. */
export function verdictOn(alias: 'nv' | 'pv', day: Sql): Sql {
  const v = sql.raw(alias);
  return sql`
    left join reading_verdict ${v} on ${v}.utility_id = f.utility_id and ${v}.meter_id = f.meter_id and ${v}.day = ${day}
      and cardinality(${v}.hours) > 0`;
}

/** True where a register at or after the one that is used for the closing is in doubt. */
export const IS_DOUBTFUL = sql`(
  nv.meter_id is not null and (select max(h) from unnest(nv.hours) h) > 24 - coalesce(now.lag_s, 86400) / 3600.0)`;

/**
 * Joins `sv`: the steps of the supply point's meters that cannot be explained; most supply points have none. Collected once
 * a statement. `one`: for one customer.
 */
export function unexplainedSteps(utilityId: number, one: boolean): Sql {
  return sql`
    ${setJoin(one)} (with steps as materialized (
      select g.supply_point_id, array_agg(x.at) as ats, array_agg(s.rule) as rules
      from reading_verdict v
      cross join lateral unnest(v.step_hours, v.step_rules) s (hour, rule)
      cross join lateral (select (v.day + make_interval(hours => s.hour::integer)) at time zone 'Asia/Tokyo' as at) x
      join meter_fitting g on g.utility_id = v.utility_id and g.meter_id = v.meter_id
        and g.fitted_at <= x.at and (g.removed_at is null or g.removed_at >= x.at)
      where v.utility_id = ${utilityId}::integer and cardinality(v.step_hours) > 0
      group by g.supply_point_id
    ) select * from steps) sv on sv.supply_point_id = o.supply_point_id`;
}

/** The first step between the previous reading and the closing's that cannot be explained; null without one. */
export function stepRule(readAt: Sql): Sql {
  return sql`(
    case when sv.supply_point_id is not null then (
      select s.rule from unnest(sv.ats, sv.rules) s (at, rule)
      where s.at > previous.at and s.at <= ${readAt} order by s.at limit 1) end)`;
}

/**
 * Joins `mk`: marks for attention that are not seen yet, of the meter fitted at the closing (`f`); most meters have none. Collected once
 * a statement. `one`: for one customer.
 */
export function openMarks(utilityId: number, one: boolean): Sql {
  return sql`
    ${setJoin(one)} (with marks as materialized (
      select r.meter_id, array_agg(r.rule order by r.rule) as rules, array_agg(r.from_on order by r.rule) as from_ons,
        array_agg(r.to_on order by r.rule) as to_ons
      from reading_mark r where r.utility_id = ${utilityId}::integer and r.stands and r.seen_at is null group by r.meter_id
    ) select * from marks) mk on mk.meter_id = f.meter_id`;
}

/** JSON of the rules of these marks with days in the period of the row; null without one. */
export const MARKS_IN_PERIOD = sql`(
  case when mk.meter_id is not null then (
    select json_agg(distinct x.rule) from unnest(mk.rules, mk.from_ons, mk.to_ons) x (rule, from_on, to_on)
    where x.from_on <= c.closing_on and (previous.at is null or x.to_on >= (previous.at at time zone 'Asia/Tokyo')::date)
  ) end)`;

/** Joins `uv`: meters with changes that are not validated yet. `one`: for one customer. */
export function unvalidated(utilityId: number, one: boolean): Sql {
  return sql`${setJoin(one)} (${unvalidatedMeters(utilityId)}) uv on uv.meter_id = coalesce(f.meter_id, nl.meter_id)`;
}

/** True where the readings of the meter fitted at the closing are not validated. */
export function isUnvalidated(utilityId: number): Sql {
  return sql`(uv.meter_id is not null or ${isNeverValidated(utilityId)})`;
}
