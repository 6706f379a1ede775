import { describe, expect, it } from 'vitest';
import { dueDays } from './check-demo.ts';

describe("the days that the demo's check requests", () => {
  it.each([
    {
      now: '12:00',
      today: '2026-12-01',
      reported: '2026-11-29',
      month: '2026-11',
      wholeMonth: '2026-10',
    },
    {
      now: '00:29',
      today: '2026-12-02',
      reported: '2026-11-30',
      month: '2026-11',
      wholeMonth: '2026-11',
    },
    {
      now: '00:28',
      today: '2026-12-02',
      reported: '2026-11-29',
      month: '2026-11',
      wholeMonth: '2026-10',
    },
    {
      now: '12:00',
      today: '2026-12-02',
      reported: '2026-11-30',
      month: '2026-11',
      wholeMonth: '2026-11',
    },
    {
      now: '12:00',
      today: '2026-12-03',
      reported: '2026-12-01',
      month: '2026-12',
      wholeMonth: '2026-11',
    },
    {
      now: '12:00',
      today: '2027-01-01',
      reported: '2026-12-30',
      month: '2026-12',
      wholeMonth: '2026-11',
    },
    {
      now: '12:00',
      today: '2028-02-29',
      reported: '2028-02-27',
      month: '2028-02',
      wholeMonth: '2028-01',
    },
    {
      now: '12:00',
      today: '2028-03-02',
      reported: '2028-02-29',
      month: '2028-02',
      wholeMonth: '2028-02',
    },
  ])('are due on $today at $now', ({ now, today, ...expected }) => {
    expect(dueDays(new Date(`${today}T${now}:00+09:00`))).toMatchObject(expected);
  });
});
