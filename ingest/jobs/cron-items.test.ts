import { describe, expect, it } from 'vitest';
import { SCHEDULED_JOBS } from '../../lib/jobs/job-schedule.ts';
import { instantOf } from '../../lib/time.ts';
import { cronItemsOf } from './cron-items.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;

/** Times of each job, by the JST minute of the day. */
const DUE: Readonly<Record<string, (minute: number) => boolean>> = {
  'schedule-polling': () => true,
  'schedule-area-days': (minute) => minute % 5 === 0,
  'schedule-pruning': () => true,
  'schedule-validation': () => true,
  'schedule-readiness': () => true,
  'schedule-frame-pruning': (minute) => minute === 4 * 60 + 10,
  'tidy-queue': (minute) => minute === 3 * 60 + 40,
};

/** An instant in the form of the queue's library: its fields in UTC. */
function digestOf(at: Date) {
  return {
    ...{ min: at.getUTCMinutes(), hour: at.getUTCHours(), date: at.getUTCDate() },
    ...{ month: at.getUTCMonth() + 1, dow: at.getUTCDay() },
  };
}

describe('every job of the schedule', () => {
  it('has its times in this test', () => {
    expect(Object.keys(DUE).sort()).toEqual(SCHEDULED_JOBS.map(({ kind }) => kind).sort());
  });

  it.each([
    ['an ordinary day', '2026-06-10'],
    ['the last day of a month', '2026-04-30'],
    ['the first day of a month', '2026-05-01'],
    ['the last of February', '2026-02-28'],
    ['a leap day', '2028-02-29'],
    ['the last day of a year', '2026-12-31'],
    ['the first day of a year', '2027-01-01'],
    ['a Sunday', '2026-11-29'],
  ])('is due at its times of Japan and at no other minute, on %s', (_, day) => {
    const midnight = instantOf(day, 0).getTime();
    const minutes = Array.from({ length: DAY_MINUTES }, (_unused, minute) => minute);
    for (const item of cronItemsOf(SCHEDULED_JOBS)) {
      const due = minutes.filter((minute) =>
        item.match(digestOf(new Date(midnight + minute * MINUTE_MS))),
      );
      expect([item.task, due]).toEqual([item.task, minutes.filter(DUE[item.task]!)]);
    }
  });
});
