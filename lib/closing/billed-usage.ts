/**
 * Usage between two readings of one usage line: across a rollover and across meter exchanges.
 * Registers and usage are integer litres, all arithmetic is integer; billed m³ are decimal text.
 */
import {
  type MeterCapacity,
  NOTED_WITHIN_HOURS,
  type RegisterStep,
  registerStep,
} from '../validation/register-step.ts';

/** Rounding of billed m³: floor of the litres used; difference of floored registers; the same in steps of 0.1 m³. */
export const USAGE_ROUNDINGS = [
  'floor-of-difference',
  'difference-of-floors',
  'difference-of-floors-0.1',
] as const;
export type UsageRounding = (typeof USAGE_ROUNDINGS)[number];

/** One meter's part of a period: its register at start and end, litres, and their instants, seconds since 1970. */
export interface UsageSegment extends MeterCapacity {
  fromL: number | null;
  fromAtS: number | null;
  toL: number | null;
  toAtS: number | null;
  /**
   * True when the register at the start was read after that at the end: it was issued, and the meter turned out to have
   * been removed before. The difference is taken as it is, so that what was issued too much is taken back.
   */
  takesBack?: boolean;
}

export type PeriodUsage =
  | { known: true; usageL: number; rolledOver: boolean }
  /**
   * `index-fell`: the register fell and that was no rollover; `implausible`: it rose by more than could have passed;
   * `index-missing`: that of an exchanged meter is unknown.
   */
  | { known: false; reason: 'index-fell' | 'implausible' | 'index-missing' };

const CITY_ROUNDING: UsageRounding = 'difference-of-floors';
const LP_ROUNDING: UsageRounding = 'difference-of-floors-0.1';

/** Rounding of a gas kind when the tariff has none: city gas in whole m³, LP gas in 0.1 m³. */
export function defaultRounding(gasKind: 'city' | 'lp'): UsageRounding {
  return gasKind === 'city' ? CITY_ROUNDING : LP_ROUNDING;
}

/** Step of a segment with both registers. */
function stepOf(segment: UsageSegment, fromL: number, toL: number): RegisterStep {
  const { fromAtS, toAtS, takesBack = false } = segment;
  if (takesBack) return { state: 'known', usageL: toL - fromL, rolledOver: false };
  const hours =
    fromAtS === null || toAtS === null
      ? Number.POSITIVE_INFINITY
      : (toAtS - fromAtS) / 3600 + NOTED_WITHIN_HOURS;
  return registerStep(segment, fromL, toL, hours);
}

/** Usage of a period in litres: the sum over its meters, oldest first. */
export function periodUsage(segments: readonly UsageSegment[]): PeriodUsage {
  let usageL = 0;
  let rolledOver = false;
  for (const segment of segments) {
    const { fromL, toL } = segment;
    if (fromL === null || toL === null) return { known: false, reason: 'index-missing' };
    const step = stepOf(segment, fromL, toL);
    if (step.state === 'fallen') return { known: false, reason: 'index-fell' };
    if (step.state === 'implausible') return { known: false, reason: 'implausible' };
    usageL += step.usageL;
    rolledOver ||= step.rolledOver;
  }
  // More was issued than was used until now.
  if (usageL < 0) return { known: false, reason: 'index-fell' };
  return { known: true, usageL, rolledOver };
}

/**
 * Billed usage in m³ as decimal text. Differences of floors are taken per meter, as its register is read; the floor of
 * the difference is taken once, of the sum.
 * @throws RangeError when the usage of the segments is unknown.
 */
export function billedM3(segments: readonly UsageSegment[], rounding: UsageRounding): string {
  switch (rounding) {
    case 'floor-of-difference': {
      const usage = periodUsage(segments);
      if (!usage.known) throw new RangeError(`the usage is not known: ${usage.reason}`);
      return String(Math.floor(usage.usageL / 1000));
    }
    case 'difference-of-floors':
      return String(differenceOfFloors(segments, 1000));
    case 'difference-of-floors-0.1': {
      const tenths = differenceOfFloors(segments, 100);
      return `${Math.floor(tenths / 10)}.${tenths % 10}`;
    }
  }
}

function differenceOfFloors(segments: readonly UsageSegment[], unitL: number): number {
  let units = 0;
  for (const segment of segments) {
    const { fromL, toL } = segment;
    const step = fromL === null || toL === null ? null : stepOf(segment, fromL, toL);
    if (step?.state !== 'known' || fromL === null) throw new RangeError('the usage is not known');
    units += Math.floor((fromL + step.usageL) / unitL) - Math.floor(fromL / unitL);
  }
  return units;
}

/** Litres as m³ with three decimals, as on the register: 12905635 → "12905.635". */
export function formatIndexM3(indexL: number): string {
  return `${Math.floor(indexL / 1000)}.${String(indexL % 1000).padStart(3, '0')}`;
}
