import { expect, test } from 'vitest';
import { linkOf } from './terminal-link.ts';

test('the codes of terminal_state are read as words, and others refused', () => {
  expect([0, 1].map(linkOf)).toEqual(['wan', 'fan']);
  expect(() => linkOf(2)).toThrow(RangeError);
});
