import { expect, test } from 'vitest';
import { changedHours } from './meter-revision.ts';

const NONE = Array.from({ length: 24 }, () => null);

test('only the hours that differ are listed, with old and new values', () => {
  const before = {
    indexL: [100, null, 120, ...NONE.slice(3)],
    pressurePa: [2000, 2000, ...NONE.slice(2)],
  };
  const after = {
    indexL: [100, 110, 125, ...NONE.slice(3)],
    pressurePa: [2000, 2010, ...NONE.slice(2)],
  };
  expect(changedHours(before, after)).toEqual([
    {
      hourEnding: 2,
      indexL: { before: null, after: 110 },
      indexFaultL: null,
      pressurePa: { before: 2000, after: 2010 },
    },
    { hourEnding: 3, indexL: { before: 120, after: 125 }, indexFaultL: null, pressurePa: null },
  ]);
});

test('two equal versions have no changed hour', () => {
  const same = { indexL: NONE, pressurePa: NONE };
  expect(changedHours(same, same)).toEqual([]);
});

test('a value that corrects an hour beyond the dial is listed with the received value', () => {
  const before = { indexL: NONE, pressurePa: NONE };
  const after = { indexL: [100, 110, ...NONE.slice(2)], pressurePa: NONE };
  const faults = [{ hourEnding: 2, indexL: 16_777_215 }];
  expect(changedHours(before, after, faults).map(({ indexFaultL }) => indexFaultL)).toEqual([
    null,
    16_777_215,
  ]);
});
