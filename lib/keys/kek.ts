import { createCipheriv } from 'node:crypto';
import { DomainError } from '../errors.ts';

const KEY_BYTES = 32;
const BLOCK_BYTES = 16;
const CHECK_VALUE_BYTES = 5;
const HEX = /^[0-9a-f]{64}$/i;
const BASE64 = /^[A-Za-z0-9+/_-]{43}=?$/;

/** A utility's key-encryption key, which only wraps its terminals' keys. */
export type Kek = {
  /** Key check value; stored beside wrapped keys, and not secret. */
  readonly id: string;
  readonly key: Buffer;
};

function decodeKeyText(text: string): Buffer | undefined {
  if (HEX.test(text)) return Buffer.from(text, 'hex');
  if (!BASE64.test(text)) return undefined;
  const key = Buffer.from(text, 'base64');
  return key.length === KEY_BYTES ? key : undefined;
}

/**
 * Parses a key-encryption key: 32 bytes as 64 hex digits, base64 or base64url, with optional surrounding white space.
 * `where` names the source in the DomainError `invalid_input`, which never quotes the text.
 */
export function parseKek(text: string, where: string): Kek {
  const key = decodeKeyText(text.trim());
  if (key === undefined) {
    throw new DomainError(
      'invalid_input',
      `${where} does not hold a key: write 32 random bytes as 64 hex digits or as base64`,
    );
  }
  return { id: keyCheckValue(key), key };
}

/**
 * AES-CMAC (NIST SP 800-38B) of one whole 16-byte block.
 * @internal
 */
export function cmacOfBlock(key: Uint8Array, block: Uint8Array): Buffer {
  const encrypt = (input: Uint8Array) =>
    createCipheriv(`aes-${key.length * 8}-ecb`, key, null)
      .setAutoPadding(false)
      .update(input);
  const l = encrypt(Buffer.alloc(BLOCK_BYTES));
  // The subkey: twice the encrypted zero block in GF(2^128).
  const subkey = Buffer.from(l.map((byte, i) => (byte << 1) | ((l[i + 1] ?? 0) >> 7)));
  const end = BLOCK_BYTES - 1;
  if (l.readUInt8(0) & 0x80) subkey.writeUInt8(subkey.readUInt8(end) ^ 0x87, end);
  const input = Buffer.from(block);
  return encrypt(subkey.map((byte, i) => byte ^ input.readUInt8(i)));
}

/**
 * Key check value [TERM-5.3]: the first five bytes of the AES-CMAC of a zero block, ten hex digits. It identifies a key
 * without revealing it.
 */
export function keyCheckValue(key: Uint8Array): string {
  return cmacOfBlock(key, Buffer.alloc(BLOCK_BYTES)).subarray(0, CHECK_VALUE_BYTES).toString('hex');
}
