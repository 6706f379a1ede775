// Secret with which a terminal signs in to the broker [TERM-3.2]: 32 random bytes as base64url text. Because it is
// random, no slow hash is needed: the database stores the SHA-256 of the text.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A new secret, 43 characters of base64url. */
export function createTerminalSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** SHA-256 of a presented secret (its bytes, or its text), 32 bytes. */
export function hashTerminalSecret(secret: string | Uint8Array): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Compares a presented secret with the stored hash in constant time. */
export function matchesTerminalSecret(secret: string | Uint8Array, storedHash: Buffer): boolean {
  const hash = hashTerminalSecret(secret);
  return hash.length === storedHash.length && timingSafeEqual(hash, storedHash);
}
