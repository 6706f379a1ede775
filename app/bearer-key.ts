/** The key in an `Authorization` header [RFC 6750, 2.1]. */
import { API_KEY } from '../lib/api-keys/api-key.ts';

const BEARER = /^bearer +(\S+)$/i;

/** The key, or nothing for another scheme and for what no key can be: that is not looked up. */
export function readBearerKey(authorization: string): string | undefined {
  const key = BEARER.exec(authorization)?.[1];
  return key !== undefined && API_KEY.test(key) ? key : undefined;
}
