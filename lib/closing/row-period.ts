/**
 * Meters and registers of a closing row's period, with a reckoned register in the place of a missing one. Pure. Registers
 * and usage are litres, instants seconds since 1970.
 */
import {
  type Estimate,
  type EstimationFacts,
  type MissedRow,
  missingRegister,
} from '../estimation/missing-register.ts';
import { instantOf } from '../time.ts';
import type { StepRule } from '../validation/judge-registers.ts';
import { periodUsage, type UsageRounding, type UsageSegment } from './billed-usage.ts';

/** One meter's part of a row's period. Instants are seconds since 1970. */
export interface ClosingSegment extends UsageSegment {
  meterId: number;
  /** When the meter was fitted at the supply point; null in the only segment of a row without an exchange. */
  fittedAtS: number | null;
}

/** What is known of a row's registers. */
export interface PeriodFacts {
  kind: 'regular' | 'final';
  /** Run in which the previous reading was issued; null: it is today's. */
  previousRunId: number | null;
  /** The meter fitted at the closing instant, with its serial, dial and size. */
  meterId: number | null;
  /** When it was fitted, seconds since 1970. */
  fittedAtS: number | null;
  closesOn: string;
  indexL: number | null;
  /** Time from the reading to the closing instant, seconds. */
  lagS: number | null;
  /** Register of the latest reading of a final row without a reading: it is too old to be used. */
  heldIndexL: number | null;
  previousIndexL: number | null;
  /** Instant of the previous reading, seconds since 1970. */
  previousAtS: number | null;
  /** Meter of the previous reading, and when it was fitted. */
  previousMeterId: number | null;
  previousFittedAtS: number | null;
  /** Whether what was issued of the closing before still holds; null where it does, or nothing was. */
  previousChange: 'changed' | 'missing' | null;
  dialL: number | null;
  /** Nominal maximum flow, m³ in an hour (号). */
  sizeM3PerHour: number | null;
  /** Meters of the period, oldest first, when there was more than one; otherwise null. */
  exchange: ClosingSegment[] | null;
  rounding: UsageRounding;
  /** Why the usage since the previous reading is unknown, where a step between sound registers cannot be explained. */
  stepRule: StepRule | null;
  /**
   * When the report of the closing day is due that is not there, seconds since 1970; null when it is there, or expected
   * no longer.
   */
  expectedAtS: number | null;
  /** Of a row for which a register may be reckoned; undefined where the utility does not estimate. */
  estimation?: EstimationFacts | null;
}

/** Remarks on a usage. */
type PeriodRemark = 'no-previous' | 'index-fell' | 'implausible' | 'index-missing' | 'rolled-over';

/**
 * The facts with a reckoned register in the place of the missing one, where a rule or a decision gives it: as if it had
 * been read at the closing instant. A report that is still awaited comes first.
 */
export function withEstimate<Facts extends PeriodFacts>(
  facts: Facts,
  rounding: UsageRounding = facts.rounding,
): { read: Facts; estimate: Estimate | null } {
  const { estimation, expectedAtS, previousChange } = facts;
  const row =
    estimation && expectedAtS === null && previousChange !== 'missing'
      ? missedRow(facts, rounding)
      : null;
  const estimate = row && estimation ? missingRegister(row, estimation) : null;
  if (estimate === null) return { read: facts, estimate };
  const { indexL } = estimate;
  const toAtS = closesAtS(facts);
  const exchange = facts.exchange?.map((segment, at, all) =>
    at === all.length - 1 ? { ...segment, toL: indexL, toAtS } : segment,
  );
  const read = { ...facts, indexL, lagS: 0, stepRule: null, exchange: exchange ?? null };
  return { read, estimate };
}

/** A row with a register to count from and a meter, as the rules of estimation take it. */
function missedRow(facts: PeriodFacts, rounding: UsageRounding): MissedRow | null {
  const { dialL, sizeM3PerHour, previousIndexL, previousAtS, indexL, lagS } = facts;
  if (dialL === null || sizeM3PerHour === null) return null;
  if (previousIndexL === null || previousAtS === null) return null;
  const closesS = closesAtS(facts);
  const isRead = indexL !== null && lagS !== null;
  return {
    ...{ dialL, sizeM3PerHour, rounding, closesAtS: closesS },
    reading: isRead ? { indexL, atS: closesS - lagS } : null,
    previous: { indexL: previousIndexL, atS: previousAtS },
    isOneFitting:
      facts.exchange === null &&
      facts.meterId === facts.previousMeterId &&
      facts.fittedAtS === facts.previousFittedAtS,
    hasUsage: isRead && periodOf(facts, closingSegments(facts)).usageL !== null,
  };
}

export function closesAtS({ closesOn }: PeriodFacts): number {
  return instantOf(closesOn, 24).getTime() / 1000;
}

/** Usage up to the reading, or up to the one that is held; null with the reason as a remark, or without any reading. */
export function periodOf(
  facts: PeriodFacts,
  segments: readonly ClosingSegment[],
): { usageL: number | null; remarks: PeriodRemark[] } {
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
export function isIssuedBeyond(facts: PeriodFacts): boolean {
  const { kind, previousRunId, previousAtS } = facts;
  const isIssued = kind === 'final' && previousRunId !== null && previousAtS !== null;
  return isIssued && previousAtS > closesAtS(facts);
}

/** Only an issued register can have been read after the removal of its meter, as registered today. */
function asContinued(segment: ClosingSegment): ClosingSegment {
  const { fromAtS, toAtS } = segment;
  const takesBack = fromAtS !== null && toAtS !== null && fromAtS > toAtS;
  return takesBack ? { ...segment, takesBack } : segment;
}

/** Meters of the row's period, oldest first: registers, instants and size of each. Empty without a meter. */
export function closingSegments(facts: PeriodFacts): ClosingSegment[] {
  if (facts.exchange) return facts.exchange.map(asContinued);
  const { meterId, dialL, sizeM3PerHour } = facts;
  if (meterId === null || dialL === null || sizeM3PerHour === null) return [];
  return [
    {
      meterId,
      dialL,
      sizeM3PerHour,
      fittedAtS: null,
      fromL: facts.previousIndexL,
      fromAtS: facts.previousAtS,
      toL: facts.indexL ?? facts.heldIndexL,
      toAtS: facts.lagS === null ? null : closesAtS(facts) - facts.lagS,
    },
  ];
}
