import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createVerifier, deriveKey, type Verifier } from './password.ts';

const CHEAP = { scrypt_n: 16, scrypt_r: 1, scrypt_p: 1 };

/** Compares as finish_sign_in does. */
async function isPassword(typed: string, verifier: Verifier): Promise<boolean> {
  const key = await deriveKey(typed, verifier);
  return createHash('sha256').update(key).digest().equals(verifier.verifier);
}

describe('passwords', () => {
  it('are recognised by their verifier, and others are not', async () => {
    const verifier = await createVerifier('正しい馬 battery staple', CHEAP);
    expect(await isPassword('正しい馬 battery staple', verifier)).toBe(true);
    expect(await isPassword('正しい馬 battery stapler', verifier)).toBe(false);
  });

  it('are the same in full and half width, as input methods give either', async () => {
    const verifier = await createVerifier('kenshin-demo', CHEAP);
    expect(await isPassword('ｋｅｎｓｈｉｎ－ｄｅｍｏ', verifier)).toBe(true);
  });

  it('have a new salt each time and their own cost, and the key is not stored', async () => {
    const [one, other] = await Promise.all([createVerifier('secret'), createVerifier('secret')]);
    expect(one.salt).not.toEqual(other.salt);
    expect(one).toMatchObject({ scrypt_n: 32768, scrypt_r: 8, scrypt_p: 3 });
    expect(await deriveKey('secret', one)).not.toEqual(one.verifier);
  });
});
