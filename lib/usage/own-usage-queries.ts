import type { ReadDb } from '../../db/schema.ts';
import type { Actor } from '../actor.ts';
import { DomainError, invalidField } from '../errors.ts';
import { isAwaited } from '../readings/report-window.ts';
import { listFittedTerminals } from '../terminals/fitted-terminal-queries.ts';
import { addMonths, dayOf, formatJst, instantOf, isDay, isMonth } from '../time.ts';
import { compareSoFar, compareWhole, monthUsage } from './month-usage.ts';
import type { AskableDays, OwnHousehold } from './own-household-queries.ts';
import {
  getAskableDays,
  getOwnHousehold,
  hasMovedOut,
  requireConsumer,
} from './own-household-queries.ts';
import type { UsageLine } from './usage-line.ts';
import { getUsageLine } from './usage-line-queries.ts';
import type { PeriodKind, PeriodRule, UsagePeriod } from './usage-period.ts';
import { periodMonthOf, usagePeriod } from './usage-period.ts';
import { gapsOf, hoursOf, usageOfDay } from './usage-totals.ts';
import type { OwnDay, OwnMonth } from './usage-wire.ts';

interface OwnMonthInput {
  /** YYYY-MM; default: the latest month with a reading. */
  month?: string | undefined;
  /** Division of time into months; default: calendar months. */
  period?: PeriodKind | undefined;
  now: Date;
}

/**
 * A month by day, compared with the month before and the same month of the year before.
 * @throws DomainError `forbidden` for any actor but a consumer, `invalid_input` for text that is not a month,
 * `not_found` for a month outside the occupancy or in the future.
 */
export async function getOwnMonth(
  db: ReadDb,
  actor: Actor,
  input: OwnMonthInput,
): Promise<OwnMonth> {
  const consumer = requireConsumer(actor);
  const own = await getOwnHousehold(db, consumer);
  const askable = await getAskableDays(db, own, input.now);
  const rule = { kind: input.period ?? 'calendar', closingDay: own.closingDay };
  const bounds = {
    firstMonth: periodMonthOf(askable.firstDay, rule),
    finalMonth: periodMonthOf(askable.finalDay, rule),
  };
  const month = input.month ?? periodMonthOf(askable.lastReadDay ?? askable.finalDay, rule);
  if (!isMonth(month)) {
    throw invalidField('month', 'month is written YYYY-MM');
  }
  if (month < bounds.firstMonth || month > bounds.finalMonth) {
    throw new DomainError('not_found', `there are no readings of yours for ${month}`);
  }
  return {
    customerNumber: own.customerNumber,
    gasKind: own.gasKind,
    period: rule.kind,
    closingDay: own.closingDay,
    ...(await readMonth(db, own, { month, rule, now: input.now })),
    ...bounds,
    firstDay: askable.firstDay,
    finalDay: askable.finalDay,
  };
}

async function readMonth(
  db: ReadDb,
  own: OwnHousehold,
  { month, rule, now }: { month: string; rule: PeriodRule; now: Date },
): Promise<Pick<OwnMonth, 'progress' | 'usage' | 'lastMonth' | 'lastYear'>> {
  const [period, before, yearAgo] = [0, -1, -12].map((months) =>
    usagePeriod(addMonths(month, months), rule),
  ) as [UsagePeriod, UsagePeriod, UsagePeriod]; // as many as the numbers of months above
  const recent = await readLine(db, own, { firstDay: before.firstDay, lastDay: period.lastDay });
  const earlier = await readLine(db, own, yearAgo);
  const terminals = await listFittedTerminals(db, own.supplyPointId);
  const context = {
    own: own.time,
    isAwaited: (day: string) => isAwaited(day, terminals, now),
  };
  const usage = monthUsage(recent, period, context);
  // A month runs until its last day's report is there or due.
  const isToCome = period.lastDay >= dayOf(now) || context.isAwaited(period.lastDay);
  const isKnown = usage.days.at(-1)?.untilHour === 24;
  const progress = hasMovedOut(own, now) || isKnown || !isToCome ? 'over' : 'running';
  const compared = (line: UsageLine, other: UsagePeriod): OwnMonth['lastMonth'] => {
    const otherUsage = monthUsage(line, other, context);
    const comparison =
      progress === 'over'
        ? compareWhole(usage, otherUsage)
        : compareSoFar({ line: recent, period }, { line, period: other });
    return { usage: otherUsage, ...comparison };
  };
  return {
    progress,
    usage,
    lastMonth: compared(recent, before),
    lastYear: compared(earlier, yearAgo),
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
  const own = await getOwnHousehold(db, consumer);
  const { firstDay, finalDay }: AskableDays = await getAskableDays(db, own, input.now);
  if (day < firstDay || day > finalDay) {
    throw new DomainError('not_found', `there are no readings of yours for ${day}`);
  }
  const line = await readLine(db, own, { firstDay: day, lastDay: day });
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

/** The usage line over the days, both included, as far as the household may see it. */
function readLine(
  db: ReadDb,
  { utilityId, within, meters }: OwnHousehold,
  { firstDay, lastDay }: Pick<UsagePeriod, 'firstDay' | 'lastDay'>,
): Promise<UsageLine> {
  return getUsageLine(db, { utilityId, fromDay: firstDay, toDay: lastDay, within }, meters);
}
