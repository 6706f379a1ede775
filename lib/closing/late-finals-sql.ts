/**
 * SQL fragments for stays that are registered late. Final rows come late where the move-out, or the end of supply, was
 * registered after the closing of its period was issued, or that closing was never issued: such a stay has its final row
 * in the next closing, once.
 */
import { type RawBuilder, sql } from 'kysely';
import type { Closing } from './closing-day.ts';
import { issuedRuns } from './closing-memory-sql.ts';

type Sql = RawBuilder<unknown>;

interface ClosingsOfDay {
  /** 1…31, 31 being month end. */
  closingDay: number;
  closings: readonly Closing[];
}

/**
 * Array of the numbers of occupancies that ended before the period of the first of the closings, after the first
 * closing that was ever issued of their closing day or after a row of their own, and of which no other closing issued
 * a final row of their last day. Collected once a statement.
 */
export function lateFinals({ closingDay, closings }: ClosingsOfDay, utilityId: number): Sql {
  const [first] = closings.toSorted((a, b) => a.closesOn.localeCompare(b.closesOn));
  if (!first) return sql`'{}'::integer[]`;
  const day = sql`${closingDay}::smallint`;
  const others = issuedRuns(
    sql`not (n.closing_day = ${day} and n.closes_on = ${first.closesOn}::date)`,
  );
  const earlier = issuedRuns(sql`n.closes_on < ${first.closesOn}::date`);
  return sql`(
    select coalesce(array_agg(e.occupancy_id), '{}') from (
      select lo.utility_id, lo.occupancy_id, least(lo.to_on, lp.closed_on) - 1 as last_on
      from occupancy lo
      join supply_point lp on lp.utility_id = lo.utility_id and lp.supply_point_id = lo.supply_point_id
      where lo.utility_id = ${utilityId}::integer and lp.closing_day = ${day}
        and least(lo.to_on, lp.closed_on) - 1 <= ${first.previousOn}::date
        and greatest(lo.from_on, lp.opened_on) < least(lo.to_on, lp.closed_on)
      offset 0
    ) e
    -- Scalar look-ups by occupancy: as joins they might read all rows.
    where (select true from closing_run_row f
           where f.utility_id = e.utility_id and f.occupancy_id = e.occupancy_id and f.kind = 'final' and f.remembered
             and f.closes_on = e.last_on and f.run_id + 0 = any (${others}) limit 1) is null
      and (
        e.last_on > (select min(n.previous_on) from closing_run n
                     where n.utility_id = ${utilityId}::integer and n.state = 'issued' and n.closing_day = ${day}
                       and n.customer_number is null and n.closes_on < ${first.closesOn}::date)
        or (select true from closing_run_row b
            where b.utility_id = e.utility_id and b.occupancy_id = e.occupancy_id and b.remembered
              and b.run_id + 0 = any (${earlier}) limit 1)))::integer[]`;
}

/**
 * True when the final row of the occupancy `o` was billed in an issued closing other than `r`: a re-issue of the closing
 * of its own period does not have it a second time.
 */
export function hasFinalRowElsewhere(closingDay: number): Sql {
  return sql`coalesce((
    select true from closing_run_row f
    where f.utility_id = o.utility_id and f.occupancy_id = o.occupancy_id and f.kind = 'final' and f.remembered
      and f.closes_on = least(o.to_on, sp.closed_on) - 1 and f.run_id + 0 = any (${issuedRuns(sql`true`)})
      and (select not (n.closing_day = ${closingDay}::smallint and n.closes_on = r.closing_on) from closing_run n
           where n.utility_id = f.utility_id and n.run_id = f.run_id)
      and (select g.usage_l from closing_run_figure g
           where g.utility_id = f.utility_id and g.run_id = f.run_id and g.row_number = f.row_number) is not null
    limit 1), false)`;
}

/**
 * True when a customer who came later was billed from an earlier register than the row reaches: when their row was issued
 * the last reading before their stay was an earlier one, or the stay of this row was not registered yet. Final rows are
 * looked at, and rows of which nothing was billed before.
 */
export function issuedToOther({ closingDay, closings }: ClosingsOfDay): Sql {
  const day = sql`${closingDay}::smallint`;
  const own = closings.map(({ closesOn }) => closesOn);
  const others = issuedRuns(
    sql`not (n.closing_day = ${day} and n.closes_on = any (${own}::date[]))`,
  );
  return sql`(
    (c.kind = 'final' or i.usage_l is null) and coalesce((
      select true from occupancy x
      where x.utility_id = o.utility_id and x.supply_point_id = o.supply_point_id and x.from_on > o.from_on
        -- A scalar look-up by occupancy: as a join it might read all rows.
        and (select min(b.previous_at) from closing_run_row b
             where b.utility_id = x.utility_id and b.occupancy_id = x.occupancy_id and b.remembered
               and b.run_id + 0 = any (${others})) < until.at
      limit 1), false))`;
}
