import { expect, test } from 'vitest';
import { labelRoom, slotAt } from './chart-size.ts';

/**
 * A drawing 256 px wide that begins at 100: 44 for the axis, 12 for the right margin, 200 for the slots. Only the
 * element's rectangle is used.
 */
const drawing = {
  getBoundingClientRect: () => ({ left: 100, width: 256 }),
} as unknown as Element;
const slots = ['a', 'b', 'c', 'd'];

test.each([
  { title: 'the first slot begins beside the axis', clientX: 144, slot: 'a' },
  { title: 'a slot reaches up to the next', clientX: 193.9, slot: 'a' },
  { title: 'the next slot', clientX: 194, slot: 'b' },
  { title: 'the last slot', clientX: 343, slot: 'd' },
  { title: 'the axis is no slot', clientX: 143, slot: undefined },
  { title: 'the margin is no slot', clientX: 345, slot: undefined },
])('a tap: $title', ({ clientX, slot }) => {
  expect(slotAt({ clientX, currentTarget: drawing }, slots)).toBe(slot);
});

test('labels have room for the widest of them', () => {
  expect(labelRoom(['1', '11/22'])).toBe(46);
  expect(labelRoom(['0〜1時', '20〜21時'])).toBe(4 * 7 + 2 * 12 + 8);
});
