// The secret with which a terminal signs in to the broker [TERM-3.2]: 32 random bytes as base64url
// text. So much randomness needs no slow hash: SHA-256 of the text is what the database keeps.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A new secret, 43 characters of base64url. */
export function createTerminalSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** SHA-256 of a secret as it was presented (its bytes, or its text), 32 bytes. */
export function hashTerminalSecret(secret: string | Uint8Array): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Whether a presented secret is the one whose hash is stored; takes the same time either way. */
export function matchesTerminalSecret(secret: string | Uint8Array, storedHash: Buffer): boolean {
  const hash = hashTerminalSecret(secret);
  return hash.length === storedHash.length && timingSafeEqual(hash, storedHash);
}
