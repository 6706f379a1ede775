import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hourBit, hourlyValues, lastHour, packHourly } from './hourly-values.ts';
import { hourly } from './testing-messages.ts';

const none = Array<null>(24).fill(null);

describe('hourly values', () => {
  it('keep hour 1 in the highest of 24 bits and hour 24 in the lowest', () => {
    expect(hourBit(1)).toBe(0x800000);
    expect(hourBit(24)).toBe(1);
  });

  it('come back with their gaps', () => {
    fc.assert(
      fc.property(hourly(0, 0x7fffffff), (values) => {
        const packed = new Int32Array(24).fill(-1);
        expect(hourlyValues(packed, packHourly('index', values, packed))).toEqual(values);
      }),
    );
  });

  it('have a last hour, 0 where there is none', () => {
    expect([0, 0x800000, 0xc00001, 0x000002].map(lastHour)).toEqual([0, 1, 24, 23]);
  });

  it('tell a zero from a gap', () => {
    const packed = new Int16Array(24);
    expect(packHourly('pressure', [0, ...none.slice(1)], packed)).toBe(0x800000);
    expect(packHourly('pressure', none, packed)).toBe(0);
  });

  it.each([
    ['23 of them', none.slice(1)],
    ['a fraction', [1.5, ...none.slice(1)]],
    ['one that needs more than 16 bits', [32768, ...none.slice(1)]],
    ['one that is no number', [Number.NaN, ...none.slice(1)]],
  ])('cannot be packed with %s', (_, values) => {
    expect(() => packHourly('pressure', values, new Int16Array(24))).toThrow(RangeError);
  });
});
