import type pg from 'pg';
import { onInterrupt } from '../run-command.ts';

/** Lock on the terminals that a run replays. */
export interface ReplayLock {
  /** Takes the terminals; waits for another run that has one of them, reported once to `onWait`. */
  take(numbers: readonly string[]): Promise<void>;
  release(): void;
}

/**
 * Lock on terminals of a utility for the duration of a run, across machines and folders. It is held by the database
 * connection, so that a killed run leaves none behind.
 */
export async function openReplayLock(
  pool: pg.Pool,
  utilityId: number,
  onWait: (number: string) => void,
): Promise<ReplayLock> {
  const client = await pool.connect();
  const held = new Set<string>();
  const release = () => {
    forget();
    client.release(true);
  };
  const forget = onInterrupt(release);
  return {
    async take(numbers) {
      for (const number of numbers.toSorted()) {
        if (held.has(number)) continue;
        const key = [`kenshin replay ${utilityId} ${number}`];
        const tried = 'select pg_try_advisory_lock(hashtextextended($1, 0)) as taken';
        const { rows } = await client.query<{ taken: boolean }>(tried, key);
        if (!rows[0]?.taken) {
          onWait(number);
          await client.query('select pg_advisory_lock(hashtextextended($1, 0))', key);
        }
        held.add(number);
      }
    },
    release,
  };
}
