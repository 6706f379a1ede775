/**
 * Computes the printed row of a closing from its facts. Pure. Registers and usage are litres; the reading's instant is
 * the closing instant minus its lag.
 */
import type { Estimate } from '../estimation/missing-register.ts';
import type { MeterError } from '../estimation/tolerance-correction.ts';
import { convertedM3, type VolumeFactor } from '../estimation/volume-factor.ts';
import { formatJst, instantOf } from '../time.ts';
import type { UsageRounding } from './billed-usage.ts';
import { billedM3 } from './billed-usage.ts';
import { closingSegments, type PeriodFacts, periodOf, withEstimate } from './row-period.ts';

/**
 * `actual`: read at the closing instant; `awaited`: not there, and the report of the closing day is not due yet;
 * `substituted`: the latest reading before it; `estimated`: reckoned by a rule of the utility; `certified`: decided by
 * staff; `none`: no reading, or too old.
 */
export const CLOSING_QUALITIES = [
  'actual',
  'awaited',
  'substituted',
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
 */
export const CLOSING_REMARKS = [
  'exchanged',
  'rolled-over',
  'index-fell',
  'implausible',
  'reading-doubtful',
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
  kind: ClosingKind;
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
  /** Run in which the previous reading was issued; null: it is today's. */
  previousRunId: number | null;
  /** Register from which the row counted that issued it, of the same fitting; below it the register began anew. */
  previousFloorL: number | null;
  corrected: boolean;
  /** True when a register at or after the one that is used is in doubt. */
  isDoubtful: boolean;
  /** True while readings of the meter are stored and not validated. */
  isUnvalidated: boolean;
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
   * Usage up to the latest reading of a final row without a reading, which is too old: it stands in no other row, so
   * that it is to be billed by hand. Null in every other row.
   */
  heldL: number | null;
  quality: ClosingQuality;
  /** When an awaited reading's report is due, written like `readAt`; null for any other quality. */
  expectedAt: string | null;
  remarks: ClosingRemark[];
}

/**
 * Reasons for which a row should be checked before billing. `corrected`, `reading-doubtful`, `unvalidated` and
 * `previous-changed` leave its usage; `none` is a row without a reading, which the meter should have had.
 */
export const CHECK_REASONS = [
  'none',
  'no-previous',
  'index-fell',
  'implausible',
  'reading-doubtful',
  'unvalidated',
  'index-missing',
  'corrected',
  'previous-changed',
  'previous-missing',
] as const;
export type CheckReason = (typeof CHECK_REASONS)[number];

/** The reason to check a row with this remark, if there is one. */
export function reasonOf(remark: ClosingRemark): CheckReason | undefined {
  return CHECK_REASONS.find((reason) => reason === remark);
}

/**
 * Reasons to check a row before billing. A row without a usage has one, unless there is nothing to bill: no meter was
 * there since the previous reading.
 */
export function checkReasons({
  quality,
  remarks,
}: Pick<ClosingRow, 'quality' | 'remarks'>): CheckReason[] {
  const reasons = remarks.map(reasonOf).filter((reason) => reason !== undefined);
  return quality === 'none' && !remarks.includes('no-meter') ? ['none', ...reasons] : reasons;
}

export function needsCheck(row: Pick<ClosingRow, 'quality' | 'remarks'>): boolean {
  return checkReasons(row).length > 0;
}

/** Filter of rows: a quality, or `check` for rows that should be checked whatever their quality. */
export const CLOSING_FILTERS = [
  'all',
  'actual',
  'awaited',
  'substituted',
  'estimated',
  'certified',
  'none',
  'check',
] as const;
export type ClosingFilter = (typeof CLOSING_FILTERS)[number];

/** True for a filter that only utilities need that estimate: it is offered where it has rows. */
export function isOnlyWithRows(filter: ClosingFilter): boolean {
  return filter === 'estimated' || filter === 'certified';
}

export function isShown(row: ClosingRow, filter: ClosingFilter): boolean {
  if (filter === 'all') return true;
  return filter === 'check' ? needsCheck(row) : row.quality === filter;
}

/** Rows by quality, rows with each remark, and rows to check with each reason. A row can have several of these. */
export interface ClosingCounts {
  total: number;
  /** Final rows. */
  final: number;
  quality: Record<ClosingQuality, number>;
  remarks: Partial<Record<ClosingRemark, number>>;
  toCheck: number;
  reasons: Partial<Record<CheckReason, number>>;
  /** The latest `expectedAt` of the awaited rows; null without one. */
  awaitedUntil: string | null;
}

export function noCounts(): ClosingCounts {
  const quality = { actual: 0, awaited: 0, substituted: 0, estimated: 0, certified: 0, none: 0 };
  const no = { total: 0, final: 0, toCheck: 0, awaitedUntil: null };
  return { ...no, quality, remarks: {}, reasons: {} };
}

/** Adds a row to the counts. */
export function countRow(counts: ClosingCounts, row: ClosingRow): void {
  counts.total += 1;
  if (row.kind === 'final') counts.final += 1;
  counts.quality[row.quality] += 1;
  for (const remark of row.remarks) counts.remarks[remark] = (counts.remarks[remark] ?? 0) + 1;
  const reasons = checkReasons(row);
  if (reasons.length > 0) counts.toCheck += 1;
  for (const reason of reasons) counts.reasons[reason] = (counts.reasons[reason] ?? 0) + 1;
  // Instants with the same offset: the later text is the later instant.
  if (row.expectedAt !== null && row.expectedAt > (counts.awaitedUntil ?? '')) {
    counts.awaitedUntil = row.expectedAt;
  }
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
    ...usage,
    remarks: [...usage.remarks, ...estimateRemarks(facts, usage, estimate)],
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
  const settles = previousQuality === 'estimated' || previousQuality === 'certified';
  return [
    ...(settles ? (['previous-estimated'] as const) : []),
    ...(estimate?.isDisaster ? (['disaster'] as const) : []),
    ...(volumeFactor === null ? [] : (['volume-converted'] as const)),
    ...(corrections?.length ? (['meter-correction'] as const) : []),
  ];
}

function qualityOf({ lagS, expectedAtS }: ClosingFacts): ClosingQuality {
  if (lagS === 0) return 'actual';
  if (expectedAtS !== null) return 'awaited';
  return lagS === null ? 'none' : 'substituted';
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
  const remarks: ClosingRemark[] = [...ofPeriod];
  if (facts.exchange) remarks.unshift('exchanged');
  if (facts.corrected) remarks.push('corrected');
  if (facts.isDoubtful) remarks.push('reading-doubtful');
  if (facts.isUnvalidated) remarks.push('unvalidated');
  if (facts.previousChange !== null) remarks.push(`previous-${facts.previousChange}`);
  if (facts.meterIsAway) remarks.push('no-meter');
  if (facts.starts) remarks.push('started');
  if (facts.indexL === null) {
    const heldL = facts.expectedAtS === null ? usageL : null;
    return { ...NOT_BILLED, usageL: null, heldL, remarks };
  }
  if (usageL === null) return { ...NOT_BILLED, usageL, heldL: null, remarks };
  return { ...volumeOf(facts, billedM3(segments, rounding)), usageL, heldL: null, remarks };
}

const NOT_BILLED = { usageM3: null, registerM3: null, volumeFactor: null };

function volumeOf({ volumeFactor }: ClosingFacts, registerM3: string) {
  if (!volumeFactor) return { ...NOT_BILLED, usageM3: registerM3 };
  const { factor } = volumeFactor;
  return { usageM3: convertedM3(registerM3, factor), registerM3, volumeFactor: factor };
}
