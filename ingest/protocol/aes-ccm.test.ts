import { describe, expect, it } from 'vitest';
import { openCcm, sealCcm } from './aes-ccm.ts';
import { CCM_VECTORS, type CcmVector } from './testing-ccm-vectors.ts';

function inputOf(vector: CcmVector) {
  return {
    key: Buffer.from(vector.key, 'hex'),
    nonce: Buffer.from(vector.nonce, 'hex'),
    aad: Buffer.from(vector.aad, 'hex'),
    tagBytes: vector.tag.length / 2,
  };
}

describe('AES-CCM', () => {
  it.each(CCM_VECTORS)('seals as in $source', (vector) => {
    const sealed = sealCcm(inputOf(vector), Buffer.from(vector.plaintext, 'hex'));
    expect(sealed.toString('hex')).toBe(vector.ciphertext + vector.tag);
  });

  it.each(CCM_VECTORS)('opens as in $source', (vector) => {
    const sealed = Buffer.from(vector.ciphertext + vector.tag, 'hex');
    expect(openCcm(inputOf(vector), sealed)?.toString('hex')).toBe(vector.plaintext);
  });

  it.each(CCM_VECTORS)('does not open $source with one bit changed', (vector) => {
    const sealed = Buffer.from(vector.ciphertext + vector.tag, 'hex');
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Buffer.from(sealed);
      changed[bit >> 3]! ^= 0x80 >> (bit & 7);
      expect(openCcm(inputOf(vector), changed)).toBeUndefined();
    }
  });

  it('seals and opens an empty text, which only proves the header', () => {
    const input = { ...inputOf(CCM_VECTORS[0]!), key: Buffer.alloc(32, 7), tagBytes: 16 };
    const sealed = sealCcm(input, Buffer.alloc(0));
    expect(sealed).toHaveLength(16);
    expect(openCcm(input, sealed)).toHaveLength(0);
    expect(openCcm({ ...input, aad: Buffer.from('other') }, sealed)).toBeUndefined();
  });

  it('does not open what is shorter than a tag', () => {
    const input = { ...inputOf(CCM_VECTORS[0]!), tagBytes: 16 };
    expect(openCcm(input, Buffer.alloc(15))).toBeUndefined();
  });

  it('throws on a key that no AES has', () => {
    const input = { ...inputOf(CCM_VECTORS[0]!), key: Buffer.alloc(31) };
    expect(() => sealCcm(input, Buffer.alloc(1))).toThrow(RangeError);
  });
});
