/**
 * SQL fragments for what was issued of the closing before. The usage of a row counts from the register that the latest
 * issued row of its occupancy printed, whatever today's readings say of that instant, so that the usages of issued rows
 * add up to the difference of their registers.
 */
import { type RawBuilder, sql } from 'kysely';
import { supplyPointReading } from './reading-at-sql.ts';

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
 * previous (meter_id, fitted_at, index_l, at, difference_l, change, run_id, floor_l): the reading from which the usage counts.
 * `change`: `changed` where today's readings of that closing say otherwise, by `difference_l` litres where the meter is
 * the same; `missing` where the issued meter is not registered at the supply point any more. `run_id`: the run that
 * issued it; null: it is today's reading (`todays`, of which the columns are the first four).
 */
export function previousReading(memory: ClosingMemory): Sql {
  if (!memory.remembers) {
    return sql`
    cross join lateral (
      select todays.meter_id, todays.fitted_at, todays.index_l, todays.at, null::integer as difference_l,
        null::text as change, null::integer as run_id, null::integer as floor_l
    ) previous`;
  }
  return sql`
    left join lateral ${issuedRow(memory)} i on true
    cross join lateral ${countedRegister()} b
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
function issuedRow({ closingDay, isRegistered, beforeOn }: ClosingMemory): Sql {
  const day = sql`${closingDay}::smallint`;
  // A closing day that was changed may close on the very day of one that was issued.
  const before = sql`n.closes_on < ${beforeOn}::date or n.closes_on = ${beforeOn}::date and n.closing_day <> ${day}`;
  return sql`(
    select l.*, (select g.usage_l from closing_run_figure g
                 where g.utility_id = l.utility_id and g.run_id = l.run_id and g.row_number = l.row_number) as usage_l
    from (
      select r.utility_id, r.run_id, r.row_number, r.closes_on, r.meter_id, r.fitted_at, r.index_l, r.read_at, r.previous_change,
        r.previous_meter_id, r.previous_fitted_at, r.previous_index_l, r.previous_at, r.previous_floor_l
      from closing_run_row r
      where ${isRegistered} and r.utility_id = o.utility_id and r.occupancy_id = o.occupancy_id and r.remembered
        and r.run_id + 0 = any (${issuedRuns(sql`(${before})`)})
      order by r.closes_on desc, r.run_id desc limit 1
    ) l)`;
}

/** Array of the numbers of all issued runs, collected once a statement. */
export function issuedRuns(which: Sql): Sql {
  return sql`(select coalesce(array_agg(n.run_id), '{}') from closing_run n
    where n.utility_id = current_utility_id() and n.state = 'issued' and ${which})::integer[]`;
}

/**
 * Subquery (meter_id, fitted_at, index_l, at, is_own, floor_l): the issued register to count from. It is the row's own
 * reading, except where nothing was billed of that row: without a reading, or with a usage that was not known, what it
 * counted from is still open. Unless the register fell below that from which the last billed row counted: then it did
 * not only stand lower than was issued, but began anew.
 */
function countedRegister(): Sql {
  const reached = sql`(
    case when i.previous_meter_id = until.meter_id and i.previous_fitted_at = until.fitted_at then until.index_l
         else (select e.final_index_l from meter_fitting e
               where e.utility_id = o.utility_id and e.meter_id = i.previous_meter_id and e.fitted_at = i.previous_fitted_at)
    end)`;
  return sql`(
    select case when open.yes then i.previous_meter_id else i.meter_id end as meter_id,
      case when open.yes then i.previous_fitted_at else i.fitted_at end as fitted_at,
      case when open.yes then i.previous_index_l else i.index_l end as index_l,
      case when open.yes then i.previous_at else i.read_at end as at,
      not open.yes as is_own,
      case when open.yes then i.previous_floor_l
           when i.previous_meter_id = i.meter_id and i.previous_fitted_at = i.fitted_at then i.previous_index_l end as floor_l
    from (select i.index_l is null or i.usage_l is null and i.previous_index_l is not null
            and (coalesce(i.previous_change = 'changed', false) or coalesce(${reached} >= least(i.previous_index_l, i.previous_floor_l), true)) as yes) open)`;
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
      case when ${is} and d.change is distinct from 'missing' then b.floor_l end as floor_l
    from (
      select case
          when not ${is} then null
          when bf.meter_id is null then 'missing'
          when b.is_own and x.difference_l is distinct from 0 then 'changed'
        end as change,
        x.difference_l
      from (
        select case when t.meter_id = b.meter_id and t.fitted_at = b.fitted_at then
            -- A register that passed the end of its dial between both.
            t.index_l - b.index_l + bm.dial_l * case when t.index_l - b.index_l > bm.dial_l / 2 then -1
                                                     when b.index_l - t.index_l > bm.dial_l / 2 then 1 else 0 end
          end as difference_l
        from (select ${today('meter_id')} as meter_id, ${today('fitted_at')} as fitted_at, ${today('index_l')} as index_l) t
      ) x
    ) d)`;
}
