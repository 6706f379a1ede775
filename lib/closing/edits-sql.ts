/** SQL fragments by which a closing knows of the edits of its readings (`lib/editing`). */
import { type RawBuilder, sql } from 'kysely';

type Sql = RawBuilder<unknown>;

/** Joins `alias`: the edits of a day of the meter fitted at the closing (`f`); nearly all days have none. */
export function editsOn(alias: 'ne' | 'pe', day: Sql): Sql {
  const e = sql.raw(alias);
  return sql`
    left join edited_day ${e} on ${e}.utility_id = f.utility_id and ${e}.meter_id = f.meter_id and ${e}.day = ${day}`;
}

/** True where the utility has edits at all; asked once a statement, so that others cost nothing. */
function hasEdits(utilityId: number): Sql {
  return sql`(select exists (select from edited_day y where y.utility_id = ${utilityId}::integer))`;
}

/** The meter that was read, or would have been. */
const METER = sql`coalesce(nl.meter_id, f.meter_id)`;

/** True where the reading that is used was entered by hand. A day that is read on the fast path has no edits. */
export function isEntered(utilityId: number): Sql {
  const hour = sql`24 - (now.lag_s % 86400) / 3600`;
  return sql`(
    case when n.meter_id is not null or now.index_l is null or now.lag_s % 3600 <> 0 or not ${hasEdits(utilityId)} then false
         else exists (
           select from edited_day y
           where y.utility_id = ${utilityId}::integer and y.meter_id = ${METER} and y.day = c.closing_on - now.lag_s / 86400
             and ${hour} = any (y.entered_hours)) end)`;
}

/**
 * True where a register after the one that is used, up to the closing instant, was struck out: an earlier one is used on its
 * account, or none.
 */
export function isStruck(utilityId: number, maxDays: Sql): Sql {
  return sql`(
    case when n.meter_id is not null or now.lag_s = 0 or not ${hasEdits(utilityId)} then false
         else exists (
           select from edited_day y
           cross join lateral unnest(y.hours, y.kinds, y.index_l) u (hour, kind, index_l)
           cross join lateral (select d.index_l[u.hour] as index_l from meter_day d
                               where d.utility_id = y.utility_id and d.meter_id = y.meter_id and d.day = y.day) d
           where y.utility_id = ${utilityId}::integer and y.meter_id = ${METER} and y.day <= c.closing_on
             and y.day >= c.closing_on - coalesce(now.lag_s / 86400, ${maxDays})
             and u.kind = 'struck' and d.index_l = u.index_l
             and (c.closing_on - y.day) * 86400 + (24 - u.hour) * 3600 < coalesce(now.lag_s, 2147483647)) end)`;
}
