/**
 * A household's month, calendar month or billing period: by day, up to the last received register, and compared with
 * another month.
 */
import { daysBetween } from '../time.ts';
import type { UsageBounds } from './usage-bounds.ts';
import { boundsBetween, isExact } from './usage-bounds.ts';
import type { UsageLine, UsageMark } from './usage-line.ts';
import { dayHour, hourNumber } from './usage-line.ts';
import type { UsagePeriod } from './usage-period.ts';
import type { DayUsage, Gap } from './usage-totals.ts';
import { gapsBetween, usageBetween, usageByDay } from './usage-totals.ts';

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

/** A day of the month; the bounds are those of the gas used from 0:00 to 24:00. */
interface MonthDay extends DayUsage, UsageBounds {
  state: DayState;
}

export interface MonthUsage extends UsagePeriod, UsageBounds {
  /** Every day of the month, in order. */
  days: MonthDay[];
  /** Litres from the month's beginning (or the occupancy's) to `until`; null when unknown. */
  totalL: number | null;
  /** The register that the total counts from, and the last one; null without one. */
  from: { day: string; hourEnding: number } | null;
  until: { day: string; hourEnding: number } | null;
  /** True when the total is the month's usage from begin to end, whatever happened in its gaps. */
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

/** @param isAwaited whether the report of a day is not due yet (`lib/readings/report-window.ts`). */
export function monthUsage(
  line: UsageLine,
  period: UsagePeriod,
  { own, isAwaited }: { own: OwnTime; isAwaited: (day: string) => boolean },
): MonthUsage {
  const { start, end } = hoursOfPeriod(period);
  const total = usageBetween(line, start, end);
  const lastKnown = total.until ?? Number.NEGATIVE_INFINITY;
  const laterKnown = (line.stretches.at(-1)?.to ?? Number.NEGATIVE_INFINITY) > end;
  const days = usageByDay(line, period.firstDay, period.lastDay);
  const bounds = boundsBetween(line, start, end);
  return {
    ...period,
    ...bounds,
    days: days.map((day) => {
      const midnight = hourNumber(day.day, 0);
      const arrivedAfter = laterKnown || midnight + 24 <= lastKnown;
      const isLost = arrivedAfter && !isAwaited(day.day);
      const state = stateOf(day, own, isLost);
      return { ...day, ...boundsBetween(line, midnight, midnight + 24), state };
    }),
    totalL: total.usageL,
    from: total.from === null ? null : dayHour(total.from),
    until: total.until === null ? null : dayHour(total.until),
    complete: isExact(bounds),
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

/** A comparison that no course of the gaps can contradict. */
export interface Comparison {
  /** Usage to compare with, litres; null unless both usages are exact. */
  comparableL: number | null;
  /** Whether more or less was used than in the other month; null when it is the same, or not certain. */
  direction: 'more' | 'less' | null;
}

const UNDECIDED: Comparison = { comparableL: null, direction: null };

/** Whole months compared. */
export function compareWhole(usage: MonthUsage, other: MonthUsage): Comparison {
  return compare(usage, other);
}

/**
 * The month up to its last register compared with the other up to the same hour since its beginning; of a shorter month
 * the whole.
 */
export function compareSoFar(
  usage: { line: UsageLine; period: UsagePeriod },
  other: { line: UsageLine; period: UsagePeriod },
): Comparison {
  const { start, end } = hoursOfPeriod(usage.period);
  const { until } = usageBetween(usage.line, start, end);
  if (until === null) return UNDECIDED;
  const { start: otherStart, end: otherEnd } = hoursOfPeriod(other.period);
  const otherUntil = Math.min(otherStart + until - start, otherEnd);
  return compare(
    boundsBetween(usage.line, start, until),
    boundsBetween(other.line, otherStart, otherUntil),
  );
}

function compare(usage: UsageBounds, other: UsageBounds): Comparison {
  return {
    comparableL: isExact(usage) && isExact(other) ? other.leastL : null,
    direction: directionOf(usage, other),
  };
}

function directionOf(usage: UsageBounds, other: UsageBounds): Comparison['direction'] {
  if (other.mostL !== null && usage.leastL > other.mostL) return 'more';
  if (usage.mostL !== null && usage.mostL < other.leastL) return 'less';
  return null;
}

/** Hour numbers of a period's beginning and end. */
export function hoursOfPeriod({ firstDay, lastDay }: UsagePeriod): { start: number; end: number } {
  const start = hourNumber(firstDay, 0);
  return { start, end: start + (daysBetween(firstDay, lastDay) + 1) * 24 };
}
