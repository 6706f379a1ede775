import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  beginRound,
  lastDayDue,
  nextMoment,
  type Progress,
  type ReportPlan,
} from './report-plan.ts';

const NOTHING: Progress = { reportedThrough: null, held: [] };

function planOf(overrides: Partial<ReportPlan> = {}): ReportPlan {
  return {
    seed: 3,
    window: { reportMinute: 120, windowMinutes: 60 },
    firstDay: '2026-03-01',
    lateBy: () => 0,
    ...overrides,
  };
}

const jst = (text: string) => new Date(`${text}+09:00`);

describe('a terminal’s report schedule', () => {
  test('a day is due in the window of the day after it, not before and not later', () => {
    expect(lastDayDue(planOf(), jst('2026-03-06T01:59:59'))).toBe('2026-03-04');
    expect(lastDayDue(planOf(), jst('2026-03-06T03:00:00'))).toBe('2026-03-05');
  });

  test('the first round holds the whole past, oldest day first', () => {
    const round = beginRound(planOf(), NOTHING, jst('2026-03-06T12:00:00'));
    expect(round.due).toEqual([
      '2026-03-01',
      '2026-03-02',
      '2026-03-03',
      '2026-03-04',
      '2026-03-05',
    ]);
  });

  test('after a restart the days without acknowledgement come again and no other', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(['2026-03-01', '2026-03-02', '2026-03-03', '2026-03-04', '2026-03-05']),
        (acknowledged) => {
          const now = jst('2026-03-06T12:00:00');
          const round = beginRound(planOf(), NOTHING, now);
          for (const day of acknowledged) round.acknowledge(day);
          const again = beginRound(planOf(), round.progress, now).due;
          const missing = round.due.filter((day) => !acknowledged.includes(day));
          // Days after the oldest open one may be reported twice, which is harmless; a lost day is not.
          expect(again).toEqual(round.due.filter((day) => day >= (missing[0] ?? '9')));
        },
      ),
    );
  });

  test('a late day waits while the days after it are reported', () => {
    const plan = planOf({ lateBy: (day) => (day === '2026-03-03' ? 2 : 0) });
    const first = beginRound(plan, NOTHING, jst('2026-03-05T12:00:00'));
    expect(first.due).toEqual(['2026-03-01', '2026-03-02', '2026-03-04']);
    for (const day of first.due) first.acknowledge(day);
    expect(first.progress).toEqual({ reportedThrough: '2026-03-04', held: ['2026-03-03'] });
    const later = beginRound(plan, first.progress, jst('2026-03-06T12:00:00'));
    expect(later.due).toEqual(['2026-03-03', '2026-03-05']);
    later.acknowledge('2026-03-05');
    expect(later.progress).toEqual({ reportedThrough: '2026-03-05', held: ['2026-03-03'] });
    later.acknowledge('2026-03-03');
    expect(later.progress).toEqual({ reportedThrough: '2026-03-05', held: [] });
  });

  test('the next moment lies in the next window, or where a late day is due', () => {
    const now = jst('2026-03-06T12:00:00');
    const progress: Progress = { reportedThrough: '2026-03-05', held: [] };
    const next = nextMoment(planOf(), progress, now)!;
    expect(next >= jst('2026-03-07T02:00:00') && next < jst('2026-03-07T03:00:00')).toBe(true);
  });

  test('a window that runs past midnight reports in the night after', () => {
    const plan = planOf({ window: { reportMinute: 1430, windowMinutes: 120 } });
    const next = nextMoment(
      plan,
      { reportedThrough: '2026-03-04', held: [] },
      jst('2026-03-06T12:00:00'),
    )!;
    expect(next >= jst('2026-03-06T23:50:00') && next < jst('2026-03-07T01:50:00')).toBe(true);
  });

  test('a silent terminal reports no day from its last one on', () => {
    const plan = planOf({ silentFrom: '2026-03-03' });
    const now = jst('2026-03-06T12:00:00');
    const round = beginRound(plan, NOTHING, now);
    expect(round.due).toEqual(['2026-03-01', '2026-03-02']);
    for (const day of round.due) round.acknowledge(day);
    expect(nextMoment(plan, round.progress, now)).toBeUndefined();
  });

  test('a terminal that was registered today has nothing to report', () => {
    const plan = planOf({ firstDay: '2026-03-06' });
    expect(beginRound(plan, NOTHING, jst('2026-03-06T12:00:00')).due).toEqual([]);
  });
});
