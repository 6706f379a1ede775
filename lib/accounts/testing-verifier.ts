import { createHash } from 'node:crypto';
import { deriveKey, type Verifier } from './password.ts';

/** True when a stored verifier is that of the password, for tests that look behind finish_sign_in. */
export async function isVerifierOf(password: string, stored: Verifier): Promise<boolean> {
  const hash = createHash('sha256').update(await deriveKey(password, stored));
  return hash.digest().equals(stored.verifier);
}
