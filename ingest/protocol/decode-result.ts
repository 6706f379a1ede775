/**
 * Why bytes were refused; each is explained in [TERM-11]. The first group speaks of the frame and
 * its offset counts from the frame's first byte, the second speaks of the decrypted payload and its
 * offset counts from the payload's first byte.
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

/** Bytes that are not a valid frame or payload; a value, because the field is expected to err. */
export type Refused = {
  readonly ok: false;
  readonly reason: DecodeReason;
  readonly offset: number;
};

/** A decoded message, or why there is none. */
export type Decoded<Message> = { readonly ok: true; readonly message: Message } | Refused;
