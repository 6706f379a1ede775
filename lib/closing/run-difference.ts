/** What is different in a closing row from the one that was issued. Pure. */
import type { ClosingRow } from './closing-row.ts';

/**
 * Why a row is different.
 * - `estimate`: the register was reckoned otherwise, or read instead of reckoned, or the other way round.
 * - `late`: a later reading than the issued one is known. - `withdrawn`: the issued reading does not count any more.
 * - `corrected`: the register of the same instant is another. - `register`: another meter, terminal, exchange or
 *   place, or the row came or went.
 * - `previous`: what it counts from is another. - `correction`: another correction of a meter outside tolerance is billed with it.
 * - `factor`: another factor multiplies the volume. - `rounding`: the same litres are billed otherwise.
 */
export const DIFFERENCE_REASONS = [
  'estimate',
  'late',
  'withdrawn',
  'corrected',
  'register',
  'previous',
  'correction',
  'factor',
  'rounding',
] as const;
export type DifferenceReason = (typeof DIFFERENCE_REASONS)[number];

/** Remarks of which each says that other meters were counted. */
const EXCHANGES = ['exchanged', 'index-missing'] as const;

/** Reasons why `after` is not the row `before`; empty when both print the same. Null: there is no such row. */
export function differenceReasons(
  before: ClosingRow | null,
  after: ClosingRow | null,
): DifferenceReason[] {
  if (before === null || after === null) return before === after ? [] : ['register'];
  const reasons: DifferenceReason[] = [...readingReasons(before, after)];
  if (isOther(REGISTERED, before, after) || exchangesOf(before) !== exchangesOf(after)) {
    reasons.push('register');
  }
  if (isOther(PREVIOUS, before, after)) reasons.push('previous');
  if (before.correctionL !== after.correctionL) reasons.push('correction');
  if (before.volumeFactor !== after.volumeFactor) reasons.push('factor');
  if (reasons.length > 0) return reasons;
  if (before.usageL !== after.usageL) return ['register'];
  return before.usageM3 === after.usageM3 ? [] : ['rounding'];
}

const REGISTERED: (keyof ClosingRow)[] = [
  ...(['customerNumber', 'supplyPointNumber', 'kind', 'closesOn'] as const),
  ...(['terminalNumber', 'meterSerial'] as const),
];
const PREVIOUS: (keyof ClosingRow)[] = ['previousIndexL', 'previousAt'];

function isOther(
  fields: readonly (keyof ClosingRow)[],
  before: ClosingRow,
  after: ClosingRow,
): boolean {
  return fields.some((field) => before[field] !== after[field]);
}

function exchangesOf({ remarks }: ClosingRow): string {
  return EXCHANGES.filter((remark) => remarks.includes(remark)).join();
}

function readingReasons(before: ClosingRow, after: ClosingRow): DifferenceReason[] {
  if (before.estimate !== null || after.estimate !== null) {
    const same = before.estimate?.basis === after.estimate?.basis && before.indexL === after.indexL;
    return same ? [] : ['estimate'];
  }
  const [was, is] = [instantOf(before), instantOf(after)];
  if (is > was) return ['late'];
  if (is < was) return ['withdrawn'];
  return before.indexL === after.indexL ? [] : ['corrected'];
}

function instantOf({ readAt }: ClosingRow): number {
  return readAt === null ? Number.NEGATIVE_INFINITY : Date.parse(readAt);
}
