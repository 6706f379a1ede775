import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBcd, encodeBcd, terminalBcd } from './bcd.ts';
import { digits } from './testing-messages.ts';

describe('packed digits', () => {
  it('stand on the right and are padded with F nibbles on the left', () => {
    expect(terminalBcd('00012345678').toString('hex')).toBe('fffff00012345678');
    expect(terminalBcd('12345678').toString('hex')).toBe('ffffffff12345678');
    expect(encodeBcd('123456789012', 6).toString('hex')).toBe('123456789012');
  });

  it('come back as they were, leading zeros included', () => {
    fc.assert(
      fc.property(digits(16), (text) => {
        expect(decodeBcd(terminalBcd(text), 0, 8)).toBe(text);
      }),
    );
  });

  it.each([
    ['only padding', 'ffffffffffff'],
    ['padding right of a digit', 'fffff1f23456'],
    ['padding at the end', 'ffff1234567f'],
    ['a nibble that is no digit', 'ffffff00a123'],
  ])('are refused with %s', (_, hex) => {
    expect(decodeBcd(Buffer.from(hex, 'hex'), 0, 6)).toBeUndefined();
  });

  it.each(['', '12345678901234567', '12a4', '１２', '-1'])('cannot be made of "%s"', (text) => {
    expect(() => terminalBcd(text)).toThrow(RangeError);
  });
});
