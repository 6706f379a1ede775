/** The account of a closing: each occupancy that is to be billed stands in exactly one place. Pure. */
import type { ClosingRow } from './closing-row.ts';

/**
 * Where an occupancy stands in a closing.
 * - `actual`, `substituted`, `entered`, `estimated`, `certified`: billed, by the quality of the reading. - `final`: billed for the last time.
 * - `awaited`: the report is not due yet. - `held`: there is a reading and no usage, for a reason that the row has.
 * - `none`: there is no reading. - `nothing`: no meter was there, so there is nothing to bill.
 */
export const ACCOUNT_PLACES = [
  'actual',
  'substituted',
  'entered',
  'estimated',
  'certified',
  'final',
  'awaited',
  'held',
  'none',
  'nothing',
] as const;
export type AccountPlace = (typeof ACCOUNT_PLACES)[number];

/** The place of the occupancy of a row. */
export function accountPlace({
  quality,
  kind,
  usageL,
  remarks,
}: Pick<ClosingRow, 'quality' | 'kind' | 'usageL' | 'remarks'>): AccountPlace {
  if (remarks.includes('no-meter')) return 'nothing';
  if (quality === 'awaited' || quality === 'none') return quality;
  if (usageL === null) return 'held';
  return kind === 'final' ? 'final' : quality;
}

export function noAccount(): Record<AccountPlace, number> {
  return {
    actual: 0,
    substituted: 0,
    entered: 0,
    estimated: 0,
    certified: 0,
    final: 0,
    awaited: 0,
    held: 0,
    none: 0,
    nothing: 0,
  };
}
