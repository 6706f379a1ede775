/**
 * Supply pressure of an area over a period: the least, the average and the greatest of its meters per hour or day.
 * Pressures are whole pascals (gauge). Hour ending k (1…24) is the pressure at k:00 JST. A period is two JST days, both
 * included; it may be read by the hour up to 62 days, by the day up to 400.
 */
import { invalidField } from '../errors.ts';
import { addDays, dayOf, daysBetween, isDay } from '../time.ts';
import { type MeterCapacity, registerStep } from '../validation/register-step.ts';
import type { Resolution } from '../wire.ts';

export type LimitSide = 'low' | 'high';

/** Kind of an hour outside: a side of the limits, or `fault`, a value that is not a pressure. */
export const EXCURSION_SIDES = ['low', 'high', 'fault'] as const satisfies readonly (
  | LimitSide
  | 'fault'
)[];

const PRESSURE_LIMIT_DAYS: Record<Resolution, number> = { hour: 62, day: 400 };
/** Longest period, in days, that is read by the hour by default. */
const HOURLY_UP_TO_DAYS = 31;

export interface PressureLimits {
  lowPa: number;
  highPa: number;
}

/** Below `lowPa` and above `highPa` is outside; on a limit is inside. */
export interface BandValue {
  day: string;
  /** 1…24; null for a whole day. */
  hourEnding: number | null;
  lowPa: number;
  averagePa: number;
  highPa: number;
  /** Meter-hours with a pressure. */
  values: number;
  /** Meter-hours outside the limits. */
  below: number;
  above: number;
}

export interface PressureSummary {
  /** Null when the period has no pressure. */
  lowPa: number | null;
  averagePa: number | null;
  highPa: number | null;
  values: number;
  below: number;
  above: number;
  /** Meter-hours with a sensor fault; not included in the others. */
  faults: number;
}

export interface PressurePeriod {
  from: string;
  to: string;
  step: Resolution;
}

/**
 * Whether gas flowed in an hour outside the limits. Without flow a high pressure may be the regulator's lock-up (閉そく圧),
 * which has its own limit; a low one cannot come from load.
 */
export const FLOW_STATES = ['flowing', 'still', 'unknown'] as const;
export type FlowState = (typeof FLOW_STATES)[number];

export function limitSide(pressurePa: number, limits: PressureLimits): LimitSide | null {
  if (pressurePa < limits.lowPa) return 'low';
  return pressurePa > limits.highPa ? 'high' : null;
}

/**
 * Usage of the hour from the sound registers at its two ends, in litres; null when one is missing or the step cannot be
 * explained.
 */
export function hourUsage(
  previousL: number | null,
  indexL: number | null,
  meter: MeterCapacity,
): number | null {
  if (previousL === null || indexL === null) return null;
  const step = registerStep(meter, previousL, indexL, 1);
  return step.state === 'known' ? step.usageL : null;
}

export function flowState(usageL: number | null): FlowState {
  if (usageL === null) return 'unknown';
  return usageL > 0 ? 'flowing' : 'still';
}

/** Summary of a band; the average gives each meter-hour the same weight. */
export function summarize(points: readonly BandValue[]): Omit<PressureSummary, 'faults'> {
  const values = points.reduce((sum, value) => sum + value.values, 0);
  const weighed = points.reduce((sum, value) => sum + value.averagePa * value.values, 0);
  return {
    lowPa: values === 0 ? null : Math.min(...points.map((value) => value.lowPa)),
    averagePa: values === 0 ? null : Math.round(weighed / values),
    highPa: values === 0 ? null : Math.max(...points.map((value) => value.highPa)),
    values,
    below: points.reduce((sum, value) => sum + value.below, 0),
    above: points.reduce((sum, value) => sum + value.above, 0),
  };
}

/**
 * The requested period: by default the last 7 days that are over, by the hour as long as that is readable.
 * @throws DomainError `invalid_input` for an invalid day, a day that is not over, or a period that is too long or
 * reversed.
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
