import { describe, expect, test } from 'vitest';
import { numberSearch } from './number-search.ts';

const ROW = {
  customerNumber: '001010',
  supplyPointNumber: 'S-0042',
  terminalNumber: '0055000001',
  meterSerial: 'AB-12-345',
};

describe('a search by number', () => {
  test.each([
    ['the customer number', '001010'],
    ['a part of it', '101'],
    ['it without leading zeros', '1010'],
    ['it with more leading zeros', '0000001010'],
    ['full-width digits', '１０１０'],
    ['the supply point without its hyphen', 's0042'],
    ['the terminal', '55000001'],
    ['the meter serial without hyphens', 'ab12345'],
    ['the meter serial with other hyphens', 'ＡＢ－１２－３４５'],
    ['the meter serial with the long-vowel mark for hyphens', 'ABー12ー345'],
    ['spaces around and within', ' 0010 10 '],
    ['nothing but spaces', '  '],
  ])('finds a row by %s', (_, text) => {
    expect(numberSearch(text)(ROW)).toBe(true);
  });

  test.each([
    ['another number', '001011'],
    ['zeros and digits from the middle of a number', '00010 1 1'],
    ['the area', '港町'],
  ])('finds no row by %s', (_, text) => {
    expect(numberSearch(text)(ROW)).toBe(false);
  });

  test('compares the beginning only when zeros are added, so that it does not find every number', () => {
    expect(numberSearch('00042')({ ...ROW, customerNumber: '9420' })).toBe(false);
    expect(numberSearch('00042')({ ...ROW, customerNumber: '0420' })).toBe(true);
  });

  test('does not take a missing terminal or meter for a match', () => {
    const bare = { ...ROW, terminalNumber: null, meterSerial: null };
    expect(numberSearch('55000001')(bare)).toBe(false);
  });
});
