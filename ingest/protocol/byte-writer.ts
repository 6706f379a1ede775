import { encodeBcd } from './bcd.ts';
import { MAX_PAYLOAD_BYTES } from './frame-limits.ts';

/** Throws a RangeError naming the field unless `value` is a whole number from `min` to `max`. */
export function requireWithin(name: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new RangeError(`${name} must be a whole number from ${min} to ${max}, not ${value}`);
}

/** Writes big-endian fields in sequence; a value that does not fit is a RangeError. */
export class ByteWriter {
  readonly #buffer = Buffer.allocUnsafe(MAX_PAYLOAD_BYTES);
  #offset = 0;

  u8(name: string, value: number): void {
    requireWithin(name, value, 0, 0xff);
    this.#offset = this.#buffer.writeUInt8(value, this.#offset);
  }

  i8(name: string, value: number): void {
    requireWithin(name, value, -0x80, 0x7f);
    this.#offset = this.#buffer.writeInt8(value, this.#offset);
  }

  u16(name: string, value: number): void {
    requireWithin(name, value, 0, 0xffff);
    this.#offset = this.#buffer.writeUInt16BE(value, this.#offset);
  }

  i16(name: string, value: number): void {
    requireWithin(name, value, -0x8000, 0x7fff);
    this.#offset = this.#buffer.writeInt16BE(value, this.#offset);
  }

  u24(name: string, value: number): void {
    requireWithin(name, value, 0, 0xffffff);
    this.#offset = this.#buffer.writeUIntBE(value, this.#offset, 3);
  }

  u32(name: string, value: number): void {
    requireWithin(name, value, 0, 0xffffffff);
    this.#offset = this.#buffer.writeUInt32BE(value, this.#offset);
  }

  /** Decimal digits packed into `byteLength` bytes, padded on the left with 0xF nibbles. */
  digits(digits: string, byteLength: number): void {
    this.#offset += encodeBcd(digits, byteLength).copy(this.#buffer, this.#offset);
  }

  /** A signed 32-bit difference: zigzag, then LEB128 in its shortest form [TERM-6.3]. */
  zigzag(name: string, value: number): void {
    requireWithin(name, value, -0x80000000, 0x7fffffff);
    let rest = ((value << 1) ^ (value >> 31)) >>> 0;
    while (rest >= 0x80) {
      this.u8(name, (rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.u8(name, rest);
  }

  /** A copy of the written bytes. */
  bytes(): Buffer {
    return Buffer.from(this.#buffer.subarray(0, this.#offset));
  }
}
