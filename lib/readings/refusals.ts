/**
 * Refused frames of a terminal: why each was refused and what the desk can do about it. The reasons are those of
 * [TERM-11] and `index_beyond_dial`, for which whole days were refused until hours beyond the dial were kept apart.
 */
/** Every reason that a stored frame can have. */
export const REFUSAL_REASONS = [
  'unknown_terminal',
  'frame_too_short',
  'frame_too_long',
  'unsupported_version',
  'unsupported_suite',
  'wrong_direction',
  'bad_counter',
  'unknown_generation',
  'authentication_failed',
  'unsupported_type',
  'unknown_type',
  'truncated',
  'reserved_flags',
  'bad_digits',
  'bad_varint',
  'out_of_range',
  'unknown_link',
  'trailing_bytes',
  'unknown_meter',
  'future_day',
  'future_hour',
  'index_beyond_dial',
  'replay',
  'not_storable',
] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/** The reason if it is known; a later protocol may have others. */
export function knownReason(reason: string): RefusalReason | undefined {
  return REFUSAL_REASONS.find((known) => known === reason);
}

/**
 * State in the register of the meter that a refused report named, at the terminal's supply point and on the report's
 * day.
 */
export const NAMED_METERS = ['unregistered', 'notFitted', 'fitted'] as const;
export type NamedMeter = (typeof NAMED_METERS)[number];

/** One frame that was not accepted. */
export interface Refusal {
  refusalId: number;
  receivedAt: Date;
  reason: string;
  /** True when it was decrypted with the terminal's key. */
  isAuthentic: boolean;
  /** Named by an authentic day report; otherwise null. */
  meterSerial: string | null;
  day: string | null;
  namedMeter: NamedMeter | null;
}

/** A terminal's refused frames of the last days. */
export interface RefusalSummary {
  /** At most `REFUSALS_COUNTED`. */
  count: number;
  latest: Refusal;
}

/** Advice on a refused frame. */
export const REFUSAL_ADVICE = [
  'registerMeter',
  'checkFitting',
  'checkKey',
  'checkClock',
  'checkCounter',
  'askOperator',
  'checkTerminal',
] as const;
export type RefusalAdvice = (typeof REFUSAL_ADVICE)[number];

/** Days for which refused frames are shown. */
export const REFUSALS_SHOWN_DAYS = 30;
/** Maximum counted frames of one terminal. */
export const REFUSALS_COUNTED = 1000;

const ADVICE: Partial<Record<string, RefusalAdvice>> = {
  authentication_failed: 'checkKey',
  unknown_generation: 'checkKey',
  future_day: 'checkClock',
  future_hour: 'checkClock',
  replay: 'checkCounter',
  bad_counter: 'checkCounter',
  not_storable: 'askOperator',
};

/** Advice on a refused frame; null when the register has been corrected since. */
export function refusalAdvice(refusal: Refusal): RefusalAdvice | null {
  if (refusal.reason === 'unknown_meter') {
    if (refusal.namedMeter === 'fitted') return null;
    return refusal.namedMeter === 'notFitted' ? 'checkFitting' : 'registerMeter';
  }
  return ADVICE[refusal.reason] ?? 'checkTerminal';
}
