import { expect, test } from 'vitest';
import { readingClock } from './reading-clock.ts';

test.each([
  { readAt: '2026-11-19T00:00:00+09:00', day: '2026-11-18', clock: '24:00' },
  { readAt: '2026-01-01T00:00:00+09:00', day: '2025-12-31', clock: '24:00' },
  { readAt: '2026-11-19T01:00:00+09:00', day: '2026-11-19', clock: '01:00' },
  { readAt: '2026-11-18T23:59:59+09:00', day: '2026-11-18', clock: '23:59' },
  { readAt: '2026-11-19T00:00:30+09:00', day: '2026-11-19', clock: '00:00' },
])('$readAt is $day $clock in office notation', ({ readAt, day, clock }) => {
  expect(readingClock(readAt)).toEqual({ day, clock });
});
