/**
 * The device cookie (after OWASP's "Slow Down Online Guessing Attacks with Device Cookies"): tokens of the names with
 * which a browser has signed in, each signed together with its name. `token~signature.token~signature…`, newest first.
 * A valid signature decides the browser's waiting line; the database checks the token (known_device).
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const TOKEN_BYTES = 16;
/** A signature of 128 bits. */
const SIGNATURE_BYTES = 16;
/** Maximum number of names; a desk's computer may serve a few logins. */
const MAX_NAMES = 8;
const ENTRY = /^[\w-]{22}~[\w-]{22}$/;

/** A typed name in its canonical form, with the code of its utility. */
export interface TypedName {
  kind: 'staff' | 'consumer';
  utilityCode: string;
  name: string;
}

export interface DeviceCookie {
  /** Token of a browser that has signed in with the name; undefined for any other. */
  tokenOf(name: TypedName): string | undefined;
  /** New value of the cookie after signing in with the name. */
  withToken(name: TypedName, token: string): string;
}

export function newDeviceToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

/** Reads a browser's cookie, or starts an empty one; tokens not signed with `key` are ignored. */
export function readDeviceCookie(value: string | undefined, key: Buffer): DeviceCookie {
  const entries = (value ?? '')
    .split('.', MAX_NAMES)
    .filter((entry) => ENTRY.test(entry))
    .map((entry) => entry.split('~') as [token: string, signature: string]);
  const isOf = (name: TypedName, [token, signature]: [string, string]): boolean =>
    timingSafeEqual(sign(name, token, key), Buffer.from(signature, 'base64url'));
  return {
    tokenOf: (name) => entries.find((entry) => isOf(name, entry))?.[0],
    withToken: (name, token) => {
      const others = entries.filter((entry) => !isOf(name, entry)).slice(0, MAX_NAMES - 1);
      const signature = sign(name, token, key).toString('base64url');
      return [[token, signature], ...others].map((entry) => entry.join('~')).join('.');
    },
  };
}

function sign({ kind, utilityCode, name }: TypedName, token: string, key: Buffer): Buffer {
  const text = [kind, utilityCode, name, token].join('\n');
  return createHmac('sha256', key).update(text).digest().subarray(0, SIGNATURE_BYTES);
}
