import { expect, test } from 'vitest';
import { axisScale, labelledKeys } from './axis-scale.ts';

test.each([
  { name: 'amounts begin at zero', values: [3.2, 12.4], fromZero: true, ticks: [0, 5, 10, 15] },
  {
    name: 'pressures hug their values',
    values: [1.82, 2.31],
    fromZero: false,
    ticks: [1.8, 2, 2.2, 2.4],
  },
  {
    name: 'a gap does not pull the axis to zero',
    values: [null, 2, 3],
    fromZero: false,
    ticks: [2, 2.5, 3],
  },
  { name: 'no value at all', values: [null], fromZero: true, ticks: [0, 1] },
  { name: 'only zeros', values: [0, 0], fromZero: true, ticks: [0, 1] },
])('$name', ({ values, fromZero, ticks }) => {
  expect(axisScale({ values, fromZero }).ticks).toEqual(ticks);
});

test('a single pressure gets an axis with a range', () => {
  const scale = axisScale({ values: [2], fromZero: false });
  expect(scale.min).toBeLessThanOrEqual(2);
  expect(scale.max).toBeGreaterThan(scale.min);
});

test('tick labels have the decimals that their interval needs', () => {
  expect(axisScale({ values: [0, 0.09], fromZero: true })).toMatchObject({
    decimals: 2,
    ticks: [0, 0.05, 0.1],
  });
});

test('labels are thinned out evenly until they fit the width', () => {
  const slots = Array.from({ length: 30 }, (_, at) => ({ key: `k${at}`, label: String(at + 1) }));
  expect(labelledKeys(slots, 300, 30)).toEqual(
    slots.filter((_, at) => at % 3 === 0).map((s) => s.key),
  );
});

test('slots without a label get none on the axis', () => {
  const slots = [
    { key: 'a', label: '' },
    { key: 'b', label: '11月' },
  ];
  expect(labelledKeys(slots, 10, 40)).toEqual(['b']);
});
