import { expect, test } from 'vitest';
import { UsageSum } from './usage-total.ts';

function totalOf(usages: (string | null)[]) {
  const sum = new UsageSum();
  for (const usageM3 of usages) sum.add({ usageM3 });
  return sum.total();
}

test('whole usages add up to a whole number', () => {
  expect(totalOf(['44', '0', '1006'])).toEqual({ usageM3: '1050', withoutUsage: 0 });
});

test('tenths are added exactly and shown once one usage has them', () => {
  expect(totalOf(['0.1', '0.2', '11.7', '44'])).toEqual({ usageM3: '56.0', withoutUsage: 0 });
});

test('rows without a usage are counted beside the sum', () => {
  expect(totalOf([null, '3', null])).toEqual({ usageM3: '3', withoutUsage: 2 });
});

test('no rows add up to zero', () => {
  expect(totalOf([])).toEqual({ usageM3: '0', withoutUsage: 0 });
});
