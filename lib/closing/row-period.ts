/**
 * Meters and registers of a closing row's period, with a reckoned register in the place of a missing one. Pure. Registers
 * and usage are litres, instants seconds since 1970.
 */
import { type Estimate, type MissedRow, missingRegister } from '../estimation/missing-register.ts';
import { instantOf } from '../time.ts';
import { periodUsage, type UsageRounding } from './billed-usage.ts';
import type { ClosingFacts, ClosingRemark, ClosingSegment } from './closing-row.ts';

/**
 * The facts with a reckoned register in the place of the missing one, where a rule or a decision gives it: as if it had
 * been read at the closing instant. A report that is still awaited comes first.
 */
export function withEstimate(
  facts: ClosingFacts,
  rounding: UsageRounding = facts.rounding,
): { read: ClosingFacts; estimate: Estimate | null } {
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
function missedRow(facts: ClosingFacts, rounding: UsageRounding): MissedRow | null {
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

function closesAtS({ closesOn }: ClosingFacts): number {
  return instantOf(closesOn, 24).getTime() / 1000;
}

/** Usage up to the reading, or up to the one that is held; null with the reason as a remark, or without any reading. */
export function periodOf(
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
  // What was issued cannot be continued: today's previous reading is shown, and nothing is billed from it.
  if (facts.previousChange === 'missing') return { usageL: null, remarks: [] };
  const usage = periodUsage(segments);
  if (!usage.known) return { usageL: null, remarks: [usage.reason] };
  return { usageL: usage.usageL, remarks: usage.rolledOver ? ['rolled-over'] : [] };
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
  return [
    {
      ...{ meterId, dialL, sizeM3PerHour, fittedAtS: null },
      ...{ fromL: facts.previousIndexL, fromAtS: facts.previousAtS },
      ...{
        toL: facts.indexL ?? facts.heldIndexL,
        toAtS: facts.lagS === null ? null : closesAtS(facts) - facts.lagS,
      },
    },
  ];
}
