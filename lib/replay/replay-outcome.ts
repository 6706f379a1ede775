// Result of a replay, judged only by what the database holds.
import type { ReplayDay } from './replay-file.ts';

type SentDay = Pick<ReplayDay, 'day' | 'indexL'>;

interface HeldDay {
  readonly day: string;
  readonly indexL: readonly (number | null)[];
  readonly revision: number;
}

export interface ReplayOutcome {
  /** Days whose every reading is in the database. */
  readonly committed: number;
  /** Of these: days that the database did not hold before. */
  readonly added: number;
  /** Of these: days that the database held with other or fewer readings. */
  readonly changed: number;
  /** Days that are not committed, oldest first. */
  readonly missing: readonly string[];
}

/** Compares a file's days with those that the database held before and holds after. */
export function judgeReplay(
  days: readonly SentDay[],
  before: readonly HeldDay[],
  after: readonly HeldDay[],
): ReplayOutcome {
  const held = new Map(before.map((day) => [day.day, day]));
  const holds = new Map(after.map((day) => [day.day, day]));
  const isCommitted = ({ day, indexL }: SentDay) => {
    const stored = holds.get(day);
    return (
      stored !== undefined &&
      indexL.every((index, i) => index === null || index === stored.indexL[i])
    );
  };
  const committed = days.filter(isCommitted);
  const added = committed.filter(({ day }) => !held.has(day));
  const changed = committed.filter(({ day }) => {
    const earlier = held.get(day);
    return earlier !== undefined && earlier.revision !== holds.get(day)?.revision;
  });
  return {
    committed: committed.length,
    added: added.length,
    changed: changed.length,
    missing: days.filter((day) => !isCommitted(day)).map(({ day }) => day),
  };
}
