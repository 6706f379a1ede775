/** The token of a session: the cookie carries it, the database keeps its SHA-256. */
import { createHash, randomBytes } from 'node:crypto';

const TOKEN_BYTES = 32;

/** A new token: 32 random bytes as base64url, 43 characters. */
export function newSessionToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

/** What `session.token_hash` keeps of a token: SHA-256 of its UTF-8 text. */
export function hashSessionToken(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest();
}
