/** Registration codes (登録コード): twelve letters and digits that cannot be mistaken for each other, printed in three groups. */
import { randomInt } from 'node:crypto';

/** Crockford's base 32 without the letters that look like digits or like each other: 60 bits in twelve characters. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 12;

/** A new code as it is printed: `K7QM-2XVD-90TN`. */
export function newRegistrationCode(): string {
  const letters = Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]);
  return letters.join('').replace(/(.{4})(?=.)/g, '$1-');
}

/**
 * The code as it is hashed: however people type it (full width, small letters, spaces, O for 0, I or L for 1).
 * Never fails; a wrong code simply matches nothing.
 */
export function normalizeRegistrationCode(typed: string): string {
  return typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\-‐-―−ー]/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
}
