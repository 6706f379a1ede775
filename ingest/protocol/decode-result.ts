/**
 * Why bytes were refused; each reason is explained in [TERM-11]. Offsets of the first group count from the frame's
 * first byte, those of the second group from the first byte of the decrypted payload.
 */
export type DecodeReason =
  | 'frame_too_short'
  | 'frame_too_long'
  | 'unsupported_version'
  | 'unsupported_suite'
  | 'wrong_direction'
  | 'bad_counter'
  | 'authentication_failed'
  | 'unsupported_type'
  | 'unknown_type'
  | 'truncated'
  | 'trailing_bytes'
  | 'reserved_flags'
  | 'bad_digits'
  | 'bad_varint'
  | 'unknown_link'
  | 'out_of_range';

/** Bytes that are not a valid frame or payload; a value, because faults are expected from the field. */
export type Refused = {
  readonly ok: false;
  readonly reason: DecodeReason;
  readonly offset: number;
};

/** A decoded message, or the reason why there is none. */
export type Decoded<Message> = { readonly ok: true; readonly message: Message } | Refused;
