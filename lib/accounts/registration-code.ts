/** Registration codes (登録コード): twelve unmistakable letters and digits, printed in three groups. */
import { randomInt } from 'node:crypto';

/** Crockford's base 32, without letters that look like digits or each other: 60 bits in twelve characters. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 12;

/** A new code in its printed form: `K7QM-2XVD-90TN`. */
export function newRegistrationCode(): string {
  const letters = Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]);
  return letters.join('').replace(/(.{4})(?=.)/g, '$1-');
}

/**
 * The code in the form that is hashed, from any typed form (full width, small letters, spaces, O for 0, I or L for 1).
 * Never fails: a wrong code matches nothing.
 */
export function normalizeRegistrationCode(typed: string): string {
  return typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\-‐-―−ー]/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
}
