/** A stored row as it was printed. Pure. */
import type { UsageRounding } from './billed-usage.ts';
import { type ClosingRow, closingRow } from './closing-row.ts';
import type { StoredRow } from './run-sql.ts';

/**
 * The printed row of a stored one: what names and reads it from its facts, its figures as they were issued, whatever
 * the rules of today make of the facts.
 */
export function storedClosingRow(stored: StoredRow, rounding: UsageRounding | null): ClosingRow {
  const { facts, usageL, usageM3, quality, remarks, estimatedIndexL } = stored;
  const { registerM3, volumeFactor, correctionL } = stored;
  return {
    ...closingRow(facts, rounding ?? undefined),
    ...(estimatedIndexL !== null && { indexL: estimatedIndexL }),
    ...{ usageL, usageM3, quality, remarks, registerM3, volumeFactor, correctionL },
  };
}
