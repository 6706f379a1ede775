import { describe, expect, test } from 'vitest';
import { judgeReplay } from './replay-outcome.ts';

const hours = (value: number | null) => new Array<number | null>(24).fill(value);
const sent = (day: string, value: number | null) => ({
  day,
  indexL: hours(value),
});
const held = (day: string, value: number | null, revision = 0) => ({
  day,
  indexL: hours(value),
  revision,
});

describe('outcome of a replay', () => {
  test('a day counts as committed when the database holds every reading of it', () => {
    const days = [sent('2025-01-01', 5), sent('2025-01-02', 6), sent('2025-01-03', 7)];
    const after = [held('2025-01-01', 5), held('2025-01-02', 99)];
    expect(judgeReplay(days, [], after)).toEqual({
      committed: 1,
      added: 1,
      changed: 0,
      missing: ['2025-01-02', '2025-01-03'],
    });
  });

  test('a day that was stored before is neither added nor changed', () => {
    const before = [held('2025-01-01', 5)];
    expect(judgeReplay([sent('2025-01-01', 5)], before, before)).toMatchObject({
      committed: 1,
      added: 0,
      changed: 0,
    });
  });

  test('a day that the replay completed or corrected is changed', () => {
    const before = [held('2025-01-01', 4)];
    const after = [held('2025-01-01', 5, 1)];
    expect(judgeReplay([sent('2025-01-01', 5)], before, after)).toMatchObject({
      committed: 1,
      changed: 1,
    });
  });

  test('a reading that the file lacks and the database holds is no difference', () => {
    const day = { day: '2025-01-01', indexL: [null, ...hours(5).slice(1)] };
    expect(judgeReplay([day], [], [held('2025-01-01', 5)]).committed).toBe(1);
  });

  test('an empty day is committed when the database has its row', () => {
    expect(judgeReplay([sent('2025-01-01', null)], [], []).missing).toEqual(['2025-01-01']);
    expect(judgeReplay([sent('2025-01-01', null)], [], [held('2025-01-01', null)]).committed).toBe(
      1,
    );
  });
});
