import { describe, expect, it } from 'vitest';
import {
  createTerminalKey,
  deriveTerminalKey,
  hkdfSha256,
  type KeyPurpose,
} from './terminal-key.ts';

const hex = (text: string) => Buffer.from(text, 'hex');

/** `length` bytes counting up from `first`. */
function counting(first: number, length: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, i) => first + i));
}

describe('HKDF-SHA256', () => {
  it.each([
    {
      source: 'RFC 5869 A.1',
      ikm: Buffer.alloc(22, 0x0b),
      salt: counting(0x00, 13),
      info: counting(0xf0, 10),
      okm:
        '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf' + '34007208d5b887185865',
    },
    {
      source: 'RFC 5869 A.2',
      ikm: counting(0x00, 80),
      salt: counting(0x60, 80),
      info: counting(0xb0, 80),
      okm:
        'b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c' +
        '59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71' +
        'cc30c58179ec3e87c14c01d5c1f3434f1d87',
    },
    {
      source: 'RFC 5869 A.3',
      ikm: Buffer.alloc(22, 0x0b),
      salt: Buffer.alloc(0),
      info: Buffer.alloc(0),
      okm:
        '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d' + '9d201395faa4b61a96c8',
    },
  ])('derives as in $source', ({ ikm, salt, info, okm }) => {
    expect(hkdfSha256(ikm, salt, info, okm.length / 2).toString('hex')).toBe(okm);
  });
});

describe('a terminal key', () => {
  const terminalKey = counting(0x40, 32);
  const number = hex('fffff00012345678');

  it('gives each purpose and each terminal a key of its own', () => {
    const purposes: KeyPurpose[] = ['uplink', 'downlink', 'valve'];
    const keys = [number, hex('ffffff0012345678')].flatMap((bcd) =>
      purposes.map((purpose) => deriveTerminalKey(terminalKey, purpose, bcd).toString('hex')),
    );
    expect(new Set(keys).size).toBe(6);
    expect(keys).not.toContain(terminalKey.toString('hex'));
  });

  it('derives by the salt and info that the specification names', () => {
    const info = Buffer.concat([Buffer.from('valve'), number]);
    const expected = hkdfSha256(terminalKey, Buffer.from('kenshin-terminal-1'), info, 32);
    expect(deriveTerminalKey(terminalKey, 'valve', number)).toEqual(expected);
  });

  it('is 32 random bytes', () => {
    expect(createTerminalKey()).toHaveLength(32);
    expect(createTerminalKey()).not.toEqual(createTerminalKey());
  });

  it('of another length is a RangeError', () => {
    expect(() => deriveTerminalKey(Buffer.alloc(16), 'uplink', number)).toThrow(RangeError);
    expect(() => deriveTerminalKey(terminalKey, 'uplink', hex('12345678'))).toThrow(RangeError);
  });
});
