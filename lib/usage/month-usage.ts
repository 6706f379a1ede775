/** A household's month: by day, up to the last received register, and compared with another month. */
import { addDays, daysInMonth, monthOf } from '../time.ts';
import type { UsageLine, UsageMark } from './usage-line.ts';
import { dayHour, hourNumber } from './usage-line.ts';
import type { DayUsage, Gap } from './usage-totals.ts';
import { gapsBetween, usageBetween, usageByDay } from './usage-totals.ts';

/** Maximum distance of a register from the wanted instant for a comparison, hours. */
const COMPARABLE_WITHIN_HOURS = 24;

/**
 * State of a day.
 * - `whole`: the day's last register is known.
 * - `partial`: registers up to an earlier hour.
 * - `missing`: none, although the day's report is due and later registers have come.
 * - `awaited`: none yet.
 * - `outside`: the day is not the reader's.
 */
export const DAY_STATES = ['whole', 'partial', 'missing', 'awaited', 'outside'] as const;
type DayState = (typeof DAY_STATES)[number];

interface MonthDay extends DayUsage {
  state: DayState;
}

export interface MonthUsage {
  /** YYYY-MM. */
  month: string;
  /** Every calendar day of the month, in order. */
  days: MonthDay[];
  /** Litres from the month's beginning (or the occupancy's) to `until`; null when unknown. */
  totalL: number | null;
  /** The register that the total counts from, and the last one; null without one. */
  from: { day: string; hourEnding: number } | null;
  until: { day: string; hourEnding: number } | null;
  /** True when the total covers the month from begin to end, to within a day. */
  complete: boolean;
  /** Gaps that touch the month: total known, course unknown. */
  gaps: Gap[];
  marks: readonly UsageMark[];
}

/** Days of the reader's occupancy, both included; `lastDay` null while it continues. */
export interface OwnTime {
  firstDay: string;
  lastDay: string | null;
}

/**
 * @param isAwaited whether the report of a day is not due yet (`lib/readings/report-window.ts`).
 * @throws RangeError when the text is not a month.
 */
export function monthUsage(
  line: UsageLine,
  month: string,
  { own, isAwaited }: { own: OwnTime; isAwaited: (day: string) => boolean },
): MonthUsage {
  const { start, end } = monthHours(month);
  const total = usageBetween(line, start, end);
  const lastKnown = total.until ?? Number.NEGATIVE_INFINITY;
  const laterKnown = (line.stretches.at(-1)?.to ?? Number.NEGATIVE_INFINITY) > end;
  const days = usageByDay(line, `${month}-01`, addDays(`${month}-01`, daysInMonth(month) - 1));
  return {
    month,
    days: days.map((day) => {
      const arrivedAfter = laterKnown || hourNumber(day.day, 24) <= lastKnown;
      const isLost = arrivedAfter && !isAwaited(day.day);
      return { ...day, state: stateOf(day, own, isLost) };
    }),
    totalL: total.usageL,
    from: total.from === null ? null : dayHour(total.from),
    until: total.until === null ? null : dayHour(total.until),
    complete:
      total.from !== null &&
      total.until !== null &&
      isNear(total.from, start) &&
      isNear(total.until, end),
    gaps: gapsBetween(line, start, end),
    marks: total.marks,
  };
}

function stateOf(day: DayUsage, own: OwnTime, isLost: boolean): DayState {
  if (day.day < own.firstDay || (own.lastDay !== null && day.day > own.lastDay)) return 'outside';
  if (day.untilHour === 24) return 'whole';
  if (day.untilHour !== null) return 'partial';
  return isLost ? 'missing' : 'awaited';
}

/**
 * Usage of another month up to the same hour of the month as `until`; of a shorter month the whole. Litres. Null when
 * its registers do not reach to within a day of its beginning and of that hour.
 */
export function usageAtSameTime(
  line: UsageLine,
  month: string,
  until: { day: string; hourEnding: number },
): number | null {
  const { start, end } = monthHours(month);
  const elapsed = hourNumber(until.day, until.hourEnding) - monthHours(monthOf(until.day)).start;
  const wanted = Math.min(start + elapsed, end);
  const usage = usageBetween(line, start, wanted);
  if (usage.from === null || usage.until === null) return null;
  return isNear(usage.from, start) && isNear(usage.until, wanted) ? usage.usageL : null;
}

/** True when the month's total counts from its beginning, so that it can be compared with another month. */
export function countsFromStart(usage: MonthUsage): boolean {
  if (!usage.from) return false;
  const { start } = monthHours(usage.month);
  return isNear(hourNumber(usage.from.day, usage.from.hourEnding), start);
}

function isNear(hour: number, wanted: number): boolean {
  return Math.abs(hour - wanted) <= COMPARABLE_WITHIN_HOURS;
}

function monthHours(month: string): { start: number; end: number } {
  const start = hourNumber(`${month}-01`, 0);
  return { start, end: start + daysInMonth(month) * 24 };
}
