import { expect, test } from 'vitest';
import { type Arrival, arrivalWord } from './arrival.ts';

test.each<[Arrival, string]>([
  [1, 'onTime'],
  [2, 'late'],
  [3, 'backFill'],
  [4, 'requested'],
])('the code %s of the database reads %s', (code, word) => {
  expect(arrivalWord(code)).toBe(word);
});

test.each([0, 5])('%s is no arrival', (code) => {
  // A code of a later version of the database.
  expect(() => arrivalWord(code as Arrival)).toThrow(RangeError);
});
