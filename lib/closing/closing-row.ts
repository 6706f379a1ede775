/**
 * Computes the printed row of a closing from its facts. Pure. Registers and usage are litres; the reading's instant is
 * the closing instant minus its lag.
 */
import type { Estimate } from '../estimation/missing-register.ts';
import { isBaseChanged, type MeterError } from '../estimation/tolerance-correction.ts';
import { convertedM3, type VolumeFactor } from '../estimation/volume-factor.ts';
import { formatJst, instantOf } from '../time.ts';
import { MARK_RULES, type MarkRule } from '../validation/reading-marks.ts';
import type { UsageRounding } from './billed-usage.ts';
import { billedM3 } from './billed-usage.ts';
import {
  closesAtS,
  closingSegments,
  isIssuedBeyond,
  type PeriodFacts,
  periodOf,
  withEstimate,
} from './row-period.ts';

/**
 * `actual`: read at the closing instant; `awaited`: not there, and the report of the closing day is not due yet;
 * `substituted`: the latest reading before it; `entered`: that reading, at the instant or before it, was entered by hand;
 * `estimated`: reckoned by a rule of the utility; `certified`: decided by staff; `none`: no reading, or too old.
 */
export const CLOSING_QUALITIES = [
  'actual',
  'awaited',
  'substituted',
  'entered',
  'estimated',
  'certified',
  'none',
] as const;
export type ClosingQuality = (typeof CLOSING_QUALITIES)[number];

/**
 * Remarks on a row besides its quality.
 * - `index-fell`: the register fell and that was no rollover.
 * - `implausible`: the register rose by more than could have passed the meter.
 * - `reading-doubtful`: the reading of the closing instant is in doubt; an earlier one is used.
 * - `reading-struck`: a later register up to the closing instant was struck out; an earlier one is used.
 * - `unvalidated`: readings of the meter are stored and not validated yet.
 * - `index-missing`: an exchanged meter's start or final index is unknown.
 * - `no-previous`: there is no earlier reading.
 * - `no-meter`: no meter was there since the previous reading, so there is nothing to bill.
 * - `started`: the occupancy began in the period.
 * - `corrected`: the day of its reading, or of the previous one, was corrected after the closing; hours that were only
 *   added later are not a correction.
 * - `previous-changed`: the readings say otherwise of the closing before than was issued; usage counts from the issued
 *   register.
 * - `previous-missing`: the meter that was issued of the closing before is not registered there any more.
 * - `previous-estimated`: the register from which the usage counts was reckoned: the row settles it.
 * - `disaster`: a disaster kept the meter from being read in the period.
 * - `volume-converted`: the billed volume is multiplied by the supply point's factor.
 * - `meter-correction`: a correction of a meter outside tolerance is billed with the row, beside its usage.
 * - `correction-base-changed`: closings that such a correction is of were issued again with another usage: it is to be
 *   decided again.
 * - `stuck-register`, `unlike-season`, `clock-doubt`, `received-later`: marks for attention on days of the period
 *   (lib/validation/reading-marks.ts), which leave its usage.
 * - `issued-to-other`: a part of what was used was billed to another customer of the place, before the stay of this one
 *   was registered.
 * - `issued-later`: a later closing that was issued billed it; this one had been left out.
 * - `issued-beyond`: a final row whose occupancy was billed beyond its last day, before the move-out was registered.
 */
export const CLOSING_REMARKS = [
  'exchanged',
  'rolled-over',
  'index-fell',
  'implausible',
  'reading-doubtful',
  'reading-struck',
  'unvalidated',
  'index-missing',
  'no-previous',
  'corrected',
  'no-meter',
  'started',
  'previous-changed',
  'previous-missing',
  'previous-estimated',
  'disaster',
  'volume-converted',
  'meter-correction',
  'correction-base-changed',
  ...MARK_RULES,
  'issued-beyond',
  'issued-to-other',
  'issued-later',
] as const;
export type ClosingRemark = (typeof CLOSING_REMARKS)[number];

/** `regular`: of an occupancy that goes on after the closing; `final`: of one that ended in its period. */
export const CLOSING_KINDS = ['regular', 'final'] as const;
export type ClosingKind = (typeof CLOSING_KINDS)[number];

/** Facts of one closing of one customer, as the query returns them. */
export interface ClosingFacts extends PeriodFacts {
  customerNumber: string;
  supplyPointId: number;
  supplyPointNumber: string;
  occupancyId: number;
  /** True when the occupancy began in the period. */
  starts: boolean;
  areaName: string;
  terminalNumber: string | null;
  /** Of the meter fitted at the closing instant. */
  meterSerial: string | null;
  /** True without a reading when no meter was there since the previous one. */
  meterIsAway: boolean;
  /** Register of today's readings at the closing before, less the one that was issued of it; null where both agree. */
  previousDifferenceL: number | null;
  /** Register from which the row counted that issued it, of the same fitting; below it the register began anew. */
  previousFloorL: number | null;
  corrected: boolean;
  /** True when a register at or after the one that is used is in doubt. */
  isDoubtful: boolean;
  /** True while readings of the meter are stored and not validated. */
  isUnvalidated: boolean;
  /** True when a part of the usage was billed to another customer of the place (late-finals-sql.ts); absent in older rows. */
  isIssuedToOther?: boolean;
  /** Instant of the last reading up to which later closings billed it, while this one was never issued, in seconds; null: none did. */
  issuedLaterAtS?: number | null;
  /** Rules of marks for attention in the period that are not seen yet; null or absent: none. */
  marks?: MarkRule[] | null;
  /** True when the reading was entered by hand; absent in rows of runs that are older than edits. */
  isEntered?: boolean;
  /** True when a register after the reading, up to the closing instant, was struck out. */
  isStruck?: boolean;
  /** Corrections that are billed with the row, oldest first; undefined where the utility has none. */
  corrections?: MeterCorrection[] | null;
  /** Factor with which the period begins; undefined where the utility has none. */
  volumeFactor?: VolumeFactor | null;
  /** Quality of the issued row whose register the usage counts from; undefined before anything was issued. */
  previousQuality?: ClosingQuality | null;
}

/** A correction of what a meter outside tolerance counted, as it was decided. */
export interface MeterCorrection {
  decisionId: number;
  /** V − V1. */
  litres: number;
  /** A, decimal text. */
  percent: string;
  direction: MeterError;
  /** V1, and the runs that billed it, latest first. */
  baseM3: string;
  baseRuns: number[];
  /** V1 as it stands issued (CorrectionBase). */
  todayM3?: string | null;
  billsOn: string;
  reason: string;
  decidedBy: string;
  decidedAtS: number;
}

export interface ClosingRow {
  customerNumber: string;
  supplyPointId: number;
  supplyPointNumber: string;
  occupancyId: number;
  kind: ClosingKind;
  areaName: string;
  /** Null when none is fitted at the closing instant; likewise the meter serial. */
  terminalNumber: string | null;
  meterSerial: string | null;
  closesOn: string;
  indexL: number | null;
  /** ISO 8601 with the offset of JST; 24:00 is the next day's 00:00. */
  readAt: string | null;
  /** Whole hours, rounded up. */
  lagHours: number | null;
  previousIndexL: number | null;
  /** Instant of the previous reading, as `readAt`. */
  previousAt: string | null;
  /** As in ClosingFacts. */
  previousDifferenceL: number | null;
  usageL: number | null;
  /** Decimal text, rounded as billed; multiplied by the volume factor where there is one. */
  usageM3: string | null;
  /** The same before it was multiplied; null without a factor. */
  registerM3: string | null;
  volumeFactor: string | null;
  /** Litres of corrections billed with the row, beside its usage; null without one. */
  correctionL: number | null;
  /** How the register was reckoned; null where it was read. */
  estimate: Estimate | null;
  /** As in ClosingFacts. */
  previousQuality: ClosingQuality | null;
  /**
   * Usage that stands in no other row, so that it is to be settled by hand: of a final row without a reading that up to
   * the latest one, which is too old; of one that was billed beyond its last day what was billed too much, negative;
   * what was billed to another customer in part. Null in every other row.
   */
  heldL: number | null;
  quality: ClosingQuality;
  /** When an awaited reading's report is due, written like `readAt`; null for any other quality. */
  expectedAt: string | null;
  remarks: ClosingRemark[];
}

/** The row of a closing; `rounding` overrides the tariff's. */
export function closingRow(facts: ClosingFacts, rounding?: UsageRounding): ClosingRow {
  const rule = rounding ?? facts.rounding;
  const { read, estimate } = withEstimate(facts, rule);
  const usage = usageOf(read, rule);
  const corrections = facts.corrections ?? [];
  return {
    customerNumber: facts.customerNumber,
    supplyPointId: facts.supplyPointId,
    supplyPointNumber: facts.supplyPointNumber,
    occupancyId: facts.occupancyId,
    kind: facts.kind,
    areaName: facts.areaName,
    terminalNumber: facts.terminalNumber,
    meterSerial: facts.meterSerial,
    closesOn: facts.closesOn,
    indexL: read.indexL,
    readAt: read.lagS === null ? null : readAt(facts.closesOn, read.lagS),
    lagHours: read.lagS === null ? null : Math.ceil(read.lagS / 3600),
    previousIndexL: facts.previousIndexL,
    previousAt: facts.previousAtS === null ? null : formatJst(new Date(facts.previousAtS * 1000)),
    previousDifferenceL: facts.previousDifferenceL,
    usageL: usage.usageL,
    usageM3: usage.usageM3,
    registerM3: usage.registerM3,
    volumeFactor: usage.volumeFactor,
    heldL: usage.heldL,
    remarks: usage.remarks.concat(estimateRemarks(facts, usage, estimate)),
    correctionL:
      corrections.length === 0 ? null : corrections.reduce((sum, { litres }) => sum + litres, 0),
    estimate,
    previousQuality: facts.previousQuality ?? null,
    quality: estimate ? estimateQuality(estimate) : qualityOf(facts),
    expectedAt: facts.expectedAtS === null ? null : formatJst(new Date(facts.expectedAtS * 1000)),
  };
}

function estimateQuality({ basis }: Estimate): ClosingQuality {
  return basis === 'decision' ? 'certified' : 'estimated';
}

function estimateRemarks(
  { previousQuality, corrections }: ClosingFacts,
  { volumeFactor }: RowUsage,
  estimate: Estimate | null,
): ClosingRemark[] {
  const remarks: ClosingRemark[] = [];
  if (previousQuality === 'estimated' || previousQuality === 'certified') {
    remarks.push('previous-estimated');
  }
  if (estimate?.isDisaster) remarks.push('disaster');
  if (volumeFactor !== null) remarks.push('volume-converted');
  if (corrections?.length) remarks.push('meter-correction');
  if (corrections?.some(isBaseChanged)) remarks.push('correction-base-changed');
  return remarks;
}

function qualityOf({ lagS, expectedAtS, isEntered }: ClosingFacts): ClosingQuality {
  if (lagS === 0) return isEntered ? 'entered' : 'actual';
  if (expectedAtS !== null) return 'awaited';
  if (lagS === null) return 'none';
  return isEntered ? 'entered' : 'substituted';
}

function readAt(closesOn: string, lagS: number): string {
  return formatJst(new Date(instantOf(closesOn, 24).getTime() - lagS * 1000));
}

type RowUsage = Pick<
  ClosingRow,
  'usageL' | 'usageM3' | 'registerM3' | 'volumeFactor' | 'heldL' | 'remarks'
>;

function usageOf(facts: ClosingFacts, rounding: UsageRounding): RowUsage {
  const segments = closingSegments(facts);
  const { usageL, remarks: ofPeriod } = periodOf(facts, segments);
  const remarks = remarksOf(facts, ofPeriod);
  const held = heldBack(facts, usageL);
  if (held) {
    if (held.remark) remarks.push(held.remark);
    return { ...NOT_BILLED, usageL: null, heldL: held.heldL, remarks };
  }
  if (usageL === null) return { ...NOT_BILLED, usageL, heldL: null, remarks };
  const { usageM3, registerM3, volumeFactor } = volumeOf(facts, billedM3(segments, rounding));
  return { usageL, usageM3, registerM3, volumeFactor, heldL: null, remarks };
}

/** All remarks in their order, but those of what is held back. */
function remarksOf(facts: ClosingFacts, ofPeriod: readonly ClosingRemark[]): ClosingRemark[] {
  const remarks = facts.exchange ? ['exchanged' as const, ...ofPeriod] : [...ofPeriod];
  if (facts.corrected) remarks.push('corrected');
  if (facts.isDoubtful) remarks.push('reading-doubtful');
  if (facts.isStruck) remarks.push('reading-struck');
  if (facts.isUnvalidated) remarks.push('unvalidated');
  if (facts.previousChange !== null) remarks.push(`previous-${facts.previousChange}`);
  if (facts.meterIsAway) remarks.push('no-meter');
  if (facts.starts) remarks.push('started');
  remarks.push(...(facts.marks ?? []));
  return remarks;
}

/** Litres that the row does not bill although they are known, with the remark that says why; undefined when it bills. */
function heldBack(
  facts: ClosingFacts,
  usageL: number | null,
): { heldL: number | null; remark?: ClosingRemark } | undefined {
  if (isIssuedBeyond(facts)) return { heldL: issuedTooMuchL(facts), remark: 'issued-beyond' };
  const { issuedLaterAtS = null } = facts;
  if (issuedLaterAtS !== null) {
    const isBeyond = facts.kind === 'final' && issuedLaterAtS > closesAtS(facts);
    return { heldL: null, remark: isBeyond ? 'issued-beyond' : 'issued-later' };
  }
  if (facts.isIssuedToOther && usageL !== null) return { heldL: usageL, remark: 'issued-to-other' };
  if (facts.indexL !== null) return undefined;
  return { heldL: facts.expectedAtS === null ? usageL : null };
}

/** Litres that were billed beyond the last reading, negative; null where another meter was read. */
function issuedTooMuchL(facts: ClosingFacts): number | null {
  const isSameMeter =
    facts.meterId === facts.previousMeterId && facts.fittedAtS === facts.previousFittedAtS;
  if (!isSameMeter || facts.indexL === null || facts.previousIndexL === null) return null;
  return facts.indexL - facts.previousIndexL;
}

const NOT_BILLED = { usageM3: null, registerM3: null, volumeFactor: null };

function volumeOf({ volumeFactor }: ClosingFacts, registerM3: string) {
  if (!volumeFactor) return { usageM3: registerM3, registerM3: null, volumeFactor: null };
  const { factor } = volumeFactor;
  return { usageM3: convertedM3(registerM3, factor), registerM3, volumeFactor: factor };
}
