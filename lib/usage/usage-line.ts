/**
 * The usage line of a supply point: the registers of its meters, one after another, as one run of usage. Time is the
 * hour number, whole hours since 1970-01-01T00:00 JST: hour ending k of a day is `dayNumber × 24 + k`, so 24 of one day
 * is 0 of the next. Usage is in litres and always a difference of registers; nothing is estimated or spread.
 */
import { dayFromNumber, dayNumber } from '../time.ts';
import {
  type MeterCapacity,
  NOTED_WITHIN_HOURS,
  registerStep,
} from '../validation/register-step.ts';

const HOUR_MS = 3_600_000;
const JST_OFFSET_HOURS = 9;

/** A meter at the supply point, with what usage needs. Half-open: fitted until before removed. */
export interface FittedMeter extends MeterCapacity {
  meterId: number;
  fittedAt: Date;
  removedAt: Date | null;
  /** Register when fitted and when removed; null when it was not noted. */
  startIndexL: number | null;
  finalIndexL: number | null;
}

/** One meter's day: 24 registers in litres, element k − 1 at k:00 JST, null when there is none. */
export interface DayIndexes {
  meterId: number;
  day: string;
  indexL: readonly (number | null)[];
  /** Hours ending (1…24) whose register is in doubt (`lib/validation`), and therefore null; null: none. */
  doubtfulHours?: readonly number[] | null;
}

/**
 * Marks of a stretch of usage.
 * - `rolled-over`: the register passed its end and continued from zero.
 * - `fallen`: the register fell and that was no rollover; the stretch has no usage.
 * - `exchanged`: the meter was exchanged within; both meters' usage is added.
 * - `unnoted`: exchanged, and a register at the exchange was not noted: the usage is only the known part.
 * - `implausible`: more gas than could have passed the meter in the time; the stretch has no usage.
 * - `doubtful`: a register within is in doubt and left out.
 * - `without-meter`: no meter was fitted.
 */
export const USAGE_MARKS = [
  'rolled-over',
  'fallen',
  'exchanged',
  'unnoted',
  'implausible',
  'doubtful',
  'without-meter',
] as const;
export type UsageMark = (typeof USAGE_MARKS)[number];

/** Usage between two adjacent known registers. One hour long when nothing is missing. */
export interface Stretch {
  /** Hour number of the earlier register. */
  from: number;
  /** Hour number of the later register; always after `from`. */
  to: number;
  /** Litres; null only where the register fell, or rose by more than could have passed. */
  usageL: number | null;
  marks: readonly UsageMark[];
}

/** Stretches in order of time, each beginning where the one before ends. Empty with fewer than two registers. */
export interface UsageLine {
  stretches: readonly Stretch[];
}

/** Registers that a reader may see, by hour number, both ends included. */
export interface HourRange {
  from: number;
  to: number;
}

/** Hour number of hour ending `hourEnding` (0…24) of a JST day. */
export function hourNumber(day: string, hourEnding: number): number {
  return dayNumber(day) * 24 + hourEnding;
}

/** The day and hour ending (1…24) of an hour number; the last hour of a day is its 24, not the next day's 0. */
export function dayHour(hour: number): { day: string; hourEnding: number } {
  const day = Math.ceil(hour / 24) - 1;
  return { day: dayFromNumber(day), hourEnding: hour - day * 24 };
}

/**
 * Joins the meters' registers to one line, in any order of both lists. Registers outside their meter's fitting are left
 * out, and so are those outside `within` (both ends included), which separates one occupant's line from another's
 * usage.
 */
export function usageLine(
  meters: readonly FittedMeter[],
  days: readonly DayIndexes[],
  within: HourRange = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY },
): UsageLine {
  const order = meters.toSorted((a, b) => a.fittedAt.getTime() - b.fittedAt.getTime());
  const walk = new LineWalk();
  order.forEach((meter, position) => {
    walk.fit(meter, within);
    const doubted = doubtfulHours(meter, days);
    let next = 0;
    for (const { hour, indexL } of registersOf(meter, days)) {
      if (hour < within.from || hour > within.to) continue;
      for (; (doubted[next] ?? hour) < hour; next += 1) walk.doubt(doubted[next] ?? hour);
      walk.read(hour, indexL);
    }
    walk.remove(meter, order[position + 1], within);
  });
  return { stretches: walk.stretches };
}

/** Registers that a meter showed while it was fitted here, in order of time. */
export function registersOf(
  meter: FittedMeter,
  days: readonly DayIndexes[],
): { hour: number; indexL: number }[] {
  const fittedAt = exactHour(meter.fittedAt);
  const removedAt = meter.removedAt ? exactHour(meter.removedAt) : Number.POSITIVE_INFINITY;
  return days
    .filter((record) => record.meterId === meter.meterId)
    .flatMap((record) => {
      const midnight = hourNumber(record.day, 0);
      return record.indexL.flatMap((indexL, element) =>
        indexL === null ? [] : [{ hour: midnight + element + 1, indexL }],
      );
    })
    .filter(({ hour }) => hour >= fittedAt && hour <= removedAt)
    .sort((a, b) => a.hour - b.hour);
}

function doubtfulHours(meter: FittedMeter, days: readonly DayIndexes[]): number[] {
  return days
    .filter(({ meterId, doubtfulHours: hours }) => meterId === meter.meterId && hours)
    .flatMap(({ day, doubtfulHours: hours }) => hours?.map((k) => hourNumber(day, k)) ?? [])
    .sort((a, b) => a - b);
}

function exactHour(at: Date): number {
  return at.getTime() / HOUR_MS + JST_OFFSET_HOURS;
}

/**
 * Goes through the registers and emits a stretch at each. An exchange within an hour emits none: the old meter's usage
 * up to it is kept in `waitingL` and added to the new meter's first register.
 */
class LineWalk {
  readonly stretches: Stretch[] = [];
  #cursor: number | null = null;
  #meter: FittedMeter | null = null;
  #indexL: number | null = null;
  /** When `#indexL` was read; for a noted register, the earliest time that it may be of. */
  #readAt = 0;
  #waitingL: number | null = 0;
  #marks = new Set<UsageMark>();

  fit(meter: FittedMeter, within: HourRange): void {
    const hour = Math.floor(exactHour(meter.fittedAt));
    this.#meter = meter;
    if (this.#cursor === null) {
      this.#indexL = null;
      if (meter.startIndexL === null || hour < within.from || hour > within.to) return;
      this.#cursor = hour;
    } else if (hour <= within.to) {
      this.#joinAt(hour);
      this.#marks.add('exchanged');
      if (meter.startIndexL === null) this.#marks.add('unnoted');
    }
    this.#indexL = meter.startIndexL;
    this.#readAt = exactHour(meter.fittedAt) - NOTED_WITHIN_HOURS;
  }

  /** A register in doubt between two that are read. */
  doubt(hour: number): void {
    if (this.#cursor !== null && hour > this.#cursor) this.#marks.add('doubtful');
  }

  read(hour: number, indexL: number): void {
    if (this.#cursor === null) {
      this.#cursor = hour;
    } else {
      this.#count(indexL, hour);
      this.#emit(hour);
    }
    this.#indexL = indexL;
    this.#readAt = hour;
  }

  /** The line may be flat at the removal when the next meter was fitted no earlier than the hour's end. */
  remove(meter: FittedMeter, next: FittedMeter | undefined, within: HourRange): void {
    if (!meter.removedAt || this.#cursor === null) return;
    const hour = Math.ceil(exactHour(meter.removedAt));
    if (Math.floor(exactHour(meter.removedAt)) > within.to) return;
    if (meter.finalIndexL === null || this.#indexL === null) {
      this.#marks.add('unnoted');
      return;
    }
    this.#count(meter.finalIndexL, exactHour(meter.removedAt) + NOTED_WITHIN_HOURS);
    const resumes = next ? Math.floor(exactHour(next.fittedAt)) : Number.POSITIVE_INFINITY;
    if (hour <= Math.min(resumes, within.to)) this.#emit(hour);
    this.#indexL = null;
  }

  /** Skips time between two meters without usage when the old one's end is already on the line. */
  #joinAt(hour: number): void {
    if (this.#cursor === null || hour <= this.#cursor) return;
    if (this.#indexL !== null || this.#marks.size > 0 || this.#waitingL !== 0) return;
    this.#marks.add('without-meter');
    this.#emit(hour);
  }

  #count(indexL: number, at: number): void {
    if (this.#indexL === null || !this.#meter) return;
    const step = registerStep(this.#meter, this.#indexL, indexL, at - this.#readAt);
    if (step.state === 'known') {
      if (step.rolledOver) this.#marks.add('rolled-over');
      if (this.#waitingL !== null) this.#waitingL += step.usageL;
      return;
    }
    this.#marks.add(step.state);
    this.#waitingL = null;
  }

  #emit(hour: number): void {
    if (this.#cursor === null || hour <= this.#cursor) return;
    const usageL = this.#waitingL;
    this.stretches.push({ from: this.#cursor, to: hour, usageL, marks: [...this.#marks] });
    this.#cursor = hour;
    this.#waitingL = 0;
    this.#marks = new Set();
  }
}
