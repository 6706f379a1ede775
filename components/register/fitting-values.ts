/** Values of the forms of changes of meters and terminals, and the request bodies made from them. Registers are entered in m³. */
import { type FaultReason, isChangeFault } from '../../lib/errors.ts';
import { FITTING_CHANGES } from '../../lib/register/fitting-change.ts';
import type { RegisterChangeBody } from '../../lib/register/register-change-wire.ts';
import type { SupplyPointWire } from '../../lib/register/supply-point-wire.ts';
import { DIALS, isLocalTime, litresOf, plain } from '../exchange/exchange-values.ts';

export type FittingKind = (typeof FITTING_CHANGES)[number];

/** Fields of all of these forms. */
export interface FittingValues {
  meterId: string;
  /** m³ in an hour (号). */
  size: string;
  /** Litres. */
  dialL: string;
  /** Local time of JST, `2026-11-20T10:30`. */
  at: string;
  indexM3: string;
  serial: string;
  /** True when the meter is registered with its fitting. */
  registers: boolean;
  expiresOn: string;
  number: string;
}

export function isFittingKind(kind: string): kind is FittingKind {
  return FITTING_CHANGES.some((each) => each === kind);
}

/** Initial values: size and dial of the meter that is fitted, or was last. */
export function initialFitting({ meter, meters }: Pick<SupplyPointWire, 'meter' | 'meters'>) {
  const latest = meter ?? meters.at(-1);
  return {
    ...meterValues(latest),
    ...{ at: '', indexM3: '', serial: '', registers: false, expiresOn: '', number: '' },
  };
}

/** Values of the meter that is to be corrected. */
export function meterValues(
  meter: Pick<SupplyPointWire['meters'][number], 'meterId' | 'sizeM3PerHour' | 'dialL'> | undefined,
) {
  return {
    meterId: meter ? String(meter.meterId) : '',
    size: meter ? String(meter.sizeM3PerHour) : '',
    dialL: meter ? String(meter.dialL) : DIALS[0],
  };
}

export type FittingFault = 'required' | 'noSize' | 'noRegister' | 'noSerial' | 'noTerminal';
type FittingFaults = Partial<Record<keyof FittingValues, FittingFault>>;

const isSize = (text: string) => /^\d{1,4}(\.\d)?$/.test(plain(text));

/** Faults found before sending; the others are found by the server. */
export function fittingFaults(kind: FittingKind, values: FittingValues): FittingFaults {
  const isMeter = kind === 'meter-removed' || kind === 'meter-fitted';
  const hasSize = kind === 'meter-corrected' || (kind === 'meter-fitted' && values.registers);
  return {
    ...(kind !== 'meter-corrected' && !isLocalTime(values.at) && { at: 'required' as const }),
    ...(hasSize && !isSize(values.size) && { size: 'noSize' as const }),
    ...(isMeter && litresOf(values.indexM3) === undefined && { indexM3: 'noRegister' as const }),
    ...(kind === 'meter-fitted' &&
      !/^\d{1,12}$/.test(plain(values.serial)) && { serial: 'noSerial' as const }),
    ...(kind === 'terminal-exchanged' &&
      !/^\d{1,16}$/.test(plain(values.number)) && { number: 'noTerminal' as const }),
  };
}

/** Request body of a form without faults. */
export function fittingBody(kind: FittingKind, values: FittingValues): RegisterChangeBody {
  const at = `${values.at}:00+09:00`;
  const indexL = litresOf(values.indexM3);
  const noted = typeof indexL === 'number';
  const size = Number(plain(values.size));
  const dialL = Number(values.dialL);
  switch (kind) {
    case 'meter-corrected':
      return { kind, meterId: Number(values.meterId), sizeM3PerHour: size, dialL };
    case 'meter-removed':
      return { kind, removedAt: at, ...(noted && { finalIndexL: indexL }) };
    case 'meter-fitted': {
      const { expiresOn } = values;
      const newMeter = { size, dialL, ...(expiresOn && { verificationExpiresOn: expiresOn }) };
      return {
        ...{ kind, serial: plain(values.serial), fittedAt: at },
        ...(noted && { startIndexL: indexL }),
        ...(values.registers && { newMeter }),
      };
    }
    case 'terminal-exchanged':
      return { kind, number: plain(values.number), exchangedAt: at };
  }
}

const FIELDS: Readonly<Record<string, keyof FittingValues>> = {
  ...{ removedAt: 'at', fittedAt: 'at', exchangedAt: 'at' },
  ...{ finalIndexL: 'indexM3', startIndexL: 'indexM3' },
  ...{ sizeM3PerHour: 'size', 'newMeter.size': 'size' },
  ...{ 'newMeter.dialL': 'dialL', newMeter: 'registers' },
};

/** The field of the form for a field of the API. */
export function fittingField(field: string): string {
  return FIELDS[field] ?? field;
}

/** Reasons of exchanges that these changes have too. */
const SHARED = [
  ...(['beyond-dial', 'unregistered', 'registered', 'other-gas', 'fitted-elsewhere'] as const),
];

/** Name of the message for the reason of a refusal; `other` for one that no such change has. */
export function fittingReason(kind: FittingKind, reason: FaultReason | undefined) {
  if (reason === 'too-early' || reason === 'to-come') return `${reason}-fitting` as const;
  if (reason === 'unregistered' && kind === 'terminal-exchanged') {
    return 'unregistered-terminal' as const;
  }
  if (reason === 'key-used' || reason === 'closing-filed') return reason;
  if (reason !== undefined && isChangeFault(reason)) return reason;
  return SHARED.find((each) => each === reason) ?? ('other' as const);
}
