import { describe, expect, it } from 'vitest';
import { windowToPlan } from './poll-plan.ts';

const now = new Date('2026-02-05T03:00:00Z');
const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
const HOUR_MS = 3_600_000;
const ALL = { after: new Date('2025-12-30T03:00:00Z'), lookedBackAt: now };

describe('the examined report windows', () => {
  it('are those that ended since the last plan', () => {
    const plan = { plannedUntil: minutesAgo(1), lookedBackAt: minutesAgo(61), pollDaysBack: 35 };
    expect(windowToPlan(plan, now, 6 * HOUR_MS)).toEqual({
      after: minutesAgo(1),
      lookedBackAt: minutesAgo(61),
    });
  });

  it.each([
    ['nothing was ever planned', { plannedUntil: null, lookedBackAt: null }],
    ['all were looked at long ago', { plannedUntil: minutesAgo(1), lookedBackAt: minutesAgo(360) }],
    ['the clock was set back', { plannedUntil: minutesAgo(-5), lookedBackAt: minutesAgo(-5) }],
  ])('are all of the requested days and two more when %s', (_when, plan) => {
    expect(windowToPlan({ ...plan, pollDaysBack: 35 }, now, 6 * HOUR_MS)).toEqual(ALL);
  });
});
