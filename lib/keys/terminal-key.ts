// Terminal keys: 32 random bytes that encrypt nothing themselves. Each purpose has its own key, derived with
// HKDF-SHA256 (RFC 5869) and bound to the terminal's number [TERM-5.2].
import { hkdfSync, randomBytes } from 'node:crypto';

const KEY_BYTES = 32;
const TERMINAL_BCD_BYTES = 8;
const SALT = Buffer.from('kenshin-terminal-1', 'ascii');

/** Purpose of a derived key: encrypting uplinks, encrypting downlinks, authorising valve commands. */
export type KeyPurpose = 'uplink' | 'downlink' | 'valve';

/** A new terminal key. */
export function createTerminalKey(): Buffer {
  return randomBytes(KEY_BYTES);
}

/**
 * HKDF with SHA-256 as RFC 5869 defines it.
 * @internal
 */
export function hkdfSha256(
  ikm: Uint8Array,
  salt: Uint8Array,
  info: Uint8Array,
  lengthBytes: number,
): Buffer {
  return Buffer.from(hkdfSync('sha256', ikm, salt, info, lengthBytes));
}

/**
 * The 32-byte key for one purpose of one terminal. `terminalBcd` is the terminal number packed into eight bytes, as in
 * the frame nonce. Throws a RangeError for inputs of another length.
 */
export function deriveTerminalKey(
  terminalKey: Uint8Array,
  purpose: KeyPurpose,
  terminalBcd: Uint8Array,
): Buffer {
  if (terminalKey.length !== KEY_BYTES) {
    throw new RangeError(`a terminal key has ${KEY_BYTES} bytes, not ${terminalKey.length}`);
  }
  if (terminalBcd.length !== TERMINAL_BCD_BYTES) {
    throw new RangeError(`a packed terminal number has 8 bytes, not ${terminalBcd.length}`);
  }
  const info = Buffer.concat([Buffer.from(purpose, 'ascii'), terminalBcd]);
  return hkdfSha256(terminalKey, SALT, info, KEY_BYTES);
}
