import { describe, expect, it } from 'vitest';
import { DomainError } from '../errors.ts';
import { cmacOfBlock, keyCheckValue, parseKek } from './kek.ts';

const bytes = Buffer.from(Array.from({ length: 32 }, (_, i) => 0xe0 + i));

describe('AES-CMAC of a block', () => {
  // NIST SP 800-38B, examples with a 16-byte message.
  it.each([
    ['AES-128', '2b7e151628aed2a6abf7158809cf4f3c', '070a16b46b4d4144f79bdd9dd04a287c'],
    [
      'AES-256',
      '603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4',
      '28a7023f452e8f82bd4bf28d8c37c35c',
    ],
  ])('is as published for %s', (_, key, mac) => {
    const block = Buffer.from('6bc1bee22e409f96e93d7e117393172a', 'hex');
    expect(cmacOfBlock(Buffer.from(key, 'hex'), block).toString('hex')).toBe(mac);
  });
});

describe('a key check value', () => {
  it('is ten hex digits that differ from key to key', () => {
    const counting = Buffer.from(Array.from({ length: 32 }, (_, i) => i));
    expect(keyCheckValue(counting)).toBe('377822c093');
    expect(keyCheckValue(bytes)).not.toBe('377822c093');
  });
});

describe('the text of a key-encryption key', () => {
  it.each([
    ['hex', bytes.toString('hex')],
    ['upper-case hex', bytes.toString('hex').toUpperCase()],
    ['base64', bytes.toString('base64')],
    ['base64url', bytes.toString('base64url')],
    ['hex with a line end', `${bytes.toString('hex')}\r\n`],
  ])('may be %s', (_, text) => {
    expect(parseKek(text, 'demo.key')).toEqual({ id: keyCheckValue(bytes), key: bytes });
  });

  it.each([
    ['nothing', ''],
    ['16 bytes', bytes.toString('hex').slice(0, 32)],
    ['33 bytes', `${bytes.toString('hex')}00`],
    ['two lines', `${bytes.toString('hex')}\n${bytes.toString('hex')}`],
    ['a sentence', 'the quick brown fox jumps over the lazy dog'],
  ])('is refused when it is %s, without being quoted', (_, text) => {
    const refused = () => parseKek(text, 'demo.key');
    expect(refused).toThrow(DomainError);
    expect(refused).toThrow(/^demo\.key does not hold a key: write 32 random bytes/);
    if (text !== '') expect(refused).not.toThrow(text);
  });
});
