/**
 * The one query of all closings: readings of the very day first, earlier ones only when those are missing. Runs in a
 * transaction with a utility set, which limits every table and view.
 */
import { type RawBuilder, sql } from 'kysely';
import { estimationFacts } from '../estimation/estimation-facts-sql.ts';
import type { EstimationScope } from '../estimation/estimation-scope.ts';
import { awaitedReportAt, mayBeAwaited } from './awaited-report-sql.ts';
import type { UsageRounding } from './billed-usage.ts';
import { defaultRounding } from './billed-usage.ts';
import type { Closing } from './closing-day.ts';
import {
  type AskedClosings,
  belongsTo,
  closingsAsked,
  firstClosingFrom,
  isRegistered,
  lastClosingBefore,
  partsOf,
} from './closing-day-sql.ts';
import { previousReading } from './closing-memory-sql.ts';
import type { ClosingFacts } from './closing-row.ts';
import { dayReadings } from './day-reading-sql.ts';
import { editsOn, isEntered, isStruck } from './edits-sql.ts';
import { epoch, exchangeSegments } from './exchange-segments-sql.ts';
import {
  hasFinalRowElsewhere,
  isFirstRow,
  issuedLaterAtS,
  issuedToOther,
  lateFinals,
} from './late-finals-sql.ts';
import { readingPrevious } from './previous-reading-sql.ts';
import {
  closingBefore,
  closingFrom,
  dayEnd,
  dayOfReading,
  fittingReading,
  supplyPointReading,
} from './reading-at-sql.ts';
import { IS_STAY, setJoin } from './set-join-sql.ts';
import {
  IS_DOUBTFUL,
  isUnvalidated,
  MARKS_IN_PERIOD,
  openMarks,
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
  /** Instant that decides which reports are not due yet. */
  now: Date;
}

export interface ClosingScope {
  utilityId: number;
  /** Maximum age in days of a reading that substitutes a closing's. */
  substituteMaxDays: number;
  /** True: usages count from the registers of runs that were issued (closing-memory-sql.ts). */
  remembers: boolean;
  estimation: EstimationScope;
  /** True: some supply points had another closing day before (closing-day-sql.ts). */
  moved: boolean;
}

/** Rows of ClosingFacts, unordered. */
export function closingFacts(
  selection: ClosingSelection,
  scope: ClosingScope,
): RawBuilder<ClosingFacts> {
  const parts = partsOf(scope).map((part) => factsOfPart(selection, scope, part));
  return sql<ClosingFacts>`${sql.join(parts, sql` union all `)}`;
}

function factsOfPart(
  selection: ClosingSelection,
  scope: ClosingScope,
  part: AskedClosings['part'],
): RawBuilder<ClosingFacts> {
  const maxDays = sql`${scope.substituteMaxDays}::integer`;
  const one = selection.customerNumber !== undefined;
  const estimates = estimationFacts({
    ...{ estimation: scope.estimation, remembers: scope.remembers, maxDays },
    ...{ closingDay: selection.closingDay, beforeOn: firstOf(selection) },
    isMany: selection.closings.length > 1,
  });
  const asked = { ...scope, ...selection, part };
  // A row on a day that is not the place's own has nothing to do with what was issued.
  const ofOwnDay = (what: Sql, otherwise: Sql) =>
    scope.remembers
      ? sql`(case when ${isRegistered(asked, sql`sp`)} then ${what} else ${otherwise} end)`
      : otherwise;
  return sql<ClosingFacts>`
    select o.customer_number as "customerNumber", sp.supply_point_id as "supplyPointId", sp.number as "supplyPointNumber",
      o.occupancy_id as "occupancyId", c.kind, c.from_on > c.previous_on as starts, a.name as "areaName",
      te.number as "terminalNumber", coalesce(f.meter_id, nl.meter_id) as "meterId", ${epoch(sql`until.fitted_at`)} as "fittedAtS", coalesce(m.serial, away.serial) as "meterSerial", c.closing_on as "closesOn",
      now.index_l as "indexL", now.lag_s as "lagS", held.index_l as "heldIndexL", ${meterIsAway()} as "meterIsAway",
      previous.index_l as "previousIndexL", ${epoch(sql`previous.at`)} as "previousAtS",
      previous.meter_id as "previousMeterId", ${epoch(sql`previous.fitted_at`)} as "previousFittedAtS",
      previous.difference_l as "previousDifferenceL", previous.change as "previousChange", previous.run_id as "previousRunId",
      previous.floor_l as "previousFloorL",
      coalesce(m.dial_l, away.dial_l) as "dialL", coalesce(m.size, away.size)::double precision as "sizeM3PerHour", exchange.segments as exchange,
      coalesce(t.usage_rounding, case sp.gas_kind when 'city' then ${defaultRounding('city')} else ${defaultRounding('lp')} end) as rounding,
      coalesce(nx.superseded_at > c.closes_at, false) or coalesce(px.superseded_at > c.closes_at, false) as corrected,
      ${expectedAtS(selection)} as "expectedAtS",
      ${IS_DOUBTFUL} as "isDoubtful", ${stepRule(sql`c.closes_at - make_interval(secs => now.lag_s)`)} as "stepRule",
      ${isUnvalidated(scope.utilityId)} as "isUnvalidated",
      ${isEntered(scope.utilityId)} as "isEntered", ${isStruck(scope.utilityId, maxDays)} as "isStruck",
      ${ofOwnDay(issuedToOther(selection), sql`false`)} as "isIssuedToOther",
      ${ofOwnDay(issuedLaterAtS(selection), sql`null::double precision`)} as "issuedLaterAtS",
      previous.quality as "previousQuality", ${MARKS_IN_PERIOD} as marks
      ${estimates.columns}
    from ${closingsAsked(asked)} r
    ${staysIn(selection, scope, asked)}
    ${fittedAt()}
    ${verdictOn('nv', sql`c.closing_on`)}
    ${verdictOn('pv', sql`c.previous_on`)}
    ${editsOn('ne', sql`c.closing_on`)}
    ${editsOn('pe', sql`c.previous_on`)}
    ${dayReadings({ closings: selection.closings, maxDays, one })}
    ${readingNow(maxDays)}
    ${readingPrevious(asked, maxDays)}
    ${previousReading({ closingDay: selection.closingDay, isRegistered: isRegistered(asked, sql`sp`), maxDays, beforeOn: firstOf(selection), remembers: scope.remembers })}
    ${exchangeSegments({ supplyPoint: sql`o`, from: sql`previous`, to: sql`until`, onDay: sql`c.closing_on` })}
    ${estimates.joins}
    ${unexplainedSteps(scope.utilityId, one)}
    ${unvalidated(scope.utilityId, one)}
    ${openMarks(scope.utilityId, one)}
    ${correction('nx', { one, meterId: sql`coalesce(f.meter_id, nl.meter_id)`, day: sql`c.closing_on - now.lag_s / 86400` })}
    ${correction('px', { one, meterId: sql`previous.meter_id`, day: sql`(previous.at at time zone 'Asia/Tokyo' - interval '1 second')::date` })}
    where ${IS_STAY}`;
}

/** When the missing reading at 24:00 is expected; null when it is there, or expected no longer. */
function expectedAtS({ closings, now }: ClosingSelection): Sql {
  if (!mayBeAwaited(closings, now)) return sql`null::double precision`;
  return sql`case when now.lag_s = 0 then null else ${epoch(awaitedReportAt(now))} end`;
}

/** The first of the requested closings: what was issued before it is remembered. */
function firstOf({ closings }: Pick<ClosingSelection, 'closings'>): string {
  return closings.map(({ closesOn }) => closesOn).sort()[0] ?? '';
}

/** The first day of a stay, and the last; null while it lasts. */
const FROM_ON = sql`greatest(o.from_on, sp.opened_on)`;
const LAST_ON = sql`(least(o.to_on, sp.closed_on) - 1)`;

/**
 * o, sp, c: stays of customers at supply points, and the days of their row. A stay lasts as long as the occupancy while the
 * supply point is open. One that goes on after the closing has its regular row on the closing day; one whose last day
 * lies in the period has its final row on that day, and so has one that ended before and was not issued (c.is_late,
 * late-finals-sql.ts). The days are computed separately, because row security keeps
 * conditions with functions of other rows from choosing the days that are read.
 */
export function staysIn(
  selection: ClosingSelection,
  { utilityId, remembers }: ClosingScope,
  asked: AskedClosings,
): Sql {
  const { closingDay, customerNumber } = selection;
  const isMoved = asked.part === 'moved';
  const isOwn = belongsTo(asked, sql`sp`, customerNumber === undefined);
  const chosen =
    customerNumber === undefined ? isOwn : sql`o.customer_number = ${customerNumber} and ${isOwn}`;
  // Of the moved, stays are looked up by supply point.
  const onlyOne = isMoved ? sql`and o.supply_point_id = r.only_id` : sql``;
  const spans = isMoved ? sql`r.span_from, r.span_until, r.span_day,` : sql``;
  const late = remembers ? lateFinals(selection, utilityId) : undefined;
  const isLate = late
    ? sql`(r.closing_on = ${firstOf(selection)}::date and o.occupancy_id = any (${late}))`
    : sql`false`;
  const isFinal = sql`coalesce(${LAST_ON} <= r.closing_on, false)`;
  const day = (regular: Sql, last: Sql) =>
    sql`case when ${isFinal} then ${last} else ${regular} end`;
  const previousOn = late
    ? sql`case when ${isRegistered(asked, sql`sp`)} and ${isFirstRow(selection, utilityId)} then ${closingBeforeDay(asked, FROM_ON)}
               when ${LAST_ON} <= r.previous_on then ${closingBeforeDay(asked, LAST_ON)} else r.previous_on end`
    : sql`r.previous_on`;
  return sql`
    join occupancy o on o.utility_id = ${utilityId}::integer and o.from_on <= r.closing_on
      and (o.to_on is null or o.to_on - 1 > r.previous_on or ${isLate}) ${onlyOne}
    join supply_point sp on sp.utility_id = o.utility_id and sp.supply_point_id = o.supply_point_id
      and sp.opened_on <= r.closing_on and (o.to_on is null or sp.opened_on < o.to_on)
      and (sp.closed_on is null or (sp.closed_on - 1 > r.previous_on or ${isLate}) and sp.closed_on > o.from_on and sp.closed_on > sp.opened_on)
      and ${chosen}${late ? sql` and not (${isFinal} and ${hasFinalRowElsewhere(closingDay)})` : sql``}
    cross join lateral (
      select ${spans} ${day(sql`'regular'`, sql`'final'`)} as kind, ${FROM_ON} as from_on, d.previous_on,
        ${late ? dayEnd(sql`(d.previous_on - 1)`) : sql`r.previous_opens_at`} as previous_opens_at,
        ${day(sql`r.closing_on`, LAST_ON)} as closing_on, ${day(sql`r.closes_at`, dayEnd(LAST_ON))} as closes_at,
        ${day(sql`r.opens_at`, dayEnd(sql`(${LAST_ON} - 1)`))} as opens_at,
        ${late ? sql`coalesce(${LAST_ON} <= r.previous_on, false)` : sql`false`} as is_late
      from (select ${previousOn} as previous_on) d
      offset 0
    ) c
    join area a on a.utility_id = sp.utility_id and a.area_id = sp.area_id
    left join tariff t on t.utility_id = sp.utility_id and t.tariff_id = sp.tariff_id`;
}

/** The closing before the first one at or after a day. */
function closingBeforeDay({ closingDay, part }: AskedClosings, on: Sql): Sql {
  if (part !== 'moved')
    return closingBefore(closingFrom(on, sql`${closingDay}`), sql`${closingDay}`);
  return sql`coalesce(${lastClosingBefore(sql`r`, firstClosingFrom(sql`r`, on))}, r.previous_on)`;
}

/** f, m, te: meter and terminal fitted at the closing instant. */
function fittedAt(): Sql {
  return sql`
    left join meter_fitting f on f.utility_id = o.utility_id and f.supply_point_id = o.supply_point_id
      and f.fitted_at <= c.closes_at and (f.removed_at is null or f.removed_at > c.closes_at)
    left join meter m on m.utility_id = f.utility_id and m.meter_id = f.meter_id
    left join terminal_fitting tf on tf.utility_id = o.utility_id and tf.supply_point_id = o.supply_point_id
      and tf.from_at <= c.closes_at and (tf.to_at is null or tf.to_at > c.closes_at)
    left join terminal te on te.utility_id = tf.utility_id and te.terminal_id = tf.terminal_id`;
}

/**
 * now (index_l, lag_s): the reading used for the closing. held (index_l): that of a final row without one, which is too
 * old: no later row has its litres. until (meter_id, fitted_at, index_l, at): the end of the row's usage, now or held. away: the
 * meter of a final row when it was removed before.
 */
function readingNow(maxDays: Sql): Sql {
  const isHeld = sql`c.kind = 'final' and n.meter_id is null and nl.index_l is null`;
  return sql`
    left join lateral ${lastReading(maxDays)} nl on true
    left join lateral (
      select g.serial, g.dial_l, g.size from meter g
      where f.meter_id is null and g.utility_id = o.utility_id and g.meter_id = nl.meter_id limit 1
    ) away on true
    left join lateral ${supplyPointReading({ supplyPoint: sql`o`, onDay: sql`c.closing_on`, anyAge: sql`true`, when: isHeld })} held on true
    cross join lateral (
      select coalesce(n.closing_index_l, nl.index_l) as index_l,
        case when n.meter_id is null then date_part('epoch', c.closes_at - nl.at)::integer
             else (24 - n.closing_hour) * 3600 end as lag_s
    ) now
    cross join lateral (
      select coalesce(held.meter_id, nl.meter_id, f.meter_id) as meter_id,
        coalesce(held.fitted_at, nl.fitted_at, f.fitted_at) as fitted_at,
        coalesce(now.index_l, held.index_l) as index_l,
        coalesce(held.at, c.closes_at - make_interval(secs => now.lag_s)) as at
    ) until`;
}

/**
 * Subquery (meter_id, fitted_at, index_l, at): for a row that is not read on the very day, the meter fitted at the closing
 * instant and its latest reading, if it is not too old. The meter of a final row may have been removed before; then the
 * age of its reading is counted to the removal, because its register stands still since.
 */
function lastReading(maxDays: Sql): Sql {
  const onDay = sql`c.closing_on`;
  const sinceDay = sql`(least(${onDay}, ${dayOfReading(sql`g.removed_at`)}) - ${maxDays})`;
  return sql`(
    select g.meter_id, g.fitted_at, x.index_l, x.at
    from meter_fitting g
    left join lateral ${fittingReading({ fitting: sql`g`, onDay, sinceDay })} x on true
    where n.meter_id is null and g.utility_id = o.utility_id and g.supply_point_id = o.supply_point_id
      and g.fitted_at <= c.closes_at and (g.removed_at is null or g.removed_at > c.closes_at or c.kind = 'final')
    order by g.fitted_at desc limit 1)`;
}

/** True when no meter was at the supply point since the previous reading: nothing can have been used. */
function meterIsAway(): Sql {
  return sql`(
    now.index_l is null and not exists (
      select from meter_fitting g
      where g.utility_id = o.utility_id and g.supply_point_id = o.supply_point_id and g.fitted_at < c.closes_at
        and (g.removed_at is null or g.removed_at > coalesce(previous.at, ${dayEnd(sql`greatest(c.previous_on, c.from_on - 1)`)}))))`;
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
    ${setJoin(one)} (
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
