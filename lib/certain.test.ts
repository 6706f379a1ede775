import { describe, expect, it } from 'vitest';
import { certain, elementAt } from './certain.ts';

describe('a value that is certain', () => {
  it.each([0, '', false])('is returned, also %j', (value) => {
    expect(certain(value, 'the value')).toBe(value);
  });

  it.each([undefined, null])('cannot be %s: the error names what is missing', (value) => {
    expect(() => certain(value, 'the row')).toThrow('the row is missing');
  });
});

describe('an element of a list', () => {
  it('is counted from the beginning or from the end', () => {
    expect([0, 1, -1].map((at) => elementAt(['a', 'b', 'c'], at))).toEqual(['a', 'b', 'c']);
  });

  it.each([3, -4])('beyond the list is a RangeError, place %i', (at) => {
    expect(() => elementAt(['a', 'b', 'c'], at)).toThrow(
      new RangeError(`a list of 3 has no place ${at}`),
    );
  });
});
