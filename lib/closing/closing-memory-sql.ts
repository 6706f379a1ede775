/**
 * SQL fragments for what was issued of the closing before. The usage of a row counts from the register that the latest
 * issued row of its occupancy printed, whatever today's readings say of that instant, so that the usages of issued rows
 * add up to the difference of their registers.
 */
import { type RawBuilder, sql } from 'kysely';
import { dayEnd, supplyPointReading } from './reading-at-sql.ts';

type Sql = RawBuilder<unknown>;

export interface ClosingMemory {
  closingDay: number;
  /** True where the supply point is registered for the closing day on the date of the closing. */
  isRegistered: Sql;
  /** Maximum age in days of a reading at the end of a day. */
  maxDays: Sql;
  /** Issued rows of closings before this day count; of several requested closings their first. */
  beforeOn: string;
  /** False: nothing was issued yet, or nothing of it is asked; today's readings are taken. */
  remembers: boolean;
}

/**
 * previous (meter_id, fitted_at, index_l, at, difference_l, change, run_id, floor_l, quality): the reading from which the usage counts.
 * `change`: `changed` where today's readings of that closing say otherwise, by `difference_l` litres where the meter is
 * the same; `missing` where the issued meter is not registered at the supply point any more. `run_id`: the run that
 * issued it; null: it is today's reading (`todays`, of which the columns are the first four). `quality`: of the issued row
 * whose own register it is, otherwise null.
 */
export function previousReading(memory: ClosingMemory): Sql {
  if (!memory.remembers) {
    return sql`
    cross join lateral (
      select todays.meter_id, todays.fitted_at, todays.index_l, todays.at, null::integer as difference_l,
        null::text as change, null::integer as run_id, null::integer as floor_l, null::text as quality
    ) previous`;
  }
  return sql`
    left join lateral ${issuedRow(memory)} i on true
    cross join lateral ${countedRegister(memory)} b
    left join meter_fitting bf on bf.utility_id = o.utility_id and bf.supply_point_id = o.supply_point_id
      and bf.meter_id = b.meter_id and bf.fitted_at = b.fitted_at
    left join meter bm on bm.utility_id = bf.utility_id and bm.meter_id = bf.meter_id
    left join lateral ${sameDayReading(memory.maxDays)} s on true
    cross join lateral ${issuedOrTodays()} previous`;
}

/**
 * The latest issued row of the occupancy in the closings before; of one closing, that of the latest run. It may be of a
 * day after a final row, where the move-out was registered late. One look-up in the
 * index by occupancy, whatever the planner knows of tables that were filled a moment ago: the issued runs are few, and
 * their numbers are collected once.
 */
function issuedRow(memory: ClosingMemory): Sql {
  const { isRegistered } = memory;
  return sql`(
    select l.*, g.usage_l, g.estimated_index_l, g.quality
    from (
      select r.utility_id, r.run_id, r.row_number, r.closes_on, r.meter_id, r.fitted_at, r.index_l, r.read_at, r.previous_change,
        r.previous_meter_id, r.previous_fitted_at, r.previous_index_l, r.previous_at, r.previous_floor_l
      from closing_run_row r
      where ${isRegistered} and r.utility_id = o.utility_id and r.occupancy_id = o.occupancy_id and r.remembered
        and r.run_id + 0 = any (${issuedRuns(issuedBefore(memory))})
      order by r.closes_on desc, r.run_id desc limit 1
    ) l
    left join lateral (
      select x.usage_l, x.estimated_index_l, x.quality from closing_run_figure x
      where x.utility_id = l.utility_id and x.run_id = l.run_id and x.row_number = l.row_number limit 1
    ) g on true)`;
}

/** Condition on the runs `n` that count: a closing day that was changed may close on the very day of one that was issued. */
function issuedBefore({ closingDay, beforeOn }: ClosingMemory): Sql {
  return sql`(n.closes_on < ${beforeOn}::date
    or n.closes_on = ${beforeOn}::date and n.closing_day <> ${closingDay}::smallint)`;
}

/** Array of the numbers of all issued runs, collected once a statement. */
export function issuedRuns(which: Sql): Sql {
  return sql`(select coalesce(array_agg(n.run_id), '{}') from closing_run n
    where n.utility_id = current_utility_id() and n.state = 'issued' and ${which})::integer[]`;
}

/**
 * Subquery (meter_id, fitted_at, index_l, at, is_own, floor_l): the issued register to count from. It is the row's own
 * reading, or the register that was reckoned for it, except where nothing was billed of that row: without a reading, or with a usage that was not known, what it
 * counted from is still open. Unless the register fell below that from which the last billed row counted: then it did
 * not only stand lower than was issued, but began anew.
 */
function countedRegister(memory: ClosingMemory): Sql {
  const reached = sql`(
    case when i.previous_meter_id = until.meter_id and i.previous_fitted_at = until.fitted_at then until.index_l
         else (select e.final_index_l from meter_fitting e
               where e.utility_id = o.utility_id and e.meter_id = i.previous_meter_id and e.fitted_at = i.previous_fitted_at)
    end)`;
  return sql`(
    select case when open.yes then coalesce(nw.meter_id, i.previous_meter_id) else i.meter_id end as meter_id,
      case when open.yes then coalesce(nw.fitted_at, i.previous_fitted_at) else i.fitted_at end as fitted_at,
      case when open.yes then coalesce(nw.index_l, i.previous_index_l) else coalesce(i.estimated_index_l, i.index_l) end as index_l,
      case when open.yes then coalesce(nw.at, i.previous_at)
           when i.estimated_index_l is not null then ${dayEnd(sql`i.closes_on`)} else i.read_at end as at,
      not open.yes as is_own,
      case when open.yes then case when nw.at is null then i.previous_floor_l end
           when i.previous_meter_id = i.meter_id and i.previous_fitted_at = i.fitted_at then i.previous_index_l end as floor_l
    from (select coalesce(i.estimated_index_l, i.index_l) is null or i.usage_l is null and i.previous_index_l is not null
            and (coalesce(i.previous_change = 'changed', false) or coalesce(${reached} >= least(i.previous_index_l, i.previous_floor_l), true)) as yes) open
    -- A closing before it may have been issued again since, up to a later register.
    left join lateral (
      select r.meter_id, r.fitted_at, coalesce(r.estimated_index_l, r.index_l) as index_l, r.at
      from (
        select w.*, case when y.estimated_index_l is null then w.read_at else ${dayEnd(sql`w.closes_on`)} end as at, y.estimated_index_l
        from closing_run_row w
        cross join lateral (select z.* from closing_run_figure z
          where z.utility_id = w.utility_id and z.run_id = w.run_id and z.row_number = w.row_number limit 1) y
        where open.yes and w.utility_id = o.utility_id and w.occupancy_id = o.occupancy_id and w.remembered and y.usage_l is not null
          and w.closes_on < i.closes_on and w.run_id + 0 = any (${issuedRuns(issuedBefore(memory))})
      ) r
      where r.at > i.previous_at
      order by r.at desc limit 1
    ) nw on true)`;
}

/** Today's reading at the end of the day that the issued row closed, where that is not the one already looked up. */
function sameDayReading(maxDays: Sql): Sql {
  return supplyPointReading({
    supplyPoint: sql`o`,
    onDay: sql`i.closes_on`,
    maxDays,
    anyAge: sql`false`,
    when: sql`b.is_own and not ${IS_TODAYS_DAY}`,
  });
}

/** True when `todays` is the reading at the end of the day that the issued row closed. */
const IS_TODAYS_DAY = sql`(i.closes_on = c.previous_on and p.meter_id is not null)`;

function issuedOrTodays(): Sql {
  const is = sql`b.index_l is not null`;
  const today = (column: string) =>
    sql`case when ${IS_TODAYS_DAY} then todays.${sql.ref(column)} else s.${sql.ref(column)} end`;
  return sql`(
    select case when d.change = 'missing' or not ${is} then todays.meter_id else b.meter_id end as meter_id,
      case when d.change = 'missing' or not ${is} then todays.fitted_at else b.fitted_at end as fitted_at,
      case when d.change = 'missing' or not ${is} then todays.index_l else b.index_l end as index_l,
      case when d.change = 'missing' or not ${is} then todays.at else b.at end as at,
      case when d.change = 'changed' then d.difference_l end as difference_l,
      d.change,
      case when ${is} then i.run_id end as run_id,
      case when ${is} and d.change is distinct from 'missing' then b.floor_l end as floor_l,
      case when b.is_own and d.change is distinct from 'missing' then i.quality end as quality
    from (
      select case
          when not ${is} then null
          when bf.meter_id is null then 'missing'
          when b.is_own and x.difference_l is distinct from 0 and not x.is_estimate then 'changed'
        end as change,
        x.difference_l
      from (
        select case when t.meter_id = b.meter_id and t.fitted_at = b.fitted_at then
            -- A register that passed the end of its dial between both.
            t.index_l - b.index_l + bm.dial_l * case when t.index_l - b.index_l > bm.dial_l / 2 then -1
                                                     when b.index_l - t.index_l > bm.dial_l / 2 then 1 else 0 end
          end as difference_l,
          -- A register that was reckoned holds while the readings say of that closing what they said then.
          i.estimated_index_l is not null and t.index_l is not distinct from i.index_l
            and (t.index_l is null or t.meter_id = b.meter_id and t.fitted_at = b.fitted_at) as is_estimate
        from (select ${today('meter_id')} as meter_id, ${today('fitted_at')} as fitted_at, ${today('index_l')} as index_l) t
      ) x
    ) d)`;
}
