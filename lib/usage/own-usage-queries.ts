import type { ReadDb } from '../../db/schema.ts';
import type { Actor, ConsumerActor } from '../actor.ts';
import { requireCapability } from '../actor.ts';
import { DomainError, invalidField } from '../errors.ts';
import type { GasKind } from '../gas-kind.ts';
import { isAwaited } from '../readings/report-window.ts';
import { listFittedTerminals } from '../terminals/fitted-terminal-queries.ts';
import {
  addDays,
  addMonths,
  dayOf,
  daysInMonth,
  formatJst,
  instantOf,
  isDay,
  isMonth,
  monthOf,
} from '../time.ts';
import type { OwnTime } from './month-usage.ts';
import { countsFromStart, monthUsage, usageAtSameTime } from './month-usage.ts';
import type { FittedMeter, UsageLine } from './usage-line.ts';
import { hourNumber } from './usage-line.ts';
import { getUsageLine, listFittedMeters } from './usage-line-queries.ts';
import { gapsOf, hoursOf, usageOfDay } from './usage-totals.ts';
import type { OwnDay, OwnMonth } from './usage-wire.ts';

/** Scope of a household: one supply point during this occupancy. */
interface Own {
  supplyPointId: number;
  meters: FittedMeter[];
  gasKind: GasKind;
  customerNumber: string;
  time: OwnTime;
  /** Registers at both ends are included: usage begins at that of 24:00 on the day before. */
  within: { from: number; to: number };
}

/**
 * A month by day, compared with the month before and the same month of the year before. Default: the latest.
 * @throws DomainError `forbidden` for any actor but a consumer, `invalid_input` for text that is not a month,
 * `not_found` for a month outside the occupancy or in the future.
 */
export async function getOwnMonth(
  db: ReadDb,
  actor: Actor,
  input: { month?: string; now: Date },
): Promise<OwnMonth> {
  const consumer = requireConsumer(actor);
  const own = await getOwn(db, consumer);
  const { firstDay, finalDay } = await getAskableDays(db, consumer, own, input.now);
  const month = input.month ?? monthOf(finalDay);
  if (!isMonth(month)) {
    throw invalidField('month', 'month is written YYYY-MM');
  }
  if (month < monthOf(firstDay) || month > monthOf(finalDay)) {
    throw new DomainError('not_found', `there are no readings of yours for ${month}`);
  }
  const yearAgo = addMonths(month, -12);
  const lineOf = (fromMonth: string, toMonth: string) =>
    getUsageLine(db, lineInput(consumer, own, fromMonth, toMonth), own.meters);
  const recent = await lineOf(addMonths(month, -1), month);
  const earlier = await lineOf(yearAgo, yearAgo);
  const terminals = await listFittedTerminals(db, own.supplyPointId);
  const context = {
    own: own.time,
    isAwaited: (day: string) => isAwaited(day, terminals, input.now),
  };
  const usage = monthUsage(recent, month, context);
  const progress =
    month === monthOf(dayOf(input.now)) && !hasEnded(own, input.now) ? 'running' : 'over';
  const compared = (line: UsageLine, otherMonth: string): OwnMonth['lastMonth'] => {
    const other = monthUsage(line, otherMonth, context);
    if (progress === 'over') {
      return { usage: other, comparableL: usage.complete && other.complete ? other.totalL : null };
    }
    const { until } = usage;
    const fair = until !== null && countsFromStart(usage);
    return { usage: other, comparableL: fair ? usageAtSameTime(line, otherMonth, until) : null };
  };
  return {
    customerNumber: own.customerNumber,
    gasKind: own.gasKind,
    progress,
    usage,
    lastMonth: compared(recent, addMonths(month, -1)),
    lastYear: compared(earlier, yearAgo),
    firstMonth: monthOf(firstDay),
    finalMonth: monthOf(finalDay),
  };
}

/**
 * A day by hour.
 * @throws DomainError `forbidden` for any actor but a consumer, `invalid_input` for text that is not a day, `not_found`
 * for a day outside the occupancy or in the future.
 */
export async function getOwnDay(
  db: ReadDb,
  actor: Actor,
  input: { day: string; now: Date },
): Promise<OwnDay> {
  const consumer = requireConsumer(actor);
  const { day } = input;
  if (!isDay(day)) {
    throw invalidField('day', 'day is a calendar day YYYY-MM-DD');
  }
  const own = await getOwn(db, consumer);
  const { firstDay, finalDay } = await getAskableDays(db, consumer, own, input.now);
  if (day < firstDay || day > finalDay) {
    throw new DomainError('not_found', `there are no readings of yours for ${day}`);
  }
  const { within } = own;
  const query = { utilityId: consumer.utilityId, fromDay: day, toDay: day, within };
  const line = await getUsageLine(db, query, own.meters);
  return {
    usage: usageOfDay(line, day),
    hours: hoursOf(line, day).map((hour) => ({
      ...hour,
      startsAt: formatJst(instantOf(day, hour.hourEnding - 1)),
      endsAt: formatJst(instantOf(day, hour.hourEnding)),
    })),
    gaps: gapsOf(line, day),
    firstDay,
    finalDay,
  };
}

function requireConsumer(actor: Actor): ConsumerActor {
  requireCapability(actor, 'own-usage.read');
  if (actor.kind !== 'consumer') {
    throw new DomainError('forbidden', 'only a consumer has usage of their own', {
      capability: 'own-usage.read',
    });
  }
  return actor;
}

async function getOwn(db: ReadDb, actor: ConsumerActor): Promise<Own> {
  const row = await db
    .selectFrom('occupancy as o')
    .innerJoin('supply_point as p', (join) =>
      join
        .onRef('p.utility_id', '=', 'o.utility_id')
        .onRef('p.supply_point_id', '=', 'o.supply_point_id'),
    )
    .where('o.utility_id', '=', actor.utilityId)
    .where('o.occupancy_id', '=', actor.occupancyId)
    .select([
      'o.supply_point_id as supplyPointId',
      'o.customer_number as customerNumber',
      'o.from_on as fromOn',
      'o.to_on as toOn',
      'p.gas_kind as gasKind',
    ])
    .executeTakeFirst();
  if (!row) throw new DomainError('not_found', 'this customer number is not registered any more');
  const { fromOn, toOn, ...rest } = row;
  const { utilityId } = actor;
  return {
    ...rest,
    meters: await listFittedMeters(db, { utilityId, supplyPointId: rest.supplyPointId }),
    time: { firstDay: fromOn, lastDay: toOn === null ? null : addDays(toOn, -1) },
    within: {
      from: hourNumber(fromOn, 0),
      to: toOn === null ? Number.POSITIVE_INFINITY : hourNumber(toOn, 0),
    },
  };
}

/** From the first day with a reading (not before the occupancy) to today or the occupancy's last day. */
async function getAskableDays(
  db: ReadDb,
  actor: ConsumerActor,
  own: Own,
  now: Date,
): Promise<{ firstDay: string; finalDay: string }> {
  const today = dayOf(now);
  const { firstDay: movedInOn, lastDay } = own.time;
  const finalDay = lastDay !== null && lastDay < today ? lastDay : today;
  const first =
    own.meters.length === 0
      ? undefined
      : await db
          .selectFrom('meter_day')
          .where('utility_id', '=', actor.utilityId)
          .where('meter_id', 'in', [...new Set(own.meters.map(({ meterId }) => meterId))])
          .where('day', '>=', movedInOn)
          .where('day', '<=', finalDay)
          .select(({ fn }) => fn.min('day').as('day'))
          .executeTakeFirst();
  const firstDay = first?.day ?? finalDay;
  return { firstDay, finalDay };
}

function hasEnded(own: Own, now: Date): boolean {
  return own.time.lastDay !== null && own.time.lastDay < dayOf(now);
}

function lineInput(actor: ConsumerActor, own: Own, fromMonth: string, toMonth: string) {
  return {
    utilityId: actor.utilityId,
    fromDay: `${fromMonth}-01`,
    toDay: `${toMonth}-${daysInMonth(toMonth)}`,
    within: own.within,
  };
}
