import { describe, expect, it } from 'vitest';
import { type ExchangeValues, exchangeBody, exchangeFaults, litresOf } from './exchange-values.ts';

const VALUES: ExchangeValues = {
  exchangedAt: '2026-11-20T10:30',
  finalIndexL: '1234.567',
  newSerial: '00123456',
  startIndexL: '0',
  newMeter: { size: '2.5', dialL: '10000000', verificationExpiresOn: '2036-11-30' },
};

describe('an entered register', () => {
  it.each([
    ['1234.567', 1_234_567],
    ['1234', 1_234_000],
    ['1234.5', 1_234_500],
    ['0', 0],
    ['0.001', 1],
    ['12,345.67', 12_345_670],
    ['１２３４．５', 1_234_500],
    [' 7. ', 7_000],
    ['', null],
    ['-1', undefined],
    ['1.2345', undefined],
    ['12a', undefined],
    ['1.2.3', undefined],
    ['1234567', undefined],
  ])('%j is %j litres', (text, litres) => {
    expect(litresOf(text)).toBe(litres);
  });
});

describe('the form of an exchange', () => {
  it('is sent with JST instants and litres', () => {
    expect(exchangeBody(VALUES, false)).toEqual({
      exchangedAt: '2026-11-20T10:30:00+09:00',
      finalIndexL: 1_234_567,
      newSerial: '00123456',
      startIndexL: 0,
    });
    expect(exchangeBody(VALUES, true).newMeter).toEqual({
      size: 2.5,
      dialL: 10_000_000,
      verificationExpiresOn: '2036-11-30',
    });
  });

  it('leaves out values that were not noted', () => {
    const blank = { ...VALUES, finalIndexL: '', startIndexL: ' ' };
    expect(Object.keys(exchangeBody(blank, false))).toEqual(['exchangedAt', 'newSerial']);
  });

  it('names the invalid fields, those of the new meter only when it is registered with the exchange', () => {
    expect(exchangeFaults(VALUES, true)).toEqual({});
    const wrong: ExchangeValues = {
      exchangedAt: '',
      finalIndexL: 'x',
      newSerial: 'A1',
      startIndexL: '-1',
      newMeter: { size: '', dialL: '', verificationExpiresOn: '' },
    };
    expect(exchangeFaults(wrong, false)).toEqual({
      exchangedAt: 'required',
      finalIndexL: 'noRegister',
      newSerial: 'noSerial',
      startIndexL: 'noRegister',
    });
    expect(exchangeFaults(wrong, true)).toHaveProperty(['newMeter.size'], 'noSize');
  });
});
