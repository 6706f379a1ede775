/** Values of the exchange form, and the request body made from them. Registers are entered in m³, as on the plate. */
import type { ExchangeBody } from '../../lib/register/exchange-wire.ts';

/** Named as in the API, so that its faults map to fields. */
export interface ExchangeValues {
  /** Local time of JST, `2026-11-20T10:30`. */
  exchangedAt: string;
  finalIndexL: string;
  newSerial: string;
  startIndexL: string;
  newMeter: { size: string; dialL: string; verificationExpiresOn: string };
}

/** Dial capacities, in litres. */
export const DIALS = ['10000000', '100000000', '1000000', '1000000000'] as const;

/** Initial values: only that a new meter begins at 0. */
export const EMPTY_EXCHANGE: ExchangeValues = {
  exchangedAt: '',
  finalIndexL: '',
  newSerial: '',
  startIndexL: '0',
  newMeter: { size: '', dialL: DIALS[0], verificationExpiresOn: '' },
};

/** Text with full-width digits, points and letters converted to ASCII, trimmed. */
export const plain = (text: string): string => text.normalize('NFKC').trim();

/**
 * Litres of an entered register in m³ with up to three decimals; null when empty, undefined when it is not a register.
 */
export function litresOf(text: string): number | null | undefined {
  const typed = plain(text).replace(/,/g, '');
  if (typed === '') return null;
  const match = /^(\d{1,6})(?:\.(\d{0,3}))?$/.exec(typed);
  if (!match) return undefined;
  const [, whole = '', part = ''] = match;
  return Number(whole) * 1_000 + Number(part.padEnd(3, '0'));
}

/** True for a value of a `datetime-local` field. */
export const isLocalTime = (text: string): boolean => /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(text);

/** Names of messages by field. */
export type ExchangeFaults = Partial<
  Record<
    'exchangedAt' | 'finalIndexL' | 'newSerial' | 'startIndexL' | 'newMeter.size',
    'required' | 'noRegister' | 'noSerial' | 'noSize'
  >
>;

/** Faults found before sending; the others are found by the server. */
export function exchangeFaults(values: ExchangeValues, registers: boolean): ExchangeFaults {
  const size = plain(values.newMeter.size);
  return {
    ...(isLocalTime(values.exchangedAt) ? {} : { exchangedAt: 'required' as const }),
    ...(litresOf(values.finalIndexL) === undefined ? { finalIndexL: 'noRegister' as const } : {}),
    ...(/^\d{1,12}$/.test(plain(values.newSerial)) ? {} : { newSerial: 'noSerial' as const }),
    ...(litresOf(values.startIndexL) === undefined ? { startIndexL: 'noRegister' as const } : {}),
    ...(!registers || /^\d{1,4}(\.\d)?$/.test(size) ? {} : { 'newMeter.size': 'noSize' as const }),
  };
}

/** Request body of a form without faults. @param registers whether the new meter is registered with the exchange. */
export function exchangeBody(values: ExchangeValues, registers: boolean): ExchangeBody {
  const { newMeter } = values;
  const finalIndexL = litresOf(values.finalIndexL);
  const startIndexL = litresOf(values.startIndexL);
  const expires = newMeter.verificationExpiresOn;
  return {
    exchangedAt: `${values.exchangedAt}:00+09:00`,
    newSerial: plain(values.newSerial),
    ...(typeof finalIndexL === 'number' && { finalIndexL }),
    ...(typeof startIndexL === 'number' && { startIndexL }),
    ...(registers && {
      newMeter: {
        size: Number(plain(newMeter.size)),
        dialL: Number(newMeter.dialL),
        ...(expires && { verificationExpiresOn: expires }),
      },
    }),
  };
}

/** Request body after the preview, with the filed closings that the user confirmed. */
export function withClosings(body: ExchangeBody, acknowledgedClosings: string[]): ExchangeBody {
  return acknowledgedClosings.length === 0 ? body : { ...body, acknowledgedClosings };
}
