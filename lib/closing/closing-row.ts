/**
 * Computes the printed row of a closing from its facts. Pure. Registers and usage are litres; the reading's instant is
 * the closing instant minus its lag.
 */
import { formatJst, instantOf } from '../time.ts';
import type { StepRule } from '../validation/judge-registers.ts';
import type { UsageRounding, UsageSegment } from './billed-usage.ts';
import { billedM3, periodUsage } from './billed-usage.ts';

/**
 * `actual`: read at the closing instant; `awaited`: not there, and the report of the closing day is not due yet;
 * `substituted`: the latest reading before it; `entered`: that reading, at the instant or before it, was entered by hand;
 * `none`: no reading, or too old.
 */
export const CLOSING_QUALITIES = ['actual', 'awaited', 'substituted', 'entered', 'none'] as const;
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
 * - `issued-to-other`: a part of what was used was billed to another customer of the place, before the stay of this one
 *   was registered.
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
  'issued-beyond',
  'issued-to-other',
] as const;
export type ClosingRemark = (typeof CLOSING_REMARKS)[number];

/** `regular`: of an occupancy that goes on after the closing; `final`: of one that ended in its period. */
export const CLOSING_KINDS = ['regular', 'final'] as const;
export type ClosingKind = (typeof CLOSING_KINDS)[number];

/** One meter's part of a row's period. Instants are seconds since 1970. */
export interface ClosingSegment extends UsageSegment {
  meterId: number;
  /** When the meter was fitted at the supply point; null in the only segment of a row without an exchange. */
  fittedAtS: number | null;
}

/** Facts of one closing of one customer, as the query returns them. */
export interface ClosingFacts {
  customerNumber: string;
  supplyPointId: number;
  supplyPointNumber: string;
  occupancyId: number;
  kind: ClosingKind;
  /** True when the occupancy began in the period. */
  starts: boolean;
  areaName: string;
  terminalNumber: string | null;
  /** The meter fitted at the closing instant, with its serial, dial and size. */
  meterId: number | null;
  /** When it was fitted, seconds since 1970. */
  fittedAtS: number | null;
  meterSerial: string | null;
  closesOn: string;
  indexL: number | null;
  /** Time from the reading to the closing instant, seconds. */
  lagS: number | null;
  /** Register of the latest reading of a final row without a reading: it is too old to be used. */
  heldIndexL: number | null;
  /** True without a reading when no meter was there since the previous one. */
  meterIsAway: boolean;
  previousIndexL: number | null;
  /** Instant of the previous reading, seconds since 1970. */
  previousAtS: number | null;
  /** Meter of the previous reading, and when it was fitted. */
  previousMeterId: number | null;
  previousFittedAtS: number | null;
  /** Register of today's readings at the closing before, less the one that was issued of it; null where both agree. */
  previousDifferenceL: number | null;
  /** Whether what was issued of the closing before still holds; null where it does, or nothing was. */
  previousChange: 'changed' | 'missing' | null;
  /** Run in which the previous reading was issued; null: it is today's. */
  previousRunId: number | null;
  /** Register from which the row counted that issued it, of the same fitting; below it the register began anew. */
  previousFloorL: number | null;
  dialL: number | null;
  /** Nominal maximum flow, m³ in an hour (号). */
  sizeM3PerHour: number | null;
  /** Meters of the period, oldest first, when there was more than one; otherwise null. */
  exchange: ClosingSegment[] | null;
  rounding: UsageRounding;
  corrected: boolean;
  /** True when a register at or after the one that is used is in doubt. */
  isDoubtful: boolean;
  /** Why the usage since the previous reading is unknown, where a step between sound registers cannot be explained. */
  stepRule: StepRule | null;
  /** True while readings of the meter are stored and not validated. */
  isUnvalidated: boolean;
  /** True when a part of the usage was billed to another customer of the place (late-finals-sql.ts); absent in older rows. */
  isIssuedToOther?: boolean;
  /** True when the reading was entered by hand; absent in rows of runs that are older than edits. */
  isEntered?: boolean;
  /** True when a register after the reading, up to the closing instant, was struck out. */
  isStruck?: boolean;
  /**
   * When the report of the closing day is due that is not there, seconds since 1970; null when it is there, or expected
   * no longer.
   */
  expectedAtS: number | null;
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
  /** Decimal text, rounded as billed. */
  usageM3: string | null;
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
  const usage = usageOf(facts, rounding ?? facts.rounding);
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
    indexL: facts.indexL,
    readAt: facts.lagS === null ? null : readAt(facts.closesOn, facts.lagS),
    lagHours: facts.lagS === null ? null : Math.ceil(facts.lagS / 3600),
    previousIndexL: facts.previousIndexL,
    previousAt: facts.previousAtS === null ? null : formatJst(new Date(facts.previousAtS * 1000)),
    previousDifferenceL: facts.previousDifferenceL,
    ...usage,
    quality: qualityOf(facts),
    expectedAt: facts.expectedAtS === null ? null : formatJst(new Date(facts.expectedAtS * 1000)),
  };
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

type RowUsage = Pick<ClosingRow, 'usageL' | 'usageM3' | 'heldL' | 'remarks'>;

function usageOf(facts: ClosingFacts, rounding: UsageRounding): RowUsage {
  const segments = closingSegments(facts);
  const { usageL, remarks: ofPeriod } = periodOf(facts, segments);
  const remarks = remarksOf(facts, ofPeriod);
  const held = heldBack(facts, usageL);
  if (held) {
    if (held.remark) remarks.push(held.remark);
    return { usageL: null, usageM3: null, heldL: held.heldL, remarks };
  }
  const usageM3 = usageL === null ? null : billedM3(segments, rounding);
  return { usageL, usageM3, heldL: null, remarks };
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
  return remarks;
}

/** Litres that the row does not bill although they are known, with the remark that says why; undefined when it bills. */
function heldBack(
  facts: ClosingFacts,
  usageL: number | null,
): { heldL: number | null; remark?: ClosingRemark } | undefined {
  if (isIssuedBeyond(facts)) return { heldL: issuedTooMuchL(facts), remark: 'issued-beyond' };
  if (facts.isIssuedToOther && usageL !== null) return { heldL: usageL, remark: 'issued-to-other' };
  if (facts.indexL !== null) return undefined;
  return { heldL: facts.expectedAtS === null ? usageL : null };
}

/** Usage up to the reading, or up to the one that is held; null with the reason as a remark, or without any reading. */
function periodOf(
  facts: ClosingFacts,
  segments: readonly ClosingSegment[],
): { usageL: number | null; remarks: ClosingRemark[] } {
  if (facts.indexL === null && facts.heldIndexL === null) return { usageL: null, remarks: [] };
  if (facts.previousIndexL === null) {
    return { usageL: null, remarks: facts.indexL === null ? [] : ['no-previous'] };
  }
  if (facts.stepRule !== null) {
    return { usageL: null, remarks: [facts.stepRule === 'fallen' ? 'index-fell' : 'implausible'] };
  }
  if (isIssuedBeyond(facts)) return { usageL: null, remarks: [] };
  // What was issued cannot be continued: today's previous reading is shown, and nothing is billed from it.
  if (facts.previousChange === 'missing') return { usageL: null, remarks: [] };
  const usage = periodUsage(segments);
  if (!usage.known) return { usageL: null, remarks: [usage.reason] };
  return { usageL: usage.usageL, remarks: usage.rolledOver ? ['rolled-over'] : [] };
}

/** True when the occupancy was billed up to a reading after its last day. */
function isIssuedBeyond({ kind, previousRunId, previousAtS, closesOn }: ClosingFacts): boolean {
  const isIssued = kind === 'final' && previousRunId !== null && previousAtS !== null;
  return isIssued && previousAtS > instantOf(closesOn, 24).getTime() / 1000;
}

/** Litres that were billed beyond the last reading, negative; null where another meter was read. */
function issuedTooMuchL(facts: ClosingFacts): number | null {
  const isSameMeter =
    facts.meterId === facts.previousMeterId && facts.fittedAtS === facts.previousFittedAtS;
  if (!isSameMeter || facts.indexL === null || facts.previousIndexL === null) return null;
  return facts.indexL - facts.previousIndexL;
}

/** Only an issued register can have been read after the removal of its meter, as registered today. */
function asContinued(segment: ClosingSegment): ClosingSegment {
  const { fromAtS, toAtS } = segment;
  const takesBack = fromAtS !== null && toAtS !== null && fromAtS > toAtS;
  return takesBack ? { ...segment, takesBack } : segment;
}

/** Meters of the row's period, oldest first: registers, instants and size of each. Empty without a meter. */
export function closingSegments(facts: ClosingFacts): ClosingSegment[] {
  if (facts.exchange) return facts.exchange.map(asContinued);
  const { meterId, dialL, sizeM3PerHour } = facts;
  if (meterId === null || dialL === null || sizeM3PerHour === null) return [];
  const closesAtS = instantOf(facts.closesOn, 24).getTime() / 1000;
  return [
    {
      ...{ meterId, dialL, sizeM3PerHour, fittedAtS: null },
      ...{ fromL: facts.previousIndexL, fromAtS: facts.previousAtS },
      ...{
        toL: facts.indexL ?? facts.heldIndexL,
        toAtS: facts.lagS === null ? null : closesAtS - facts.lagS,
      },
    },
  ];
}
