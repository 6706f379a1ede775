import { describe, expect, it } from 'vitest';
import { typedLitres } from './decision.ts';

describe('a register typed in m³', () => {
  it.each([
    ['1234.567', 1_234_567],
    ['1234.5', 1_234_500],
    ['1,234', 1_234_000],
    ['１２３４．５６７', 1_234_567],
    ['0', 0],
  ])('%s is %i litres', (text, litres) => {
    expect(typedLitres(text)).toBe(litres);
  });

  it.each(['', 'x', '1.2345', '-1', '1.', '12345678'])('is none in %j', (text) => {
    expect(typedLitres(text)).toBeUndefined();
  });
});
