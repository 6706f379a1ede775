/**
 * The one query of all closings: readings of the very day first, earlier ones only when those are missing. Runs in a
 * transaction with a utility set, which limits every table and view. The previous reading is that of the previous
 * closing, or of the start of the occupancy if that is later. When there was none at the previous closing, earlier
 * closings are tried, so that usages always add up.
 */
import { type RawBuilder, sql } from 'kysely';
import type { UsageRounding } from './billed-usage.ts';
import { defaultRounding } from './billed-usage.ts';
import type { Closing } from './closing-day.ts';
import type { ClosingFacts } from './closing-row.ts';
import {
  closingBefore,
  dayEnd,
  firstStoredReading,
  lastKnownReading,
  supplyPointReading,
} from './reading-at-sql.ts';
import {
  IS_DOUBTFUL,
  isUnvalidated,
  stepRule,
  unexplainedSteps,
  unvalidated,
  verdictOn,
} from './validation-sql.ts';

type Sql = RawBuilder<unknown>;

export interface ClosingSelection {
  /** 1…31, 31 being month end. */
  closingDay: number;
  closings: readonly Closing[];
  /**
   * Only this customer, whatever the registered closing day; undefined: all customers registered for the closing day.
   */
  customerNumber?: string;
  /** Overrides the tariffs' rounding. */
  rounding?: UsageRounding;
}

/** The JST date whose end the previous reading stands for, and whether the occupancy starts there. */
const PREVIOUS_DAY = sql`greatest(c.previous_on, o.from_on - 1)`;
const AT_START = sql`(o.from_on - 1 >= c.previous_on)`;

/** Utility, and the maximum age in days of a reading that substitutes a closing's. */
export interface ClosingScope {
  utilityId: number;
  substituteMaxDays: number;
}

/** Rows of ClosingFacts, unordered. */
export function closingFacts(
  selection: ClosingSelection,
  scope: ClosingScope,
): RawBuilder<ClosingFacts> {
  const maxDays = sql`${scope.substituteMaxDays}::integer`;
  const one = selection.customerNumber !== undefined;
  const days = [...new Set(selection.closings.flatMap((c) => [c.closesOn, c.previousOn]))];
  return sql<ClosingFacts>`
    select o.customer_number as "customerNumber", sp.supply_point_id as "supplyPointId", sp.number as "supplyPointNumber",
      o.occupancy_id as "occupancyId", 'regular' as kind, a.name as "areaName",
      te.number as "terminalNumber", f.meter_id as "meterId", m.serial as "meterSerial", c.closing_on as "closesOn",
      now.index_l as "indexL", now.lag_s as "lagS", previous.index_l as "previousIndexL", ${epoch(sql`previous.at`)} as "previousAtS",
      m.dial_l as "dialL", m.size::double precision as "sizeM3PerHour", exchange.segments as exchange,
      coalesce(t.usage_rounding, case sp.gas_kind when 'city' then ${defaultRounding('city')} else ${defaultRounding('lp')} end) as rounding,
      coalesce(nx.superseded_at > c.closes_at, false) or coalesce(px.superseded_at > c.closes_at, false) as corrected,
      ${IS_DOUBTFUL} as "isDoubtful", ${stepRule(sql`c.closes_at - make_interval(secs => now.lag_s)`)} as "stepRule",
      ${isUnvalidated(scope.utilityId)} as "isUnvalidated"
    from ${closingTable(selection.closings)} c
    ${customersAt(selection, scope.utilityId)}
    ${fittedAt()}
    ${verdictOn('nv', sql`c.closing_on`)}
    ${verdictOn('pv', sql`c.previous_on`)}
    ${dayReading('n', { day: sql`c.closing_on`, opensAt: sql`c.opens_at`, days, maxDays, and: sql`nv.meter_id is null`, one })}
    ${dayReading('p', { day: sql`c.previous_on`, opensAt: sql`c.previous_opens_at`, days, maxDays, and: sql`pv.meter_id is null and not (o.from_on - 1 > c.previous_on)`, one })}
    ${readingNow(maxDays)}
    ${readingPrevious(selection.closingDay, maxDays)}
    ${exchangeSegments()}
    ${unexplainedSteps(scope.utilityId)}
    ${unvalidated(scope.utilityId)}
    ${correction('nx', { one, meterId: sql`f.meter_id`, day: sql`c.closing_on - now.lag_s / 86400` })}
    ${correction('px', { one, meterId: sql`previous.meter_id`, day: sql`(previous.at at time zone 'Asia/Tokyo' - interval '1 second')::date` })}`;
}

/** The requested closings as rows with their instants. */
function closingTable(closings: readonly Closing[]): Sql {
  const closesOn = closings.map((c) => c.closesOn);
  const previousOn = closings.map((c) => c.previousOn);
  return sql`(
    select u.closing_on, u.previous_on, ${dayEnd(sql`u.closing_on`)} as closes_at,
      ${dayEnd(sql`u.closing_on - 1`)} as opens_at, ${dayEnd(sql`u.previous_on - 1`)} as previous_opens_at
    from unnest(${closesOn}::date[], ${previousOn}::date[]) as u (closing_on, previous_on))`;
}

/** Customers that occupy an open supply point on the closing day. */
function customersAt(selection: ClosingSelection, utilityId: number): Sql {
  const chosen =
    selection.customerNumber === undefined
      ? sql`sp.closing_day = ${selection.closingDay}::smallint`
      : sql`o.customer_number = ${selection.customerNumber}`;
  return sql`
    join occupancy o on o.utility_id = ${utilityId}::integer and o.from_on <= c.closing_on and (o.to_on is null or o.to_on > c.closing_on)
    join supply_point sp on sp.utility_id = o.utility_id and sp.supply_point_id = o.supply_point_id
      and sp.opened_on <= c.closing_on and (sp.closed_on is null or sp.closed_on > c.closing_on) and ${chosen}
    join area a on a.utility_id = sp.utility_id and a.area_id = sp.area_id
    left join tariff t on t.utility_id = sp.utility_id and t.tariff_id = sp.tariff_id`;
}

/** Meter and terminal fitted at the closing instant. */
function fittedAt(): Sql {
  return sql`
    left join meter_fitting f on f.utility_id = o.utility_id and f.supply_point_id = o.supply_point_id
      and f.fitted_at <= c.closes_at and (f.removed_at is null or f.removed_at > c.closes_at)
    left join meter m on m.utility_id = f.utility_id and m.meter_id = f.meter_id
    left join terminal_fitting tf on tf.utility_id = o.utility_id and tf.supply_point_id = o.supply_point_id
      and tf.from_at <= c.closes_at and (tf.to_at is null or tf.to_at > c.closes_at)
    left join terminal te on te.utility_id = tf.utility_id and te.terminal_id = tf.terminal_id`;
}

interface DayReading {
  day: Sql;
  /** Instant at which that day begins. */
  opensAt: Sql;
  /** All requested days as constants, so that other chunks are excluded. */
  days: string[];
  maxDays: Sql;
  and: Sql;
  /** True: one customer, looked up by key; false: many, a day's rows are joined as a set. */
  one: boolean;
}

/**
 * Fast path: the latest index of the very day, of the meter fitted at the closing. Days with a register in doubt are read
 * like those that are missing.
 */
function dayReading(alias: 'n' | 'p', { day, opensAt, days, maxDays, and, one }: DayReading): Sql {
  const d = sql.raw(alias);
  // A join is not pushed into a security-barrier view; a lateral look-up is.
  const rows = one
    ? sql`lateral (select * from meter_day r where r.utility_id = f.utility_id and r.meter_id = f.meter_id and r.day = ${day} limit 1)`
    : sql`meter_day`;
  return sql`
    left join ${rows} ${d} on ${d}.utility_id = f.utility_id and ${d}.meter_id = f.meter_id and ${d}.day = ${day}
      and ${d}.day = any(${days}::date[]) and ${d}.closing_hour is not null and 24 - ${d}.closing_hour <= ${maxDays} * 24
      and (f.fitted_at <= ${opensAt} or f.fitted_at <= ${opensAt} + make_interval(hours => ${d}.closing_hour::integer))
      and ${and}`;
}

/** now (index_l, lag_s): the reading used for the closing. */
function readingNow(maxDays: Sql): Sql {
  const onDay = sql`c.closing_on`;
  return sql`
    left join lateral ${supplyPointReading({ supplyPoint: sql`o`, onDay, maxDays, anyAge: sql`false`, when: sql`n.meter_id is null` })} nl on true
    cross join lateral (
      select coalesce(n.closing_index_l, nl.index_l) as index_l,
        case when n.meter_id is null then extract(epoch from c.closes_at - nl.at)::integer
             else (24 - n.closing_hour) * 3600 end as lag_s
    ) now`;
}

/** previous (meter_id, fitted_at, index_l, at): the reading from which the usage counts. */
function readingPrevious(closingDay: number, maxDays: Sql): Sql {
  const supplyPoint = sql`o`;
  const onDay = PREVIOUS_DAY;
  const notJoined = sql`p.meter_id is null`;
  const notStanding = sql`p.meter_id is null and pa.meter_id is null and now.index_l is not null`;
  return sql`
    left join lateral ${supplyPointReading({ supplyPoint, onDay, maxDays, anyAge: AT_START, when: notJoined })} pa on true
    left join lateral ${supplyPointReading({ supplyPoint, onDay, maxDays, anyAge: sql`true`, when: notStanding })} pb on true
    left join lateral ${earlierClosing(closingDay, maxDays)} pc on true
    left join lateral ${firstFitting(sql`${notStanding} and pb.meter_id is null`)} pd on true
    cross join lateral (
      select
        case when p.meter_id is null then coalesce(pa.meter_id, pc.meter_id, pb.meter_id, pd.meter_id) else f.meter_id end as meter_id,
        case when p.meter_id is null then coalesce(pa.fitted_at, pc.fitted_at, pb.fitted_at, pd.fitted_at) else f.fitted_at end as fitted_at,
        case when p.meter_id is null then coalesce(pa.index_l, pc.index_l, pb.index_l, pd.index_l) else p.closing_index_l end as index_l,
        case when p.meter_id is null then coalesce(pa.at, pc.at, pb.at, pd.at)
             else c.previous_opens_at + make_interval(hours => p.closing_hour::integer) end as at
    ) previous`;
}

/**
 * Tries month after month back from the previous closing until one had a reading, at most to the start of the
 * occupancy.
 */
function earlierClosing(closingDay: number, maxDays: Sql): Sql {
  const onDay = sql`b.on_day`;
  const anyAge = sql`(b.on_day = o.from_on - 1)`;
  return sql`(
    with recursive walk as (
      select ${PREVIOUS_DAY} as on_day, null::integer as meter_id, null::timestamptz as fitted_at,
        null::integer as index_l, null::timestamptz as at
      union all
      select b.on_day, r.meter_id, r.fitted_at, r.index_l, r.at
      from walk w
      cross join lateral (
        select greatest(${closingBefore(sql`w.on_day`, sql`${closingDay}`)}, o.from_on - 1) as on_day
      ) b
      left join lateral ${supplyPointReading({ supplyPoint: sql`o`, onDay, maxDays, anyAge, when: sql`true` })} r on true
      where w.index_l is null and w.on_day > o.from_on - 1
    )
    select walk.meter_id, walk.fitted_at, walk.index_l, walk.at
    from walk where pb.meter_id is not null and not ${AT_START} and walk.index_l is not null limit 1)`;
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

/** exchange (segments): each meter since the previous reading, when that was of another fitting. */
function exchangeSegments(): Sql {
  const g = sql`g`;
  const isFirst = sql`g.fitted_at = previous.fitted_at`;
  const isLast = sql`g.fitted_at = f.fitted_at`;
  const start = sql`case when g.start_index_l is null then first.at else g.fitted_at end`;
  const end = sql`case when g.final_index_l is null then last.at else g.removed_at end`;
  return sql`
    left join lateral (
      select json_agg(json_build_object('meterId', g.meter_id, 'dialL', gm.dial_l, 'sizeM3PerHour', gm.size,
          'fittedAtS', ${epoch(sql`g.fitted_at`)},
          'fromL', case when ${isFirst} then previous.index_l else coalesce(g.start_index_l, first.index_l) end,
          'fromAtS', ${epoch(sql`case when ${isFirst} then previous.at else ${start} end`)},
          'toL', case when ${isLast} then now.index_l else coalesce(g.final_index_l, last.index_l) end,
          'toAtS', ${epoch(sql`case when ${isLast} then c.closes_at - make_interval(secs => now.lag_s) else ${end} end`)}
        ) order by g.fitted_at) as segments
      from meter_fitting g
      join meter gm on gm.utility_id = g.utility_id and gm.meter_id = g.meter_id
      left join lateral ${firstStoredReading(g, sql`c.closing_on`)} first on g.start_index_l is null
      left join lateral ${lastKnownReading(g, sql`c.closing_on`)} last on g.final_index_l is null
      where g.utility_id = o.utility_id and g.supply_point_id = o.supply_point_id
        and g.fitted_at >= previous.fitted_at and g.fitted_at <= f.fitted_at
        and now.index_l is not null and previous.fitted_at < f.fitted_at
    ) exchange on true`;
}

/** An instant as seconds since 1970, which the driver reads faster than a date. */
function epoch(instant: Sql): Sql {
  return sql`extract(epoch from ${instant})::double precision`;
}

/**
 * Time of the last correction of a meter's day: looked up for one customer, aggregated once for many. The key is
 * computed separately, because row security keeps conditions with functions of rows from using the index.
 */
function correction(
  alias: 'nx' | 'px',
  { meterId, day, one }: { meterId: Sql; day: Sql; one: boolean },
): Sql {
  const x = sql.raw(alias);
  if (one) {
    return sql`
    left join lateral (
      select max(r.superseded_at) as superseded_at
      from (select ${meterId} as meter_id, ${day} as day offset 0) k
      join meter_day_revision r on r.meter_id = k.meter_id and r.day = k.day and r.change = 'corrected'
    ) ${x} on true`;
  }
  return sql`
    left join (
      select meter_id, day, max(superseded_at) as superseded_at
      from meter_day_revision where change = 'corrected' group by meter_id, day
    ) ${x} on ${x}.meter_id = ${meterId} and ${x}.day = ${day}`;
}

/**
 * Sort key: each run of digits as its length and its digits without leading zeros, so that digits sort as numbers. Most
 * customer numbers consist of digits only and need no regular expression.
 */
export const CUSTOMER_ORDER = sql`(
  case when translate("customerNumber", '0123456789', '') = ''
    then chr(48 + length(ltrim("customerNumber", '0'))) || ltrim("customerNumber", '0')
    else (
      select string_agg(case when r.part[1] ~ '^[0-9]'
        then chr(48 + length(ltrim(r.part[1], '0'))) || ltrim(r.part[1], '0') else r.part[1] end, '' order by r.place)
      from regexp_matches("customerNumber", '[0-9]+|[^0-9]+', 'g') with ordinality as r (part, place))
  end) collate "C"`;
