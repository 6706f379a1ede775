/**
 * SQL fragment for the reading from which a row's usage counts where nothing was issued before. The surrounding query has
 * `o` (the occupancy), `c` (the row's days), `f` (the meter fitted at its closing) and `p` (that meter's reading of the
 * previous closing day, if any).
 */
import { type RawBuilder, sql } from 'kysely';
import { type AskedClosings, firstClosingFrom, lastClosingBefore } from './closing-day-sql.ts';
import {
  closingBefore,
  closingFrom,
  dayEnd,
  dayOfReading,
  firstKnownReading,
  supplyPointReading,
} from './reading-at-sql.ts';

type Sql = RawBuilder<unknown>;

/** The JST date whose end the previous reading stands for. */
const PREVIOUS_DAY = sql`greatest(c.previous_on, c.from_on - 1)`;
const BEFORE_STAY = sql`(c.from_on - 1)`;
const SUPPLY_POINT = sql`o`;

/**
 * todays (meter_id, fitted_at, index_l, at): as the readings say today, that of the previous closing, or of the start of
 * the stay if that is later. One look-up finds the latest reading before; whether it stood at a closing follows from its age. Only when it
 * stood at none are earlier readings tried, and in the end the first one that is known.
 */
export function readingPrevious(calendar: Calendar, maxDays: Sql): Sql {
  const notJoined = sql`p.meter_id is null`;
  const latest = {
    supplyPoint: SUPPLY_POINT,
    onDay: PREVIOUS_DAY,
    anyAge: sql`true`,
    when: notJoined,
  };
  const stands = standsAtClosing('pb', calendar, maxDays);
  return sql`
    left join lateral ${supplyPointReading(latest)} pb on true
    left join lateral ${earlierStanding(calendar, maxDays, sql`pb.meter_id is not null and not ${stands}`)} pc on true
    left join lateral ${firstFitting(sql`${notJoined} and pb.meter_id is null`)} pd on true
    cross join lateral (
      select
        case when p.meter_id is null then coalesce(pc.meter_id, pb.meter_id, pd.meter_id) else f.meter_id end as meter_id,
        case when p.meter_id is null then coalesce(pc.fitted_at, pb.fitted_at, pd.fitted_at) else f.fitted_at end as fitted_at,
        case when p.meter_id is null then coalesce(pc.index_l, pb.index_l, pd.index_l) else p.closing_index_l end as index_l,
        case when p.meter_id is null then coalesce(pc.at, pb.at, pd.at)
             else c.previous_opens_at + make_interval(hours => p.closing_hour::integer) end as at
    ) todays`;
}

/** The closing day of the rows; in the part `moved` each has its spans (`c.span_…`). */
type Calendar = Pick<AskedClosings, 'closingDay' | 'part'>;

/** The first closing at or after a reading. */
function closingAfter({ closingDay, part }: Calendar, at: Sql): Sql {
  const day = dayOfReading(at);
  return part === 'moved' ? firstClosingFrom(sql`c`, day) : closingFrom(day, sql`${closingDay}`);
}

/** The closing before the first one at or after a reading. */
function closingBeforeThat(calendar: Calendar, at: Sql): Sql {
  const after = closingAfter(calendar, at);
  return calendar.part === 'moved'
    ? sql`coalesce(${lastClosingBefore(sql`c`, after)}, '-infinity')`
    : closingBefore(after, sql`${calendar.closingDay}`);
}

/**
 * True when the latest reading `r` before some day stood at a closing, or at the start of the stay. Of the closings
 * since then the first is the one nearest to it.
 */
function standsAtClosing(r: string, calendar: Calendar, maxDays: Sql): Sql {
  const reading = sql.raw(r);
  const closing = closingAfter(calendar, sql`${reading}.at`);
  return sql`(
    ${reading}.at <= ${dayEnd(BEFORE_STAY)}
    or ${reading}.at >= ${dayEnd(sql`${closing} - ${maxDays}`)}
      and (${reading}.removed_at is null or ${reading}.removed_at > ${dayEnd(closing)}))`;
}

/**
 * Subquery: the latest reading before `pb` that stood at a closing of the stay or at its start; the first known
 * reading when none did. Goes from reading to reading, so that months without any cost nothing.
 */
function earlierStanding(calendar: Calendar, maxDays: Sql, when: Sql): Sql {
  const before = closingBeforeThat(calendar, sql`w.at`);
  const earlier = supplyPointReading({
    supplyPoint: SUPPLY_POINT,
    onDay: sql`b.on_day`,
    anyAge: sql`true`,
    when: sql`true`,
  });
  return sql`(
    with recursive walk as (
      select pb.meter_id, pb.fitted_at, pb.index_l, pb.at, false as stands
      union all
      select r.meter_id, r.fitted_at, r.index_l, r.at, ${standsAtClosing('r', calendar, maxDays)}
      from walk w
      cross join lateral (select greatest(${before}, ${BEFORE_STAY}) as on_day) b
      cross join lateral ${earlier} r
      where not w.stands
    )
    select found.* from (
      select meter_id, fitted_at, index_l, at, 1 as choice from walk where stands
      union all
      select first.*, 2 from ${firstKnownReading(SUPPLY_POINT, PREVIOUS_DAY)} first
      order by choice limit 1
    ) found where ${when})`;
}

/** Index noted when the first meter of the period was fitted, for a supply point without an earlier reading. */
function firstFitting(when: Sql): Sql {
  const from = dayEnd(PREVIOUS_DAY);
  return sql`(
    select g.meter_id, g.fitted_at, g.start_index_l as index_l, g.fitted_at as at
    from meter_fitting g
    where ${when} and g.utility_id = o.utility_id and g.supply_point_id = o.supply_point_id and g.start_index_l is not null
      and g.fitted_at > ${from} and g.fitted_at <= c.closes_at
      and not exists (
        select from meter_fitting e
        where e.utility_id = g.utility_id and e.supply_point_id = g.supply_point_id and e.fitted_at < g.fitted_at
          and (e.removed_at is null or e.removed_at > ${from}))
    order by g.fitted_at limit 1)`;
}
