/** Counts of the rows of a closing, and which of them are to be checked before billing. Pure. */

import { MARK_RULES } from '../validation/reading-marks.ts';
import { type AccountPlace, accountPlace, noAccount } from './closing-account.ts';
import type { ClosingQuality, ClosingRemark, ClosingRow } from './closing-row.ts';

/**
 * Reasons for which a row should be checked before billing. `corrected`, `reading-doubtful`, `unvalidated` and
 * `previous-changed` and `correction-base-changed`, and marks for attention, leave its usage; `none` is a row without a reading, which the meter should have had.
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
  'correction-base-changed',
  ...MARK_RULES,
  'issued-beyond',
  'issued-to-other',
  'issued-later',
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
  'entered',
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
  /** Each row once, by where its occupancy stands. */
  account: Record<AccountPlace, number>;
  /** The latest `expectedAt` of the awaited rows; null without one. */
  awaitedUntil: string | null;
}

export function noCounts(): ClosingCounts {
  const quality = {
    ...{ actual: 0, awaited: 0, substituted: 0, entered: 0 },
    ...{ estimated: 0, certified: 0, none: 0 },
  };
  const no = { total: 0, final: 0, toCheck: 0, awaitedUntil: null };
  return { ...no, quality, remarks: {}, reasons: {}, account: noAccount() };
}

/** Adds a row to the counts. */
export function countRow(counts: ClosingCounts, row: ClosingRow): void {
  counts.total += 1;
  if (row.kind === 'final') counts.final += 1;
  counts.quality[row.quality] += 1;
  counts.account[accountPlace(row)] += 1;
  for (const remark of row.remarks) counts.remarks[remark] = (counts.remarks[remark] ?? 0) + 1;
  const reasons = checkReasons(row);
  if (reasons.length > 0) counts.toCheck += 1;
  for (const reason of reasons) counts.reasons[reason] = (counts.reasons[reason] ?? 0) + 1;
  // Instants with the same offset: the later text is the later instant.
  if (row.expectedAt !== null && row.expectedAt > (counts.awaitedUntil ?? '')) {
    counts.awaitedUntil = row.expectedAt;
  }
}
