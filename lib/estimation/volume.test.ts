import { describe, expect, test } from 'vitest';
import { cutTo, formatDecimal, multiply, parseDecimal } from './decimal.ts';
import { correctionOf } from './tolerance-correction.ts';
import { convertedM3, pressureFactor } from './volume-factor.ts';

describe('decimals', () => {
  test.each(['0', '44', '-3', '0.1', '-0.05', '1.019700', '123456789012345678.9'])(
    '%s stays as it is written',
    (text) => {
      expect(formatDecimal(parseDecimal(text))).toBe(text);
    },
  );

  test.each(['', '1.', '.5', '1e3', '+1', ' 1', '１'])('%j is refused', (text) => {
    expect(() => parseDecimal(text)).toThrow(RangeError);
  });

  test('are cut towards zero and multiplied exactly', () => {
    expect(formatDecimal(cutTo(parseDecimal('-1.29'), 1))).toBe('-1.2');
    expect(formatDecimal(cutTo(parseDecimal('1.2'), 3))).toBe('1.200');
    expect(formatDecimal(multiply(parseDecimal('0.1'), parseDecimal('0.3')))).toBe('0.03');
  });
});

describe('the volume factor', () => {
  test.each([
    ['44', '1.0197', '44'],
    ['1000', '1.0197', '1019'],
    ['12.3', '1.0197', '12.5'],
    // A product that floating point makes 113.99999999999999.
    ['100', '1.14', '114'],
  ])('%s m³ × %s is billed as %s', (m3, factor, billed) => {
    expect(convertedM3(m3, factor)).toBe(billed);
  });

  test.each([
    ['0.981', '1.0000'],
    ['2.5', '1.0148'],
    ['98', '1.9483'],
  ])('of a delivery at %s kPa is %s', (kpa, factor) => {
    expect(pressureFactor(kpa)).toBe(factor);
  });
});

describe('the correction of a meter outside tolerance', () => {
  test.each([
    ['fast', '120', '4.5', '114', '-6', -6000],
    ['slow', '120', '4.5', '125', '5', 5000],
    ['fast', '7.4', '10', '6.6', '-0.8', -800],
    ['slow', '100', '14', '114', '14', 14_000],
  ] as const)(
    '%s by %s m³ of %s %%',
    (direction, billedM3, percent, ...[correctedM3, differenceM3, differenceL]) => {
      expect(correctionOf({ billedM3, percent, direction })).toEqual({
        ...{ correctedM3, differenceM3, differenceL },
      });
    },
  );
});
