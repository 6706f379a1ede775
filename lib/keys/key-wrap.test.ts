import { describe, expect, it } from 'vitest';
import { unwrapKey, wrapKey } from './key-wrap.ts';

// RFC 3394 section 4.6: 256 bits of key data under a 256-bit key-encryption key.
const kek = Buffer.from('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f', 'hex');
const key = Buffer.from('00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f', 'hex');
const wrapped = Buffer.from(
  '28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21',
  'hex',
);

describe('key wrap', () => {
  it('wraps and unwraps as in RFC 3394 section 4.6', () => {
    expect(wrapKey(kek, key)).toEqual(wrapped);
    expect(unwrapKey(kek, wrapped)).toEqual({ ok: true, key });
  });

  it('detects a wrong key-encryption key', () => {
    const other = Buffer.from(kek).fill(1, 31);
    expect(unwrapKey(other, wrapped)).toEqual({ ok: false, reason: 'wrong_kek_or_damaged' });
  });

  it('detects any changed bit of the stored bytes', () => {
    for (let bit = 0; bit < wrapped.length * 8; bit += 1) {
      const changed = Buffer.from(wrapped);
      changed[bit >> 3]! ^= 0x80 >> (bit & 7);
      expect(unwrapKey(kek, changed)).toEqual({ ok: false, reason: 'wrong_kek_or_damaged' });
    }
  });

  it.each([0, 32, 39, 41, 48])('detects a stored length of %i bytes', (length) => {
    expect(unwrapKey(kek, Buffer.alloc(length))).toEqual({ ok: false, reason: 'wrong_length' });
  });

  it('throws on keys of another length', () => {
    expect(() => wrapKey(kek, Buffer.alloc(16))).toThrow(RangeError);
    expect(() => wrapKey(Buffer.alloc(16), key)).toThrow(RangeError);
    expect(() => unwrapKey(Buffer.alloc(16), wrapped)).toThrow(RangeError);
  });
});
