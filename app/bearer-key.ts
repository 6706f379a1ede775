/** The key in an `Authorization` header [RFC 6750, 2.1]. */
import { API_KEY } from '../lib/api-keys/api-key.ts';

const BEARER = /^bearer +(\S+)$/i;

/** The key; undefined for another scheme and for text that has not the form of a key, which needs no look-up. */
export function readBearerKey(authorization: string): string | undefined {
  const key = BEARER.exec(authorization)?.[1];
  return key !== undefined && API_KEY.test(key) ? key : undefined;
}
