import { describe, expect, it } from 'vitest';
import {
  createTerminalSecret,
  hashTerminalSecret,
  matchesTerminalSecret,
} from './terminal-secret.ts';

describe('a terminal secret', () => {
  it('is 43 characters of base64url, new every time', () => {
    expect(createTerminalSecret()).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(createTerminalSecret()).not.toBe(createTerminalSecret());
  });

  it('is identified by the SHA-256 of its text', () => {
    // FIPS 180-4 example: SHA-256 of "abc".
    expect(hashTerminalSecret('abc').toString('hex')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  it('matches its own hash as text and as bytes, and no other', () => {
    const secret = createTerminalSecret();
    const hash = hashTerminalSecret(secret);
    expect(matchesTerminalSecret(secret, hash)).toBe(true);
    expect(matchesTerminalSecret(Buffer.from(secret), hash)).toBe(true);
    expect(matchesTerminalSecret(`${secret}=`, hash)).toBe(false);
    expect(matchesTerminalSecret(createTerminalSecret(), hash)).toBe(false);
    expect(matchesTerminalSecret(secret, hash.subarray(0, 31))).toBe(false);
  });
});
