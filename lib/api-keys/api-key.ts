/**
 * Text of an API key: a prefix that secret scanners recognise, and 256 random bits. The database stores its SHA-256.
 */
import { createHash, randomBytes } from 'node:crypto';

const KEY_BYTES = 32;
const PREFIX = 'kenshin_';

/** Form of a key. */
export const API_KEY = /^kenshin_[A-Za-z0-9_-]{43}$/;

/** Maximum lifetime of a key, days. */
export const MAX_KEY_DAYS = 730;

/** A new key: the prefix and 32 random bytes as base64url, 51 characters. */
export function newApiKey(): string {
  return `${PREFIX}${randomBytes(KEY_BYTES).toString('base64url')}`;
}

/** Value of `api_key.key_hash`: SHA-256 of the key's UTF-8 text. A key has too many bits to be guessed from it. */
export function hashApiKey(key: string): Buffer {
  return createHash('sha256').update(key, 'utf8').digest();
}
