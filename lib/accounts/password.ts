/**
 * Passwords and registration codes at rest: scrypt, as `scrypt$N$r$p$salt$hash` (base64url), so that the cost can be
 * raised later without touching old rows. Cost after OWASP's Password Storage Cheat Sheet (N=2^15, r=8, p=3: 32 MiB).
 */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

const COST = { N: 2 ** 15, r: 8, p: 3 } as const;
const MAX_MEMORY_BYTES = 128 * 1024 * 1024;
const SALT_BYTES = 16;
const HASH_BYTES = 32;

interface ScryptCost {
  N: number;
  r: number;
  p: number;
}

/** Hashes a password or code. */
export async function hashPassword(password: string, cost: ScryptCost = COST): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, salt, cost);
  const { N, r, p } = cost;
  return ['scrypt', N, r, p, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

/**
 * True when the password is the hashed one. Without a hash (nobody of that name) it works as long and says false, so
 * that the time of an answer does not tell who exists.
 * @throws Error when the hash is not one of ours.
 */
export async function isPassword(password: string, hash: string | undefined): Promise<boolean> {
  if (hash === undefined) {
    await derive(password, Buffer.alloc(SALT_BYTES), COST);
    return false;
  }
  const [scheme, N, r, p, salt, expected] = hash.split('$');
  if (scheme !== 'scrypt' || !salt || !expected) throw new Error('not a password hash of ours');
  const cost = { N: Number(N), r: Number(r), p: Number(p) };
  const actual = await derive(password, Buffer.from(salt, 'base64url'), cost);
  return timingSafeEqual(actual, Buffer.from(expected, 'base64url'));
}

function derive(password: string, salt: Buffer, cost: ScryptCost): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = { ...cost, maxmem: MAX_MEMORY_BYTES };
    scrypt(password.normalize('NFKC'), salt, HASH_BYTES, options, (error, hash) => {
      if (error) reject(error);
      else resolve(hash);
    });
  });
}
