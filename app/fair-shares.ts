/**
 * Shares of the database. Each kind of work has its own connections, as many together as the pools of app/pools.ts
 * have, and within a kind no utility and no person or key exceeds its share.
 * - `light` reads a few rows, `heavy` many.
 * - `file` is produced while it is read. A slow receiver holds its turn for long, so a person has one turn, of two of a
 *   utility.
 * - `session` and `key` look up a request's session or key, shared by client address, then by token, since no actor is
 *   known yet. They are separate because any client can send a made-up key.
 */
import type { FairLimits } from '../lib/fair-queue.ts';

/** Cost that a route of the API declares. */
export type Cost = 'light' | 'heavy' | 'file';

export const SHARES: Record<Cost | 'session' | 'key', FairLimits> = {
  light: {
    atOnce: 6,
    perGroup: 4,
    perMember: 2,
    waitingPerMember: 30,
    waitingPerGroup: 150,
    waiting: 300,
    maxWaitMs: 3_000,
    retryAfterS: 2,
  },
  heavy: {
    atOnce: 4,
    perGroup: 3,
    perMember: 2,
    waitingPerMember: 6,
    waitingPerGroup: 48,
    waiting: 96,
    maxWaitMs: 3_000,
    retryAfterS: 3,
  },
  file: {
    atOnce: 4,
    perGroup: 2,
    perMember: 1,
    waitingPerMember: 0,
    waitingPerGroup: 0,
    waiting: 0,
    maxWaitMs: 0,
    retryAfterS: 10,
  },
  session: {
    atOnce: 3,
    perGroup: 2,
    perMember: 2,
    waitingPerMember: 50,
    waitingPerGroup: 250,
    waiting: 500,
    maxWaitMs: 2_000,
    retryAfterS: 2,
  },
  key: {
    atOnce: 2,
    perGroup: 1,
    perMember: 1,
    waitingPerMember: 50,
    waitingPerGroup: 250,
    waiting: 500,
    maxWaitMs: 2_000,
    retryAfterS: 2,
  },
};
