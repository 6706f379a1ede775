// Rules of an exchange of meters (取替): its effect, and warnings before registration. Pure. Instants are Dates,
// registers litres. The old meter counts up to the instant, the new one from then on.

import { dayOf } from '../time.ts';
import type { FittedMeter } from '../usage/usage-line.ts';
import { type MeterCapacity, registerStep } from '../validation/register-step.ts';

const HOUR_MS = 3_600_000;

/** An exchange that fits the register. */
export interface ExchangePlan {
  supplyPointId: number;
  supplyPointNumber: string;
  closingDay: number;
  removed: {
    meterId: number;
    serial: string;
    sizeM3PerHour: number;
    dialL: number;
    fittedAt: Date;
  };
  fitted: {
    /** Null when the meter is registered with the exchange. */
    meterId: number | null;
    serial: string;
    sizeM3PerHour: number;
    dialL: number;
    /** Last day of the verification term (検定満期); null when unknown. */
    verificationExpiresOn: string | null;
  };
  exchangedAt: Date;
  finalIndexL: number | null;
  startIndexL: number | null;
  /** Filed closings at or after it that the user confirmed. */
  acknowledgedClosings: readonly string[];
}

/** A register and when it was read. */
export interface Register {
  indexL: number;
  at: Date;
}

/** Registers that the two meters reported around the instant of an exchange. */
export interface RegistersAround {
  /** The old meter's last register up to the instant, and its last one after it. */
  removedBefore: Register | null;
  removedAfter: Register | null;
  /**
   * The new meter's last register before the instant since it left its previous supply point, and its last one after
   * it.
   */
  fittedBefore: Register | null;
  fittedAfter: Register | null;
}

/**
 * Warnings before an exchange is registered.
 * - `final-rolled-over`: the final index is below the last reading, which counts as a rollover.
 * - `final-below-last`: it is below it otherwise, so the usage between the two is unknown. A closing subtracts the
 *   register of the
 * closing before from the final index; it has a usage unless that is negative too.
 * - `final-implausible`: more gas since the last reading than the meter's size lets through.
 * - `final-not-noted`, `start-not-noted`: the nearest hours of the meter are used instead.
 * - `start-not-zero`: a new meter usually starts at 0.
 * - `removed-reported-later`: the old meter reported registers after the instant, which no longer count.
 * - `fitted-reported-earlier`: the new meter reported registers before the instant, which do not count.
 * - `will-be-registered`: the new meter is not registered yet and will be with the exchange.
 * - `verification-expired`, `verification-unknown`: of the new meter, on the day of the exchange.
 */
export const EXCHANGE_WARNINGS = [
  'final-rolled-over',
  'final-below-last',
  'final-implausible',
  'final-not-noted',
  'start-not-noted',
  'start-not-zero',
  'removed-reported-later',
  'fitted-reported-earlier',
  'will-be-registered',
  'verification-expired',
  'verification-unknown',
] as const;

export interface ExchangeWarning {
  code: (typeof EXCHANGE_WARNINGS)[number];
  /** Field of the input concerned, or null. */
  field: string | null;
  /** The register concerned, litres, and when it was read. */
  indexL: number | null;
  at: Date | null;
  /** The day concerned: of the term. */
  day: string | null;
}

/**
 * What a preview cannot know yet.
 * - `new-meter-unread`: the new meter has not reported since: its usage is counted when it does.
 * - `closing-to-come`: the closing has not passed: what will be billed is unknown.
 * - `further-days`, `further-closings`: the exchange is so long ago that more may change than is listed.
 */
export const EXCHANGE_UNKNOWNS = [
  'new-meter-unread',
  'closing-to-come',
  'further-days',
  'further-closings',
] as const;
export type ExchangeUnknown = (typeof EXCHANGE_UNKNOWNS)[number];

/**
 * Records that keep an exchange from being undone.
 * - `removal`: the new meter was removed. - `fitting`: one of the two meters, or another at the supply point, was
 *   fitted later.
 * - `move-in`, `move-out`: of a customer number, on a later day. - `supply-end`: the supply ended on a later day.
 * - `closing-file`: a file of a closing at or after the exchange may have read it; `named` is the day of the closing.
 */
export const RESTING_KINDS = [
  'removal',
  'fitting',
  'move-in',
  'move-out',
  'supply-end',
  'closing-file',
] as const;
export type RestingKind = (typeof RESTING_KINDS)[number];

export interface Resting {
  kind: RestingKind;
  /** When it happened; for a file when it was begun. */
  at: Date;
  /** Serial, customer number or closing concerned, or null. */
  named: string | null;
}

/** A record that rests on an exchange, as text of a refusal. */
export function restingText({ kind, at, named }: Resting): string {
  const on = dayOf(at);
  switch (kind) {
    case 'removal':
      return `meter ${named} was removed on ${on}`;
    case 'fitting':
      return `meter ${named} was fitted on ${on}`;
    case 'move-in':
      return `customer number ${named} moves in on ${on}`;
    case 'move-out':
      return `customer number ${named} is out on ${on}`;
    case 'supply-end':
      return `the supply ends on ${on}`;
    case 'closing-file':
      return `a file of the closing of ${named} was begun on ${on}`;
  }
}

/** Meters of the supply point after the exchange. */
export function metersAfter(meters: readonly FittedMeter[], plan: ExchangePlan): FittedMeter[] {
  const { removed, fitted, exchangedAt, finalIndexL, startIndexL } = plan;
  const left = meters.map((meter) =>
    meter.meterId === removed.meterId && meter.removedAt === null
      ? { ...meter, removedAt: exchangedAt, finalIndexL }
      : meter,
  );
  const come: FittedMeter = {
    // No meter has the id 0: a meter that is not registered has no readings.
    meterId: fitted.meterId ?? 0,
    sizeM3PerHour: fitted.sizeM3PerHour,
    dialL: fitted.dialL,
    fittedAt: exchangedAt,
    removedAt: null,
    startIndexL,
    finalIndexL: null,
  };
  return [...left, come];
}

type Warn = (
  code: ExchangeWarning['code'],
  field?: string,
  about?: Partial<Pick<ExchangeWarning, 'indexL' | 'at' | 'day'>>,
) => ExchangeWarning;

const warn: Warn = (code, field, about) => ({
  code,
  field: field ?? null,
  ...{ indexL: null, at: null, day: null },
  ...about,
});

/** Warnings of an exchange in the order of its form. */
export function exchangeWarnings(
  plan: ExchangePlan,
  registers: RegistersAround,
): ExchangeWarning[] {
  const { removedAfter, fittedBefore } = registers;
  return [
    ...(removedAfter ? [warn('removed-reported-later', 'exchangedAt', removedAfter)] : []),
    ...(fittedBefore ? [warn('fitted-reported-earlier', 'exchangedAt', fittedBefore)] : []),
    ...finalWarnings(plan, registers.removedBefore),
    ...fittedWarnings(plan),
  ];
}

/** Warnings about the final index of a meter that is removed, by its last reading. */
export function finalWarnings(
  plan: Pick<ExchangePlan, 'finalIndexL' | 'exchangedAt'> & { removed: MeterCapacity },
  last: Register | null,
): ExchangeWarning[] {
  const { finalIndexL, removed, exchangedAt } = plan;
  const field = 'finalIndexL';
  if (finalIndexL === null) return [warn('final-not-noted', field, last ?? {})];
  if (last === null) return [];
  const hours = Math.max(1, Math.ceil((exchangedAt.getTime() - last.at.getTime()) / HOUR_MS));
  const step = registerStep(removed, last.indexL, finalIndexL, hours);
  switch (step.state) {
    case 'fallen':
      return [warn('final-below-last', field, last)];
    case 'implausible':
      return [warn('final-implausible', field, last)];
    case 'known':
      return step.rolledOver ? [warn('final-rolled-over', field, last)] : [];
  }
}

/** Warnings about a meter that is fitted, and its start index. */
export function fittedWarnings({
  fitted,
  startIndexL,
  exchangedAt,
}: Pick<ExchangePlan, 'startIndexL' | 'exchangedAt'> & {
  fitted: Pick<ExchangePlan['fitted'], 'meterId' | 'verificationExpiresOn'>;
}): ExchangeWarning[] {
  const warnings: ExchangeWarning[] = [];
  if (fitted.meterId === null) warnings.push(warn('will-be-registered', 'newSerial'));
  const expiresOn = fitted.verificationExpiresOn;
  if (expiresOn === null) warnings.push(warn('verification-unknown', 'newSerial'));
  else if (expiresOn < dayOf(exchangedAt)) {
    warnings.push(warn('verification-expired', 'newSerial', { day: expiresOn }));
  }
  if (startIndexL === null) warnings.push(warn('start-not-noted', 'startIndexL'));
  else if (startIndexL > 0) warnings.push(warn('start-not-zero', 'startIndexL'));
  return warnings;
}
