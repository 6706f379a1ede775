import { openCcm, sealCcm } from './aes-ccm.ts';
import { requireWithin } from './byte-writer.ts';
import type { DecodeReason, Refused } from './decode-result.ts';
import { HEADER_BYTES, MAX_FRAME_BYTES, MAX_PAYLOAD_BYTES, TAG_BYTES } from './frame-limits.ts';

const VERSION = 1;
const SUITE_AES_256_CCM = 1;
const KEY_BYTES = 32;
const TERMINAL_BCD_BYTES = 8;
const DIRECTION_BYTE = { up: 0x55, down: 0x44 } as const;

/** Up: terminal to cloud; down: cloud to terminal. */
export type Direction = keyof typeof DIRECTION_BYTE;

/** The readable, authenticated part of a frame; nothing in it is proven before `openFrame`. */
export type FrameHeader = {
  readonly ok: true;
  readonly direction: Direction;
  /** 0 to 255: which of the terminal's keys sealed the frame. */
  readonly generation: number;
  readonly type: number;
  /** 1 to 4,294,967,295. */
  readonly counter: number;
  /** First four bytes of the tag as a signed integer: distinguishes a redelivery from a replay [TERM-8.3]. */
  readonly check: number;
};

/** Parameters of sealing a frame: the key derived for its direction, and the parts of the nonce. */
export type Envelope = {
  readonly key: Uint8Array;
  readonly terminalBcd: Uint8Array;
  readonly generation: number;
  readonly counter: number;
};

function refused(reason: DecodeReason, offset: number): Refused {
  return { ok: false, reason, offset };
}

function int32At(bytes: Uint8Array, offset: number): number {
  return (
    (bytes[offset]! << 24) |
    (bytes[offset + 1]! << 16) |
    (bytes[offset + 2]! << 8) |
    bytes[offset + 3]!
  );
}

/** The direction of a message type: its highest bit is set in what the cloud sends [TERM-4.1]. */
function directionOf(type: number): Direction {
  return type >= 0x80 ? 'down' : 'up';
}

/** Reads the header of a frame received in `direction`; counter and type are not proven yet. */
export function decodeHeader(frame: Uint8Array, direction: Direction): FrameHeader | Refused {
  // [TERM-4.2] The shortest frame has an empty payload, the longest 1,024 bytes.
  if (frame.length < HEADER_BYTES + TAG_BYTES) return refused('frame_too_short', frame.length);
  if (frame.length > MAX_FRAME_BYTES) return refused('frame_too_long', MAX_FRAME_BYTES);
  if (frame[0] !== VERSION) return refused('unsupported_version', 0);
  if (frame[1] !== SUITE_AES_256_CCM) return refused('unsupported_suite', 1);
  const type = frame[3]!;
  if (directionOf(type) !== direction) return refused('wrong_direction', 3);
  const counter = int32At(frame, 4) >>> 0;
  if (counter === 0) return refused('bad_counter', 4);
  const check = int32At(frame, frame.length - TAG_BYTES);
  return { ok: true, direction, generation: frame[2]!, type, counter, check };
}

/** [TERM-4.4] terminal number ‖ direction ‖ counter. */
function frameNonce(terminalBcd: Uint8Array, direction: Direction, counter: number): Buffer {
  const nonce = Buffer.allocUnsafe(13);
  nonce.set(terminalBcd, 0);
  nonce[8] = DIRECTION_BYTE[direction];
  nonce.writeUInt32BE(counter, 9);
  return nonce;
}

function requireKeyMaterial(key: Uint8Array, terminalBcd: Uint8Array): void {
  if (key.length !== KEY_BYTES) {
    throw new RangeError(`a frame key has ${KEY_BYTES} bytes, not ${key.length}`);
  }
  if (terminalBcd.length !== TERMINAL_BCD_BYTES) {
    throw new RangeError(`a packed terminal number has 8 bytes, not ${terminalBcd.length}`);
  }
}

/**
 * Verifies and decrypts a frame whose header was decoded from the same bytes. `key` is the 32-byte key derived for the
 * header's direction and generation. Returns the payload only when header, payload, terminal number, direction and key
 * all fit; otherwise `authentication_failed`. Throws a RangeError on a key or packed terminal number of the wrong
 * length, never on the frame's bytes.
 */
export function openFrame(
  frame: Uint8Array,
  header: FrameHeader,
  key: Uint8Array,
  terminalBcd: Uint8Array,
): { readonly ok: true; readonly payload: Buffer } | Refused {
  requireKeyMaterial(key, terminalBcd);
  const nonce = frameNonce(terminalBcd, header.direction, header.counter);
  const aad = frame.subarray(0, HEADER_BYTES);
  const payload = openCcm({ key, nonce, aad, tagBytes: TAG_BYTES }, frame.subarray(HEADER_BYTES));
  if (payload === undefined) return refused('authentication_failed', HEADER_BYTES);
  return { ok: true, payload };
}

/** Seals a payload into a frame [TERM-4]; a RangeError on a field that the header cannot hold. */
export function sealFrame(envelope: Envelope, type: number, payload: Uint8Array): Buffer {
  const { key, terminalBcd, generation, counter } = envelope;
  requireKeyMaterial(key, terminalBcd);
  requireWithin('key generation', generation, 0, 0xff);
  requireWithin('message type', type, 0, 0xff);
  requireWithin('counter', counter, 1, 0xffffffff);
  requireWithin('payload length', payload.length, 0, MAX_PAYLOAD_BYTES);
  const header = Buffer.from([VERSION, SUITE_AES_256_CCM, generation, type, 0, 0, 0, 0]);
  header.writeUInt32BE(counter, 4);
  const nonce = frameNonce(terminalBcd, directionOf(type), counter);
  return Buffer.concat([
    header,
    sealCcm({ key, nonce, aad: header, tagBytes: TAG_BYTES }, payload),
  ]);
}
