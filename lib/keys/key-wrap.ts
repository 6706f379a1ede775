// AES-256 key wrap with the default initial value (RFC 3394): a 32-byte key becomes 40 bytes. Unwrapping detects a
// wrong key-encryption key or a changed byte [TERM-5.1].
import { createCipheriv, createDecipheriv } from 'node:crypto';

const WRAP = 'id-aes256-wrap';
const INITIAL_VALUE = Buffer.alloc(8, 0xa6);
const KEY_BYTES = 32;
const WRAPPED_BYTES = KEY_BYTES + 8;

/** An unwrapped terminal key, or the reason why it could not be unwrapped. */
export type Unwrapped =
  | { readonly ok: true; readonly key: Buffer }
  | { readonly ok: false; readonly reason: 'wrong_length' | 'wrong_kek_or_damaged' };

/** Wraps a 32-byte key under a 32-byte key-encryption key; a RangeError on another length. */
export function wrapKey(kek: Uint8Array, key: Uint8Array): Buffer {
  if (kek.length !== KEY_BYTES || key.length !== KEY_BYTES) {
    throw new RangeError(`both keys must have ${KEY_BYTES} bytes`);
  }
  const cipher = createCipheriv(WRAP, kek, INITIAL_VALUE);
  return Buffer.concat([cipher.update(key), cipher.final()]);
}

/**
 * Unwraps a key. A wrong key-encryption key or changed bytes are returned as a value; only a `kek` that is not 32 bytes
 * is a RangeError.
 */
export function unwrapKey(kek: Uint8Array, wrapped: Uint8Array): Unwrapped {
  if (kek.length !== KEY_BYTES) throw new RangeError(`the kek must have ${KEY_BYTES} bytes`);
  if (wrapped.length !== WRAPPED_BYTES) return { ok: false, reason: 'wrong_length' };
  const decipher = createDecipheriv(WRAP, kek, INITIAL_VALUE);
  try {
    return { ok: true, key: Buffer.concat([decipher.update(wrapped), decipher.final()]) };
  } catch {
    return { ok: false, reason: 'wrong_kek_or_damaged' };
  }
}
