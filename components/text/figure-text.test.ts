import { expect, test } from 'vitest';
import { cubicMetresShown, grouped } from './figure-text.ts';

test.each([
  ['9999', '9999'],
  ['9999.999', '9999.999'],
  ['10000', '10,000'],
  ['16777.215', '16,777.215'],
  ['-1234567.5', '-1,234,567.5'],
  ['−12345', '−12,345'],
  ['', ''],
])('%s has separators beyond four digits: %s', (figure, shown) => {
  expect(grouped(figure)).toBe(shown);
});

test('litres are shown in m³, half up, from the litres and not from a binary fraction', () => {
  expect(cubicMetresShown(12_449)).toBe('12.4');
  expect(cubicMetresShown(1_525, 2)).toBe('1.53');
  expect(cubicMetresShown(100_000_480, 3)).toBe('100,000.480');
});
