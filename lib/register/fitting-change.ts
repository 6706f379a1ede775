/**
 * Changes of meters and terminals at a supply point: size and dial of a meter that were typed wrong (メーター諸元訂正), removal of a
 * meter without a successor (撤去), fitting where there is none (取付), exchange of the terminal (検針端末取替). Pure. Instants
 * are Dates, registers litres.
 */
import type { GasKind } from '../gas-kind.ts';
import { dayOf } from '../time.ts';
import type { FittedMeter } from '../usage/usage-line.ts';

export const FITTING_CHANGES = [
  'meter-corrected',
  'meter-removed',
  'meter-fitted',
  'terminal-exchanged',
] as const;

/** A meter with what it can count. */
interface Sized {
  serial: string;
  sizeM3PerHour: number;
  dialL: number;
}

/** Size and dial that a meter has on all its days. */
export interface MeterCorrection extends Sized {
  kind: 'meter-corrected';
  meterId: number;
  /** When it was fitted first, wherever. */
  since: Date;
  /** Supply points at which it was ever fitted. */
  supplyPointIds: readonly number[];
}

export interface MeterRemoval extends Sized {
  kind: 'meter-removed';
  meterId: number;
  fittedAt: Date;
  removedAt: Date;
  finalIndexL: number | null;
}

export interface MeterFitted extends Sized {
  kind: 'meter-fitted';
  /** Null when the meter is registered with it. */
  meterId: number | null;
  gasKind: GasKind;
  verificationExpiresOn: string | null;
  fittedAt: Date;
  startIndexL: number | null;
}

export interface TerminalExchange {
  kind: 'terminal-exchanged';
  terminalId: number;
  number: string;
  /** The terminal that goes; null: there is none. */
  removed: { terminalId: number; number: string; fittedAt: Date } | null;
  exchangedAt: Date;
}

/** A change of a meter or terminal that fits the register. */
export type FittingChange = MeterCorrection | MeterRemoval | MeterFitted | TerminalExchange;

export function isFittingChange<K extends { kind: string }>(
  change: K,
): change is Extract<K, { kind: FittingChange['kind'] }> {
  return FITTING_CHANGES.some((kind) => kind === change.kind);
}

/** The instant from which the register is other than before. */
function instantOfChange(change: FittingChange): Date {
  switch (change.kind) {
    case 'meter-corrected':
      return change.since;
    case 'meter-removed':
      return change.removedAt;
    case 'meter-fitted':
      return change.fittedAt;
    case 'terminal-exchanged':
      return change.exchangedAt;
  }
}

/**
 * The day from which the register is other than before, and the first day whose closing a change concerns: of an instant at
 * 0:00 that of the day before. As `record_fitting_change` has it.
 */
export function daysOfChange(change: FittingChange): { holdsFrom: string; affectsFrom: string } {
  const at = instantOfChange(change);
  const holdsFrom = dayOf(at);
  if (change.kind === 'meter-corrected') return { holdsFrom, affectsFrom: holdsFrom };
  return { holdsFrom, affectsFrom: dayOf(new Date(at.getTime() - 1)) };
}

/** The meters of the supply point after a change. No meter has the id 0: one that is not registered has no readings. */
export function metersAfter(meters: readonly FittedMeter[], change: FittingChange): FittedMeter[] {
  switch (change.kind) {
    case 'meter-corrected': {
      const { sizeM3PerHour, dialL } = change;
      return meters.map((meter) =>
        meter.meterId === change.meterId ? { ...meter, sizeM3PerHour, dialL } : meter,
      );
    }
    case 'meter-removed': {
      const { removedAt, finalIndexL } = change;
      return meters.map((meter) =>
        meter.meterId === change.meterId && meter.removedAt === null
          ? { ...meter, removedAt, finalIndexL }
          : meter,
      );
    }
    case 'meter-fitted': {
      const { sizeM3PerHour, dialL, fittedAt, startIndexL } = change;
      const come = { sizeM3PerHour, dialL, fittedAt, startIndexL };
      const meterId = change.meterId ?? 0;
      return [...meters, { meterId, ...come, removedAt: null, finalIndexL: null }];
    }
    case 'terminal-exchanged':
      return [...meters];
  }
}

/**
 * Warnings before a change of a meter or terminal is registered, beside those of an exchange of meters.
 * - `readings-beyond-dial`: registers were received that the former dial could not show; they were not stored as readings and
 *   do not come back. `count` of them.
 * - `customer-stays`: a customer is at the supply point after the removal.
 * - `removed-reported-later`: days of the meter after its removal are stored, which no longer count; `count` of them.
 * - `old-terminal-later`: the terminal that goes brought days after the instant; `count` of them.
 */
export const FITTING_WARNINGS = [
  'readings-beyond-dial',
  'customer-stays',
  'removed-reported-later',
  'old-terminal-later',
  'final-not-noted',
  'final-rolled-over',
  'final-below-last',
  'final-implausible',
  'start-not-noted',
  'start-not-zero',
  'will-be-registered',
  'verification-expired',
  'verification-unknown',
] as const;

export interface FittingWarning {
  code: (typeof FITTING_WARNINGS)[number];
  /** The register concerned, litres, and when it was read. */
  indexL: number | null;
  at: Date | null;
  /** The day concerned: of the term. */
  day: string | null;
  count: number | null;
}
