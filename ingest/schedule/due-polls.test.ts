import { describe, expect, it } from 'vitest';
import type { OpenRequest } from '../../lib/polling/polling-queries.ts';
import { addDays } from '../../lib/time.ts';
import { duePolls, POLL_POLICY } from './due-polls.ts';

const now = new Date('2026-04-10T12:00:00Z');
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000);

function wanted(day: string, change: Partial<OpenRequest> = {}): OpenRequest {
  return { meterId: 1, day, reason: 'absent', askedCount: 0, lastAskedAt: null, ...change };
}

describe('the days to request', () => {
  it('are those never requested, adjacent ones as one range', () => {
    const days = ['2026-02-27', '2026-02-28', '2026-03-01', '2026-03-03'];
    expect(
      duePolls(
        days.map((day) => wanted(day)),
        now,
        POLL_POLICY,
      ).ranges,
    ).toEqual([
      { from: '2026-02-27', to: '2026-03-01' },
      { from: '2026-03-03', to: '2026-03-03' },
    ]);
  });

  it('are requested once when two meters lack the same day', () => {
    const due = duePolls(
      [wanted('2026-03-01'), wanted('2026-03-01', { meterId: 2 })],
      now,
      POLL_POLICY,
    );
    expect(due.ranges).toEqual([{ from: '2026-03-01', to: '2026-03-01' }]);
    expect(due.ask).toHaveLength(2);
  });

  it('fit into frames of at most 400 days', () => {
    const days = Array.from({ length: 401 }, (_, at) => wanted(addDays('2025-01-01', at)));
    expect(duePolls(days, now, POLL_POLICY).ranges).toEqual([
      { from: '2025-01-01', to: addDays('2025-01-01', 399) },
      { from: addDays('2025-01-01', 400), to: addDays('2025-01-01', 400) },
    ]);
  });

  it.each([
    [1, 0.99, false],
    [1, 1, true],
    [2, 1.99, false],
    [2, 2, true],
    [5, 15.9, false],
    [5, 16, true],
    [6, 23.9, false],
    [6, 24, true],
    [7, 24, true],
  ])('after %i requests wait: %f hours are enough is %s', (askedCount, hours, isDue) => {
    const request = wanted('2026-03-01', { askedCount, lastAskedAt: hoursAgo(hours) });
    expect(duePolls([request], now, POLL_POLICY).ask).toHaveLength(isDue ? 1 : 0);
  });

  it.each([
    ['absent', 8],
    ['incomplete', 3],
  ] as const)(
    'are given up when %s was requested %i times and the last wait is over',
    (reason, max) => {
      const request = wanted('2026-03-01', { reason, askedCount: max, lastAskedAt: hoursAgo(1) });
      expect(duePolls([request], now, POLL_POLICY).giveUp).toEqual([]);
      const waited = { ...request, lastAskedAt: hoursAgo(25) };
      expect(duePolls([waited], now, POLL_POLICY)).toEqual({
        ask: [],
        giveUp: [waited],
        ranges: [],
      });
    },
  );
});
