/**
 * Changes of a supply point in the register: move in and out (入居・退去), closing and opening of the supply (閉栓・開栓),
 * closing day (検針日), tariff and area; those of meters and terminals are in fitting-change.ts. Pure. Days are JST; a stay is half-open: `toOn` is the first day that is no longer
 * the customer's.
 */
import type { ClosingDays } from '../closing/closing-history.ts';
import { addDays } from '../time.ts';
import {
  daysOfChange,
  FITTING_CHANGES,
  type FittingChange,
  isFittingChange,
} from './fitting-change.ts';

const STAY_CHANGES = ['move-in', 'move-out', 'stay-corrected'] as const;
const SUPPLY_CHANGES = ['supply-closed', 'supply-opened', 'closing-day', 'tariff', 'area'] as const;
export const CHANGE_KINDS = [...STAY_CHANGES, ...SUPPLY_CHANGES, ...FITTING_CHANGES] as const;

/** A customer number at a supply point. */
export interface Stay {
  /** 0: a stay that is not registered yet. */
  occupancyId: number;
  customerNumber: string;
  fromOn: string;
  toOn: string | null;
}

/** What the register says of a supply point, as far as closings depend on it. */
export interface SupplyPointRegister extends ClosingDays {
  supplyPointId: number;
  supplyPointNumber: string;
  openedOn: string;
  closedOn: string | null;
  tariffId: number | null;
  areaId: number;
  /** Oldest first. */
  stays: readonly Stay[];
}

/** A change that fits the register. */
export type PlannedChange = PlaceChange | FittingChange;

/** A change of the supply point itself. */
type PlaceChange =
  | { kind: (typeof STAY_CHANGES)[number]; stay: Stay }
  | { kind: 'supply-closed' | 'supply-opened'; holdsFrom: string }
  | { kind: 'closing-day'; holdsFrom: string; closingDay: number }
  | { kind: 'tariff'; holdsFrom: string; tariffId: number | null }
  | { kind: 'area'; holdsFrom: string; areaId: number };

/** The register after a change. */
export function registerAfter(
  was: SupplyPointRegister,
  change: PlannedChange,
): SupplyPointRegister {
  switch (change.kind) {
    case 'move-in':
    case 'move-out':
    case 'stay-corrected':
      return { ...was, stays: staysAfter(was.stays, change.stay) };
    case 'supply-closed':
      return { ...was, closedOn: change.holdsFrom };
    case 'supply-opened':
      return { ...was, closedOn: null };
    case 'closing-day': {
      const former = [...was.former, { untilOn: change.holdsFrom, closingDay: was.closingDay }];
      return { ...was, closingDay: change.closingDay, former };
    }
    case 'tariff':
      return { ...was, tariffId: change.tariffId };
    case 'area':
      return { ...was, areaId: change.areaId };
    case 'meter-corrected':
    case 'meter-removed':
    case 'meter-fitted':
    case 'terminal-exchanged':
      return was;
  }
}

function staysAfter(stays: readonly Stay[], stay: Stay): Stay[] {
  const others = stays.filter(({ occupancyId }) => occupancyId !== stay.occupancyId);
  return [...others, stay].sort((a, b) => a.fromOn.localeCompare(b.fromOn));
}

/** The first day whose closing a change concerns, as the functions of the database have it. */
export function affectsFrom(was: SupplyPointRegister, change: PlannedChange): string {
  if (isFittingChange(change)) return daysOfChange(change).affectsFrom;
  if (!('stay' in change)) return change.holdsFrom;
  const { stay } = change;
  const old = was.stays.find(({ occupancyId }) => occupancyId === stay.occupancyId);
  if (!old) return stay.fromOn;
  const days = [
    ...(old.fromOn === stay.fromOn ? [] : [old.fromOn, stay.fromOn]),
    // The last day of a stay has its final row.
    ...(old.toOn === stay.toOn ? [] : [old.toOn, stay.toOn].flatMap(dayBefore)),
  ];
  return days.sort()[0] ?? stay.fromOn;
}

function dayBefore(day: string | null): string[] {
  if (day === null) return [];
  return [addDays(day, -1)];
}

/**
 * Records that keep a change from being undone.
 * - `change`: a later change of the same thing; `named` is its kind. - `altered`: the register was changed otherwise
 *   since. - `move-in`: a customer stays on days that the undoing would take; `named` is the customer number. -
 *   `supply-end`: the supply ends in the stay. - `access`: a registration code was issued for the stay. -
 *   `closing-file`: a file of the closing `named` may have read the change. - `reading`: registers that the former dial cannot
 *   show; `named` is the highest, litres. - `fitting`: the meter `named` was fitted since. - `removal`: the meter `named` was
 *   removed. - `terminal`: the terminal `named` was fitted or taken away since, or retired.
 */
export const CHANGE_RESTING_KINDS = [
  'change',
  'altered',
  'move-in',
  'supply-end',
  'access',
  'closing-file',
  'reading',
  'fitting',
  'removal',
  'terminal',
] as const;

/** A record that rests on a change. */
export interface RestingOnChange {
  kind: (typeof CHANGE_RESTING_KINDS)[number];
  at: Date;
  named: string | null;
}
