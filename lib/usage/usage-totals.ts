/**
 * Hours, days and periods of a usage line. A stretch belongs to the day or period of its later register, as in
 * closings, so that the days of a month add up to the month, and months to a year, whatever is missing.
 */
import { elementAt } from '../certain.ts';
import { addDays, daysBetween } from '../time.ts';
import type { Stretch, UsageLine, UsageMark } from './usage-line.ts';
import { dayHour, hourNumber } from './usage-line.ts';

/**
 * State of an hour.
 * - `measured`: both registers of the hour are known.
 * - `spanned`: part of a gap whose total is known; the hour has no usage of its own.
 * - `fallen`: the register fell, so the usage is unknown.
 * - `missing`: no register on one side, so nothing is known (yet).
 */
export const HOUR_STATES = ['measured', 'spanned', 'fallen', 'missing'] as const;
export type HourState = (typeof HOUR_STATES)[number];

export interface HourUsage {
  /** 1…24; the hour that closes at k:00 JST. */
  hourEnding: number;
  state: HourState;
  /** Litres; a number exactly when measured. */
  usageL: number | null;
  marks: readonly UsageMark[];
}

/** A gap with a known total: more than one hour between two known registers. */
export interface Gap {
  /** Day and hour ending of the register before the gap. */
  from: { day: string; hourEnding: number };
  /** Day and hour ending of the register after it. */
  to: { day: string; hourEnding: number };
  /** Litres; null when the register fell. */
  usageL: number | null;
  marks: readonly UsageMark[];
}

export interface DayUsage {
  day: string;
  /**
   * Litres counted to this day: everything up to its last known register. Null when the day has no register, or the
   * register fell. Includes `enteringL`.
   */
  usageL: number | null;
  /** The part of `usageL` from a gap that began before the day; some of it belongs to earlier days. Litres. */
  enteringL: number;
  /** The hour (0…23) from which the day's usage counts: 0 unless the line begins within the day. Null without usage. */
  fromHour: number | null;
  /**
   * The last known hour ending; null when the day has none. 24 when the day's last register is known, whatever the
   * clock says.
   */
  untilHour: number | null;
  /** Hours of the day without a usage of their own. */
  hoursWithout: number;
  marks: readonly UsageMark[];
}

export interface PeriodUsage {
  /** Litres; null when no stretch ends in the period, or a register fell in it. */
  usageL: number | null;
  /** Hour numbers of the two registers whose difference this is; null without one. */
  from: number | null;
  until: number | null;
  marks: readonly UsageMark[];
}

/** Stretches whose later register is after `from` and not after `to` (hour numbers), in order. */
export function stretchesEnding(line: UsageLine, from: number, to: number): readonly Stretch[] {
  return line.stretches.slice(firstEndingAfter(line, from), firstEndingAfter(line, to));
}

function firstEndingAfter(line: UsageLine, hour: number): number {
  let low = 0;
  let high = line.stretches.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (elementAt(line.stretches, middle).to > hour) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The 24 hours of a day, in order. Measured hours and the gaps that end in it add up to the day's usage. */
export function hoursOf(line: UsageLine, day: string): HourUsage[] {
  const start = hourNumber(day, 0);
  return Array.from({ length: 24 }, (_, at) => hourUsage(line, start, at + 1));
}

function hourUsage(line: UsageLine, midnight: number, hourEnding: number): HourUsage {
  const hour = midnight + hourEnding;
  const stretch = line.stretches[firstEndingAfter(line, hour - 1)];
  if (!stretch || stretch.from >= hour) {
    return { hourEnding, state: 'missing', usageL: null, marks: [] };
  }
  const { usageL, marks } = stretch;
  if (usageL === null) return { hourEnding, state: 'fallen', usageL: null, marks };
  if (stretch.to - stretch.from > 1) return { hourEnding, state: 'spanned', usageL: null, marks };
  return { hourEnding, state: 'measured', usageL, marks };
}

/** Gaps with a known total that touch a day, in order. */
export function gapsOf(line: UsageLine, day: string): Gap[] {
  return gapsBetween(line, hourNumber(day, 0), hourNumber(day, 24));
}

/** Gaps with a known total that touch the hours after `from` up to `to` (hour numbers), in order. */
export function gapsBetween(line: UsageLine, from: number, to: number): Gap[] {
  return gapsWhere(line, from, to, (stretch) => stretch.to - stretch.from > 1);
}

/**
 * Like `gapsBetween`, for a line with only the first and last register of each day: the gaps that contain a whole day.
 */
export function longGapsBetween(line: UsageLine, from: number, to: number): Gap[] {
  const dayAt = (hour: number) => Math.ceil(hour / 24);
  return gapsWhere(line, from, to, (stretch) => dayAt(stretch.to) - dayAt(stretch.from) > 1);
}

function gapsWhere(
  line: UsageLine,
  from: number,
  to: number,
  isGap: (stretch: Stretch) => boolean,
): Gap[] {
  return line.stretches
    .slice(firstEndingAfter(line, from))
    .filter((stretch) => stretch.from < to && isGap(stretch))
    .map(({ from: before, to: after, usageL, marks }) => ({
      from: dayHour(before),
      to: dayHour(after),
      usageL,
      marks,
    }));
}

export function usageOfDay(line: UsageLine, day: string): DayUsage {
  const start = hourNumber(day, 0);
  const stretches = stretchesEnding(line, start, start + 24);
  const first = stretches[0];
  const last = stretches.at(-1);
  const measured = stretches.filter((stretch) => stretch.to - stretch.from === 1).length;
  return {
    day,
    usageL: sumOf(stretches),
    enteringL: first && first.from < start ? (first.usageL ?? 0) : 0,
    fromHour: first ? Math.max(0, first.from - start) : null,
    untilHour: last ? last.to - start : null,
    hoursWithout: 24 - measured,
    marks: marksOf(stretches),
  };
}

/** One entry per day from `fromDay` to `toDay`, both included. */
export function usageByDay(line: UsageLine, fromDay: string, toDay: string): DayUsage[] {
  const count = Math.max(0, daysBetween(fromDay, toDay) + 1);
  return Array.from({ length: count }, (_, offset) => usageOfDay(line, addDays(fromDay, offset)));
}

/**
 * Usage between two hour numbers: the difference of the latest registers at or before each. `from` and `until` of the
 * result are those registers; without one at or before `from`, the line's first is used.
 */
export function usageBetween(line: UsageLine, from: number, to: number): PeriodUsage {
  const stretches = stretchesEnding(line, from, to);
  return {
    usageL: sumOf(stretches),
    from: stretches[0]?.from ?? null,
    until: stretches.at(-1)?.to ?? null,
    marks: marksOf(stretches),
  };
}

function sumOf(stretches: readonly Stretch[]): number | null {
  if (stretches.length === 0) return null;
  let sum = 0;
  for (const { usageL } of stretches) {
    if (usageL === null) return null;
    sum += usageL;
  }
  return sum;
}

function marksOf(stretches: readonly Stretch[]): UsageMark[] {
  return [...new Set(stretches.flatMap(({ marks }) => marks))];
}
