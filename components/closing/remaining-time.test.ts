import { expect, test } from 'vitest';
import { remainingTime } from './remaining-time.ts';

test.each([
  ['2026-11-27T00:15:00+09:00', { unit: 'hours', hours: 16 }],
  ['2026-11-26T09:21:00+09:00', { unit: 'hours', hours: 1 }],
  ['2026-11-26T09:20:01+09:00', { unit: 'hours', hours: 1 }],
  ['2026-11-26T09:20:00+09:00', { unit: 'minutes', minutes: 59 }],
  ['2026-11-26T08:22:01+09:00', { unit: 'minutes', minutes: 2 }],
  ['2026-11-26T08:22:00+09:00', { unit: 'soon' }],
  ['2026-11-26T08:00:00+09:00', { unit: 'soon' }],
  ['2026-11-27T08:21:00+09:00', { unit: 'days', days: 1, hours: 0 }],
  ['2026-11-27T10:00:00+09:00', { unit: 'days', days: 1, hours: 2 }],
])('from 8:21 until %s', (until, remaining) => {
  expect(remainingTime('2026-11-26T08:21:00+09:00', until)).toEqual(remaining);
});
