import { describe, expect, it } from 'vitest';
import { descriptorLimitOf, descriptorWarning } from './descriptor-limit.ts';

const limits = (soft: string) =>
  `Limit                     Soft Limit           Hard Limit           Units     \n` +
  `Max processes             95000                95000                processes \n` +
  `Max open files            ${soft.padEnd(21)}524288               files     \n`;

describe('the limit of open files', () => {
  it.each([
    ['a number', limits('1024'), 1024],
    ['unlimited', limits('unlimited'), undefined],
    ['not told', '', undefined],
  ])('is read: %s', (_, text, limit) => {
    expect(descriptorLimitOf(text)).toBe(limit);
  });

  it('below the sockets that may be open is a warning at the start', () => {
    expect(descriptorWarning(24_099, 24_000)).toContain('may open 24099 files and needs 24100');
    expect(descriptorWarning(24_100, 24_000)).toBeUndefined();
    expect(descriptorWarning(undefined, 24_000)).toBeUndefined();
  });
});
