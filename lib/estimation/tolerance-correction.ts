/**
 * Meter found outside tolerance (器差補正): what was billed of up to three months is corrected by A %, by agreement with the
 * customer. Fast: V = V1 (100 − A) / 100; slow: V = V1 (100 + A) / 100. Source: retail terms (docs/estimation.md). Pure,
 * exact decimals; V is cut to the decimals of the billed m³.
 */
import { cutTo, formatDecimal, multiply, parseDecimal } from './decimal.ts';

export const METER_ERRORS = ['fast', 'slow'] as const;
export type MeterError = (typeof METER_ERRORS)[number];

export interface CorrectionInput {
  /** V1: sum of the billed m³, decimal text. */
  billedM3: string;
  /** A, decimal text. */
  percent: string;
  direction: MeterError;
}

/** What a correction was decided on, and the same as it stands issued today. */
export interface CorrectionBase {
  /** V − V1 as it was decided. */
  litres: number;
  percent: string;
  direction: MeterError;
  /** V1 as it was decided, decimal text. */
  baseM3: string;
  /**
   * V1 of the same closings as they stand issued, decimal text; null where one of them has no usage any more; undefined
   * in rows of runs that are older than the comparison.
   */
  todayM3?: string | null;
}

/** True where the closings that a correction is of were issued again with another usage, so that it is to be decided again. */
export function isBaseChanged({ todayM3, ...decided }: CorrectionBase): boolean {
  if (todayM3 === undefined) return false;
  if (todayM3 === null) return true;
  const { baseM3, litres, percent, direction } = decided;
  // In the decimals that today's have: as much as before may be rounded otherwise.
  const again = correctionOf({ billedM3: todayM3, percent, direction });
  return Number(todayM3) !== Number(baseM3) || again.differenceL !== litres;
}

export interface Correction {
  /** V, decimal text. */
  correctedM3: string;
  /** V − V1, decimal text; negative where the meter was fast. */
  differenceM3: string;
  differenceL: number;
}

/** @throws RangeError for text that is no decimal number */
export function correctionOf({ billedM3, percent, direction }: CorrectionInput): Correction {
  const billed = parseDecimal(billedM3);
  const error = parseDecimal(percent);
  const hundred = 100n * 10n ** BigInt(error.scale);
  const part = { units: hundred + (direction === 'fast' ? -error.units : error.units) };
  // Two more decimals: divided by a hundred.
  const product = multiply(billed, { ...part, scale: error.scale + 2 });
  const corrected = cutTo(product, billed.scale);
  const difference = { units: corrected.units - billed.units, scale: billed.scale };
  return {
    correctedM3: formatDecimal(corrected),
    differenceM3: formatDecimal(difference),
    differenceL: Number(cutTo(difference, 3).units),
  };
}
