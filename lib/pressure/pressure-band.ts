/**
 * Supply pressure of an area over a period: the least, the average and the greatest of its meters per hour or day.
 * Pressures are whole pascals (gauge). Hour ending k (1…24) is the pressure at k:00 JST. A period is two JST days, both
 * included; it may be read by the hour up to 62 days, by the day up to 400.
 */
import { invalidField } from '../errors.ts';
import { addDays, dayOf, daysBetween, isDay } from '../time.ts';
import { indexDifference } from '../usage/usage-line.ts';
import type { Resolution } from '../wire.ts';

export type LimitSide = 'low' | 'high';

/** What an hour outside shows: a side of the limits, or `fault`, a value that is no pressure. */
export const EXCURSION_SIDES = ['low', 'high', 'fault'] as const satisfies readonly (
  | LimitSide
  | 'fault'
)[];

const PRESSURE_LIMIT_DAYS: Record<Resolution, number> = { hour: 62, day: 400 };
/** Up to this many days a period is read by the hour unless asked otherwise. */
const HOURLY_UP_TO_DAYS = 31;

export interface PressureLimits {
  lowPa: number;
  highPa: number;
}

/** Below `lowPa` and above `highPa` is outside; on a limit is inside. */
export interface BandPoint {
  day: string;
  /** 1…24, or null when the point is a whole day. */
  hourEnding: number | null;
  lowPa: number;
  averagePa: number;
  highPa: number;
  /** Meter-hours that have a pressure. */
  values: number;
  /** Meter-hours outside the limits. */
  below: number;
  above: number;
}

export interface PressureSummary {
  /** Null while the period has no pressure at all. */
  lowPa: number | null;
  averagePa: number | null;
  highPa: number | null;
  values: number;
  below: number;
  above: number;
  /** Meter-hours whose value is a fault of the sensor; in none of the others. */
  faults: number;
}

export interface PressurePeriod {
  from: string;
  to: string;
  step: Resolution;
}

/**
 * What the hour's usage says about a pressure outside the limits. Without flow a high pressure may be the regulator's
 * lock-up (閉そく圧), which has a limit of its own; a low one cannot come from load.
 */
export const FLOW_STATES = ['flowing', 'still', 'unknown'] as const;
export type FlowState = (typeof FLOW_STATES)[number];

export function limitSide(pressurePa: number, limits: PressureLimits): LimitSide | null {
  if (pressurePa < limits.lowPa) return 'low';
  return pressurePa > limits.highPa ? 'high' : null;
}

/** Usage of the hour from the registers at its two ends, in litres; null when one is missing or the register fell. */
export function hourUsage(
  previousL: number | null,
  indexL: number | null,
  dialL: number,
): number | null {
  return previousL === null || indexL === null ? null : indexDifference(previousL, indexL, dialL);
}

export function flowState(usageL: number | null): FlowState {
  if (usageL === null) return 'unknown';
  return usageL > 0 ? 'flowing' : 'still';
}

/** The whole of the points: the average weighs each meter-hour alike. */
export function summarize(points: readonly BandPoint[]): Omit<PressureSummary, 'faults'> {
  const values = points.reduce((sum, point) => sum + point.values, 0);
  const weighed = points.reduce((sum, point) => sum + point.averagePa * point.values, 0);
  return {
    lowPa: values === 0 ? null : Math.min(...points.map((point) => point.lowPa)),
    averagePa: values === 0 ? null : Math.round(weighed / values),
    highPa: values === 0 ? null : Math.max(...points.map((point) => point.highPa)),
    values,
    below: points.reduce((sum, point) => sum + point.below, 0),
    above: points.reduce((sum, point) => sum + point.above, 0),
  };
}

/**
 * The period asked for: by default the last 7 days that are over, by the hour where that stays readable.
 * @throws DomainError `invalid_input` for a day that is none, is not over, or a period that is too long or reversed.
 */
export function pressurePeriod(
  input: { from?: string | undefined; to?: string | undefined; step?: Resolution | undefined },
  now: Date,
): PressurePeriod {
  const yesterday = addDays(dayOf(now), -1);
  const to = input.to ?? yesterday;
  if (!isDay(to) || to > yesterday) {
    throw invalidField('to', 'the last day must be over: a date up to yesterday');
  }
  const from = input.from ?? addDays(to, -6);
  if (!isDay(from) || from > to) {
    throw invalidField('from', 'the first day is a date not after the last day');
  }
  const days = daysBetween(from, to) + 1;
  const step = input.step ?? (days <= HOURLY_UP_TO_DAYS ? 'hour' : 'day');
  if (days > PRESSURE_LIMIT_DAYS[step]) {
    const limit = PRESSURE_LIMIT_DAYS[step];
    throw invalidField('from', `by the ${step} a period has at most ${limit} days`);
  }
  return { from, to, step };
}
