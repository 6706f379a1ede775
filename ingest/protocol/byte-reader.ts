import { decodeBcd } from './bcd.ts';
import type { DecodeReason, Refused } from './decode-result.ts';

/**
 * Reads big-endian fields in sequence and keeps the first fault. After a fault further reads return meaningless
 * numbers, and `refusal()` returns it. So a decoder reads straight through, never throws, and checks once at its end.
 */
export class ByteReader {
  readonly bytes: Uint8Array;
  offset = 0;
  #reason: DecodeReason | undefined;
  #failedAt = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** Records that the bytes are wrong at `offset`; only the first record counts. */
  refuse(reason: DecodeReason, offset: number): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#failedAt = offset;
  }

  u8(): number {
    const value = this.bytes[this.offset];
    if (value === undefined) {
      this.refuse('truncated', this.bytes.length);
      return 0;
    }
    this.offset += 1;
    return value;
  }

  u16(): number {
    return (this.u8() << 8) | this.u8();
  }

  i16(): number {
    return (this.u16() << 16) >> 16;
  }

  u24(): number {
    return (this.u16() << 8) | this.u8();
  }

  u32(): number {
    return ((this.u16() << 16) | this.u16()) >>> 0;
  }

  /** Packed decimal digits, padded on the left with 0xF nibbles; '' after a failure. */
  digits(byteLength: number): string {
    const at = this.offset;
    if (at + byteLength > this.bytes.length) {
      this.refuse('truncated', this.bytes.length);
      return '';
    }
    this.offset += byteLength;
    const digits = decodeBcd(this.bytes, at, byteLength);
    if (digits === undefined) this.refuse('bad_digits', at);
    return digits ?? '';
  }

  /** A signed difference: zigzag, then LEB128 in its shortest form, at most 32 bits [TERM-6.3]. */
  zigzag(): number {
    const at = this.offset;
    let byte = this.u8();
    let value = byte & 0x7f;
    for (let shift = 7; byte >= 0x80; shift += 7) {
      byte = this.u8();
      if (byte === 0 || (shift === 28 && byte > 0x0f)) {
        this.refuse('bad_varint', at);
        return 0;
      }
      value |= (byte & 0x7f) << shift;
    }
    return (value >>> 1) ^ -(value & 1);
  }

  /** The first fault, which includes bytes after the last field. */
  refusal(): Refused | undefined {
    if (this.offset < this.bytes.length) this.refuse('trailing_bytes', this.offset);
    if (this.#reason === undefined) return undefined;
    return { ok: false, reason: this.#reason, offset: this.#failedAt };
  }
}
