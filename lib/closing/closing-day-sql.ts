/**
 * SQL fragments for the closing days of supply points. A supply point whose closing day was changed belongs to the
 * closings of the day that it had then: its closings before the change are by the former day, and the first one after
 * the change counts from the last one before it. Spans of a closing day are half-open.
 */
import { type RawBuilder, sql } from 'kysely';
import type { Closing } from './closing-day.ts';
import { closingFrom, closingUpTo, dayEnd } from './reading-at-sql.ts';

type Sql = RawBuilder<unknown>;

/** The requested closings as rows with their instants. */
function closingTable(closings: readonly Closing[]): Sql {
  const closesOn = closings.map((c) => c.closesOn);
  const previousOn = closings.map((c) => c.previousOn);
  return sql`(
    select u.closing_on, u.previous_on, ${dayEnd(sql`u.closing_on`)} as closes_at,
      ${dayEnd(sql`u.closing_on - 1`)} as opens_at, ${dayEnd(sql`u.previous_on - 1`)} as previous_opens_at
    from unnest(${closesOn}::date[], ${previousOn}::date[]) as u (closing_on, previous_on))`;
}

/** Closings asked of a closing day. */
export interface AskedClosings {
  utilityId: number;
  closingDay: number;
  closings: readonly Closing[];
  /**
   * `kept`: supply points that always had their closing day; `moved`: those that had another before. Undefined: all,
   * where no supply point of the utility had another.
   */
  part?: 'kept' | 'moved' | undefined;
}

/** The parts in which closings are asked: apart, so that the many that never changed are read as if there were no others. */
export function partsOf({ moved }: { moved: boolean }): readonly AskedClosings['part'][] {
  return moved ? ['kept', 'moved'] : [undefined];
}

/**
 * The requested closings `r` (closing_on, previous_on, their instants). In the part `moved` one row for each supply point
 * `only_id` that closes by the asked day on that date, with its own previous closing and its spans; `own` in the part
 * `kept`: those supply points.
 */
export function closingsAsked(asked: AskedClosings): Sql {
  const { closingDay, closings, part } = asked;
  const table = closingTable(closings);
  if (part === undefined) return table;
  const isOwn = sql`${dayOn(sql`s`, sql`t.closing_on`)} = ${closingDay}::smallint`;
  if (part === 'kept') {
    return sql`(
      select t.*, coalesce((select array_agg(s.supply_point_id) from ${spansOf(asked)} s where ${isOwn}), '{}') as own
      from ${table} t)`;
  }
  // Computed once: the planner would compute the closing before anew wherever it is named.
  return sql`(
    with own as materialized (
    select t.closing_on, v.previous_on, t.closes_at, t.opens_at, ${dayEnd(sql`v.previous_on - 1`)} as previous_opens_at,
      s.supply_point_id as only_id, s.span_from, s.span_until, s.span_day
    from ${table} t
    join ${spansOf(asked)} s on ${isOwn}
    cross join lateral (
      select coalesce(${lastClosingBefore(sql`s`, sql`t.closing_on`)}, t.previous_on) as previous_on offset 0
    ) v
    )
    select * from own)`;
}

/** Subquery (supply_point_id, span_from, span_until, span_day): the spans of supply points that had another closing day. */
function spansOf({ utilityId }: Pick<AskedClosings, 'utilityId'>): Sql {
  return sql`(
    select s.supply_point_id, array_agg(s.from_on order by s.until_on) as span_from,
      array_agg(s.until_on order by s.until_on) as span_until, array_agg(s.closing_day order by s.until_on) as span_day
    from (
      select h.supply_point_id, h.closing_day, h.until_on,
        coalesce(lag(h.until_on) over (partition by h.supply_point_id order by h.until_on), '-infinity'::date) as from_on
      from (
        select f.supply_point_id, f.closing_day, f.until_on from former_closing_day f where f.utility_id = ${utilityId}::integer
        union all
        select p.supply_point_id, p.closing_day, 'infinity'::date from supply_point p
        where p.utility_id = ${utilityId}::integer and p.supply_point_id = any (${movedPoints(utilityId)})
      ) h
    ) s
    group by s.supply_point_id)`;
}

/** Array of the supply points that had another closing day, collected once a statement. */
function movedPoints(utilityId: number): Sql {
  return sql`array(select f.supply_point_id from former_closing_day f where f.utility_id = ${utilityId}::integer)`;
}

/**
 * Condition that a supply point belongs to the row `r` of closingsAsked. `ofDay`: only those that are registered for the
 * closing day; otherwise each of the part `kept`, also on a day that is not its own.
 */
export function belongsTo(asked: AskedClosings, supplyPoint: Sql, ofDay: boolean): Sql {
  if (asked.part === 'moved') return sql`${supplyPoint}.supply_point_id = r.only_id`;
  if (ofDay) return isRegistered(asked, supplyPoint);
  return asked.part === 'kept' ? sql`${supplyPoint}.supply_point_id <> all (r.own)` : sql`true`;
}

/** Condition that a supply point of the row `r` is registered for the asked closing day on its date. */
export function isRegistered(asked: AskedClosings, supplyPoint: Sql): Sql {
  const { utilityId, closingDay, part } = asked;
  if (part === 'moved') return sql`true`;
  const isOfDay = sql`${supplyPoint}.closing_day = ${closingDay}::smallint`;
  if (part === undefined) return isOfDay;
  return sql`(${isOfDay} and ${supplyPoint}.supply_point_id <> all (${movedPoints(utilityId)}))`;
}

/** Condition that the supply point had the closing day on a date. */
export function hadClosingDay(supplyPoint: Sql, closingDay: Sql, on: Sql): Sql {
  return sql`coalesce((
    select f.closing_day from former_closing_day f
    where f.utility_id = ${supplyPoint}.utility_id and f.supply_point_id = ${supplyPoint}.supply_point_id and f.until_on > ${on}
    order by f.until_on limit 1), ${supplyPoint}.closing_day) = ${closingDay}`;
}

/** The closing day of spans `s` on a date. */
function dayOn(s: Sql, on: Sql): Sql {
  return sql`(select q.closing_day from unnest(${s}.span_from, ${s}.span_until, ${s}.span_day) q (from_on, until_on, closing_day)
    where q.from_on <= ${on} and ${on} < q.until_on)`;
}

const SPANS = (s: Sql) =>
  sql`unnest(${s}.span_from, ${s}.span_until, ${s}.span_day) q (from_on, until_on, closing_day)`;

/** The last closing of spans `s` before a date; null without one. */
export function lastClosingBefore(s: Sql, on: Sql): Sql {
  const last = closingUpTo(sql`b.last_on`, sql`q.closing_day`);
  return sql`(
    select max(k.closes_on)
    from (select ${on}::date as on_day offset 0) z
    cross join ${SPANS(s)}
    cross join lateral (select least(z.on_day, q.until_on) - 1 as last_on) b
    cross join lateral (select ${last} as closes_on) k
    where q.from_on < z.on_day and k.closes_on >= q.from_on)`;
}

/** The first closing of spans `s` on a date or later. */
export function firstClosingFrom(s: Sql, on: Sql): Sql {
  const first = closingFrom(sql`b.first_on`, sql`q.closing_day`);
  return sql`(
    select min(k.closes_on)
    from (select ${on}::date as on_day offset 0) z
    cross join ${SPANS(s)}
    cross join lateral (select greatest(z.on_day, q.from_on) as first_on) b
    cross join lateral (select ${first} as closes_on) k
    where q.until_on > z.on_day and k.closes_on < q.until_on)`;
}
