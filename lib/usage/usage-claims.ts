/**
 * What can be said of a household's day and month although hours of it were not received. A claim is `certain` when it
 * holds however the usage of each gap was divided among its hours; else it holds among the known ones only.
 */
import { addDays } from '../time.ts';
import type { MonthUsage } from './month-usage.ts';
import { isCertain, isExact } from './usage-bounds.ts';
import { dayHour, hourNumber } from './usage-line.ts';
import type { Gap, HourUsage } from './usage-totals.ts';

/** The greatest of some usages; the earliest of equal ones. Litres. */
interface Greatest {
  usageL: number;
  /** True when none of the others can have been greater. */
  certain: boolean;
}

/** A day by hour, with the gaps that touch it. */
interface DayHours {
  usage: { day: string };
  hours: readonly HourUsage[];
  gaps: readonly Gap[];
}

/**
 * The hour of a day with the greatest usage; undefined when no hour is known, or one that is known is not certain. An
 * hour within a gap used at most the gap's total, one without a register on both sides any amount.
 */
export function busiestHour(day: DayHours): (Greatest & { hourEnding: number }) | undefined {
  const known = day.hours.filter(({ usageL }) => usageL !== null);
  if (known.length === 0 || !known.every(({ marks }) => isCertain(marks))) return undefined;
  const { hourEnding, usageL } = known.reduce((best, hour) =>
    (hour.usageL ?? 0) > (best.usageL ?? 0) ? hour : best,
  );
  const greatestL = usageL ?? 0;
  const certain = day.hours.every((hour) => {
    const mostL = mostOfHour(hour, day);
    return mostL !== null && mostL <= greatestL;
  });
  return { hourEnding, usageL: greatestL, certain };
}

/** Greatest possible usage of an hour, litres; null where nothing limits it. */
function mostOfHour(hour: HourUsage, { usage, gaps }: DayHours): number | null {
  if (hour.usageL !== null) return isCertain(hour.marks) ? hour.usageL : null;
  if (hour.state !== 'spanned') return null;
  const at = hourNumber(usage.day, hour.hourEnding);
  const gap = gaps.find(({ from, to }) => numberOf(from) < at && at <= numberOf(to));
  return gap && isCertain(gap.marks) ? gap.usageL : null;
}

/** True when it is certain that no gas passed on the day: every hour is known, or in a gap, without usage. */
export function isCertainlyUnused(day: DayHours): boolean {
  return day.hours.every(
    (hour) => mostOfHour(hour, day) === 0 && !hour.marks.includes('without-meter'),
  );
}

/** The month as far as a claim on its days needs it. */
type MonthDays = Pick<MonthUsage, 'days' | 'gaps' | 'from' | 'until' | 'totalL' | 'marks'>;

/**
 * The day of a month with the greatest usage among those that are known from begin to end; undefined when fewer than
 * two are, or the usage of a day is not certain. Certain when every day of the household's is bounded by it.
 */
export function highestDay({ days }: MonthDays): (Greatest & { day: string }) | undefined {
  const known = days.filter((day) => day.state !== 'outside' && isExact(day));
  if (known.length < 2 || !days.every(({ marks }) => isCertain(marks))) return undefined;
  const best = known.reduce((most, day) => (day.leastL > most.leastL ? day : most));
  if (best.leastL === 0) return undefined;
  const certain = days.every(
    ({ state, mostL }) => state === 'outside' || (mostL !== null && mostL <= best.leastL),
  );
  return { day: best.day, usageL: best.leastL, certain };
}

/** Shortest time between the registers of a total of which an average is told, hours. */
const AVERAGE_FROM_HOURS = 48;

/**
 * Average usage in 24 hours between the two registers of the month's total, litres; undefined where the total is not
 * certain or covers less than two days.
 */
export function averageDayL({ from, until, totalL, marks }: MonthDays): number | undefined {
  if (from === null || until === null || totalL === null) return undefined;
  const hours = numberOf(until) - numberOf(from);
  if (hours < AVERAGE_FROM_HOURS || !isCertain(marks) || marks.includes('without-meter')) {
    return undefined;
  }
  return (totalL * 24) / hours;
}

/**
 * Days of the month with hours in a gap of known usage, in order. `counted`: the month's total includes the gap;
 * `next`: the total of a later month does, because the gap ends there. Days that may still arrive are left out.
 */
export function gapDays(month: MonthDays): { counted: string[]; next: string[] } {
  const last = month.days.at(-1)?.day ?? '';
  const isOwnLoss = (day: string) =>
    month.days.some(
      (it) => it.day === day && it.state !== 'awaited' && it.state !== 'outside' && it.hoursWithout,
    );
  const daysOf = (gaps: readonly Gap[]) =>
    [...new Set(gaps.flatMap(daysTouched))].filter(isOwnLoss).sort();
  const known = month.gaps.filter(({ usageL }) => usageL !== null);
  return {
    counted: daysOf(known.filter(({ to }) => to.day <= last)),
    next: daysOf(known.filter(({ to }) => to.day > last)),
  };
}

/** Days in which hours of the gap lie. */
function daysTouched({ from, to }: Gap): string[] {
  const days: string[] = [];
  const { day: first } = dayHour(numberOf(from) + 1);
  for (let day = first; day <= to.day; day = addDays(day, 1)) days.push(day);
  return days;
}

function numberOf({ day, hourEnding }: Gap['from']): number {
  return hourNumber(day, hourEnding);
}
