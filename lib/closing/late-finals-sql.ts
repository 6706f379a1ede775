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
      select lo.utility_id, lo.supply_point_id, lo.occupancy_id, least(lo.to_on, lp.closed_on) - 1 as last_on
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
        e.last_on > ${firstIssuedOn(first.closesOn, closingDay, utilityId, sql`e.supply_point_id`)}
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
  // A row of this closing from which a later one was billed is kept.
  const later = issuedRuns(sql`n.closes_on > ${own.toSorted().at(-1) ?? ''}::date`);
  return sql`(
    (c.kind = 'final' or i.usage_l is null) and coalesce((
      select true from occupancy x
      where x.utility_id = o.utility_id and x.supply_point_id = o.supply_point_id and x.from_on > o.from_on
        -- A scalar look-up by occupancy: as a join it might read all rows.
        and (select case when bool_or(b.run_id = any (${later})) then min(b.previous_at)
                         else min(b.previous_at) filter (where b.run_id = any (${others})) end
             from closing_run_row b
             where b.utility_id = x.utility_id and b.occupancy_id = x.occupancy_id and b.remembered
               and b.run_id + 0 = any (${issuedRuns(sql`true`)})) < until.at
      limit 1), false))`;
}

/**
 * The day before the first period that was issued of a closing day, or of one that the supply point had before; null where
 * none was. What ended before it was billed elsewhere.
 */
export function firstIssuedOn(
  closesOn: string,
  closingDay: number,
  utilityId: number,
  supplyPointId: Sql,
): Sql {
  const whole = sql`n.utility_id = ${utilityId}::integer and n.state = 'issued' and n.customer_number is null
    and n.closes_on < ${closesOn}::date`;
  return sql`least(
    (select min(n.previous_on) from closing_run n where ${whole} and n.closing_day = ${closingDay}::smallint),
    (select min(n.previous_on) from former_closing_day fd join closing_run n on n.closing_day = fd.closing_day
     where fd.utility_id = ${utilityId}::integer and fd.supply_point_id = ${supplyPointId} and ${whole}))`;
}

/**
 * True for the first row of an occupancy `o` at `sp` that began before the period of the closing `r`, while closings were
 * issued already: it was registered late, or a closing was left out. Its row counts from the start of the stay.
 */
export function isFirstRow({ closingDay, closings }: ClosingsOfDay, utilityId: number): Sql {
  const first = closings.map(({ closesOn }) => closesOn).sort()[0] ?? '';
  const earlier = issuedRuns(sql`n.closes_on < ${first}::date`);
  const from = sql`greatest(o.from_on, sp.opened_on)`;
  return sql`(
    r.closing_on = ${first}::date and ${from} <= r.previous_on
    and ${from} > ${firstIssuedOn(first, closingDay, utilityId, sql`sp.supply_point_id`)}
    and (select true from closing_run_row b
         where b.utility_id = o.utility_id and b.occupancy_id = o.occupancy_id and b.remembered
           and b.run_id + 0 = any (${earlier}) limit 1) is null)`;
}

/**
 * Instant of the last reading up to which later closings that were issued billed, in seconds, where they billed a part of
 * what the row counts and this closing was never issued of the occupancy: it was left out, and what was used in it stands
 * in the later one. Otherwise null. A later row that had no earlier reading (`no-previous`) was billed from the office's
 * own books, up to its register. After a final row any later one that was billed counts: it is beyond the last day.
 */
export function issuedLaterAtS({ closingDay, closings }: ClosingsOfDay): Sql {
  const last =
    closings
      .map(({ closesOn }) => closesOn)
      .sort()
      .at(-1) ?? '';
  const day = sql`${closingDay}::smallint`;
  const later = issuedRuns(sql`n.closes_on > ${last}::date`);
  const same = issuedRuns(sql`n.closing_day = ${day}`);
  const own = sql`b.utility_id = o.utility_id and b.occupancy_id = o.occupancy_id and b.remembered`;
  return sql`(
    case
      when (select not exists (select from closing_run n
        where n.utility_id = current_utility_id() and n.state = 'issued' and n.closes_on > ${last}::date)) then null
      when (select true from closing_run_row b
            where ${own} and b.run_id + 0 = any (${same})
              and (select n.closes_on from closing_run n where n.utility_id = b.utility_id and n.run_id = b.run_id) = r.closing_on
            limit 1) then null
      else (
        select extract(epoch from max(b.read_at))::double precision from closing_run_row b
        where ${own} and b.run_id + 0 = any (${later})
          and (b.previous_at is null and b.index_l is not null
            or (b.previous_at < until.at or c.kind = 'final')
              and (select g.usage_l from closing_run_figure g
                   where g.utility_id = b.utility_id and g.run_id = b.run_id and g.row_number = b.row_number) is not null))
    end)`;
}
