/**
 * Register of a closing that was not read: reckoned, not measured. The reckoned register is issued like a reading, and the
 * next row counts from it, so that an estimate is settled by the next reading: V2 = M2 − M1 − V1, where M1 is the last
 * register read, V1 what was estimated since, and M2 the next register read. Pure. Registers and usage are integer
 * litres, instants seconds since 1970, days JST days. Sources: docs/estimation.md.
 */
import { billedM3, periodUsage, type UsageRounding } from '../closing/billed-usage.ts';
import { type MeterCapacity, registerStep } from '../validation/register-step.ts';
import { cutTo, formatDecimal, parseDecimal } from './decimal.ts';
import type { MissedReadingRule } from './estimation-scope.ts';

/**
 * Rule by which a register was reckoned.
 * - `last-usage`: usage of the last period; `last-usage-by-days`: the same in proportion to the days, rounded down.
 * - `absence`: the customer was away for the whole period: 0. - `first-reading`: the first reading after opening was missed: 0.
 * - `interpolation`: linear between a register before and one after the closing.
 * - `decision`: staff decided the usage (認定).
 */
export const ESTIMATE_BASES = [
  'last-usage',
  'last-usage-by-days',
  'absence',
  'first-reading',
  'interpolation',
  'decision',
] as const;
export type EstimateBasis = (typeof ESTIMATE_BASES)[number];

/** The period before the one that was missed. */
export interface LastPeriod {
  /** Run that issued it; null: it is reckoned from its registers, because it was not issued. */
  runId: number | null;
  /** Its billed m³ before a volume factor; null where it was not issued. */
  usageM3: string | null;
  /** Its registers where it was not issued, of the fitting of the previous reading. */
  fromL: number | null;
  toL: number | null;
  fromAtS: number;
  toAtS: number;
}

/** A usage that staff decided for the row (認定). */
export interface CertifiedUsage {
  decisionId: number;
  litres: number;
  reason: string;
  /** Actor as `kind:id`. */
  decidedBy: string;
  decidedAtS: number;
}

/** Facts of a row that may be estimated, beside its readings. */
export interface EstimationFacts {
  missedReading: MissedReadingRule;
  /** First register of the same fitting after the closing, near enough to the reading for interpolation. */
  next: { indexL: number; atS: number } | null;
  lastPeriod: LastPeriod | null;
  /** True where the stay began in the period and nothing of it was issued. */
  isFirst: boolean;
  /** True where the supply point is recorded as absent for the whole period. */
  isAbsent: boolean;
  /** True where a disaster is recorded in the period. */
  isDisaster: boolean;
  certified: CertifiedUsage | null;
}

/** The readings of a row, whose closing instant is `closesAtS`. */
export interface MissedRow extends MeterCapacity {
  /** The latest reading of the closing; null without a usable one. */
  reading: { indexL: number; atS: number } | null;
  /** Register from which the row counts. */
  previous: { indexL: number; atS: number };
  /** True where both are of the fitting that is there at the closing: the period has no exchange. */
  isOneFitting: boolean;
  /** True where the reading gives the row a usage. */
  hasUsage: boolean;
  closesAtS: number;
  rounding: UsageRounding;
}

export interface Estimate {
  basis: EstimateBasis;
  /** Register that stands for the closing, below the end of the dial. */
  indexL: number;
  isDisaster: boolean;
  /** V1 in m³ with the days of both periods; null for other rules. */
  lastUsage: { usageM3: string; days: number; periodDays: number; runId: number | null } | null;
  /** The registers between which it lies; null for other rules. */
  between: { indexL: number; atS: number }[] | null;
  certified: CertifiedUsage | null;
}

/** The reckoned register of a row; null where the row needs none, or no rule gives one. */
export function missingRegister(row: MissedRow, facts: EstimationFacts): Estimate | null {
  return certifiedRegister(row, facts) ?? interpolated(row, facts) ?? missedReading(row, facts);
}

const PLAIN = { isDisaster: false, lastUsage: null, between: null, certified: null };

/**
 * 認定: previous register + the usage that was decided. A register read at the closing that gives a usage comes before it,
 * and it is never below a reading of the period.
 */
function certifiedRegister(row: MissedRow, { certified }: EstimationFacts): Estimate | null {
  const isRead = row.hasUsage && row.reading?.atS === row.closesAtS;
  if (certified === null || isRead || !row.isOneFitting) return null;
  const indexL = registerAfter(row, certified.litres);
  if (indexL === null) return null;
  if (row.hasUsage && row.reading && certified.litres < usedUntil(row, row.reading.indexL)) {
    return null;
  }
  return { ...PLAIN, basis: 'decision', indexL, certified };
}

/** Litres from the previous register to another, also past the end of the dial. */
function usedUntil({ previous, dialL }: MissedRow, indexL: number): number {
  return (indexL - previous.indexL + dialL) % dialL;
}

/** Linear between the reading before the closing and the first register after it, cut to whole litres. */
function interpolated(row: MissedRow, { next }: EstimationFacts): Estimate | null {
  const { reading, closesAtS, dialL, hasUsage } = row;
  if (next === null || reading === null || !hasUsage) return null;
  if (reading.atS >= closesAtS || next.atS <= closesAtS) return null;
  const spanS = next.atS - reading.atS;
  const step = registerStep(row, reading.indexL, next.indexL, spanS / 3600);
  if (step.state !== 'known') return null;
  const passedL = Math.floor((step.usageL * (closesAtS - reading.atS)) / spanS);
  const indexL = (reading.indexL + passedL) % dialL;
  return { ...PLAIN, basis: 'interpolation', indexL, between: [reading, next] };
}

/** The missed-reading rule: for a row without any usable reading. */
function missedReading(row: MissedRow, facts: EstimationFacts): Estimate | null {
  const { missedReading: rule, isDisaster } = facts;
  if (rule === 'none' || row.reading !== null || !row.isOneFitting) return null;
  const zero = facts.isAbsent ? 'absence' : facts.isFirst ? 'first-reading' : null;
  if (zero !== null) {
    return { ...PLAIN, isDisaster, basis: zero, indexL: row.previous.indexL };
  }
  if (facts.lastPeriod === null) return null;
  const usageM3 = lastUsageM3(row, facts.lastPeriod);
  if (usageM3 === null) return null;
  const { fromAtS, toAtS, runId } = facts.lastPeriod;
  const lastUsage = {
    ...{ usageM3, runId, days: daysBetween(fromAtS, toAtS) },
    periodDays: daysBetween(row.previous.atS, row.closesAtS),
  };
  const estimated = rule === 'last-usage' ? usageM3 : usageByDays(lastUsage);
  if (estimated === null) return null;
  const indexL = registerAfter(row, litresOf(estimated));
  return indexL === null ? null : { ...PLAIN, isDisaster, basis: rule, indexL, lastUsage };
}

/** V1 in billed m³; null where it is not known. */
function lastUsageM3(row: MissedRow, last: LastPeriod): string | null {
  const { usageM3, fromL, toL, fromAtS, toAtS } = last;
  if (usageM3 !== null) return usageM3;
  const segments = [{ ...capacityOf(row), fromL, toL, fromAtS, toAtS }];
  return periodUsage(segments).known ? billedM3(segments, row.rounding) : null;
}

/** V1 × days / days of the last period, cut to the decimals of V1; null where that had no day. */
export function usageByDays(of: {
  usageM3: string;
  days: number;
  periodDays: number;
}): string | null {
  if (of.days <= 0) return null;
  const { units, scale } = parseDecimal(of.usageM3);
  return formatDecimal({ units: (units * BigInt(of.periodDays)) / BigInt(of.days), scale });
}

/** Litres of m³ as decimal text with at most three decimals. */
export function litresOf(m3: string): number {
  return Number(cutTo(parseDecimal(m3), 3).units);
}

/** The previous register and so many litres; null where the meter could not have counted them in the time. */
function registerAfter(row: MissedRow, litres: number): number | null {
  const { previous, closesAtS, dialL } = row;
  const indexL = (previous.indexL + litres) % dialL;
  const from = { fromL: previous.indexL, fromAtS: previous.atS };
  const usage = periodUsage([{ ...capacityOf(row), ...from, toL: indexL, toAtS: closesAtS }]);
  return usage.known && usage.usageL === litres ? indexL : null;
}

function capacityOf({ dialL, sizeM3PerHour }: MissedRow): MeterCapacity {
  return { dialL, sizeM3PerHour };
}

const DAY_S = 86_400;
const JST_OFFSET_S = 9 * 3600;

/** JST days between two instants; 24:00 belongs to the day that it ends. */
function daysBetween(fromS: number, toS: number): number {
  const dayOf = (atS: number) => Math.ceil((atS + JST_OFFSET_S) / DAY_S);
  return dayOf(toS) - dayOf(fromS);
}
