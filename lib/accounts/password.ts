/**
 * Stored passwords and registration codes: a verifier, SHA-256 of the key that scrypt derives, with salt and cost, so
 * that a reader of the row cannot sign in with it (see finish_sign_in). Cost after OWASP's Password Storage Cheat Sheet
 * (N=2^15, r=8, p=3: 32 MiB); each row has its own, so that it can be raised later.
 */
import { createHash, randomBytes, scrypt } from 'node:crypto';

const COST = { scrypt_n: 2 ** 15, scrypt_r: 8, scrypt_p: 3 } as const;
const MAX_MEMORY_BYTES = 128 * 1024 * 1024;
const SALT_BYTES = 16;
const KEY_BYTES = 32;

export interface ScryptCost {
  scrypt_n: number;
  scrypt_r: number;
  scrypt_p: number;
}

/** Parameters for deriving a key from a typed password, named like the columns. */
export interface KeyDerivation extends ScryptCost {
  salt: Buffer;
}

/** Stored form of a password or code. */
export interface Verifier extends KeyDerivation {
  verifier: Buffer;
}

/** Creates a verifier with a new salt. */
export async function createVerifier(password: string, cost: ScryptCost = COST): Promise<Verifier> {
  const derivation = { salt: randomBytes(SALT_BYTES), ...cost };
  const key = await deriveKey(password, derivation);
  return { ...derivation, verifier: createHash('sha256').update(key).digest() };
}

/** The 32 bytes that scrypt derives. @throws Error when the cost is beyond 128 MiB of memory. */
export function deriveKey(password: string, derivation: KeyDerivation): Promise<Buffer> {
  const { salt, scrypt_n: N, scrypt_r: r, scrypt_p: p } = derivation;
  return new Promise((resolve, reject) => {
    const options = { N, r, p, maxmem: MAX_MEMORY_BYTES };
    scrypt(password.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
}
