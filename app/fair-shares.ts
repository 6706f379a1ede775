/**
 * What a request may take of the database. Each kind of work has connections of its own, and within a kind no utility and
 * no person or key has more than its share: `light` reads a few rows, `heavy` reads many, `file` is made while it is read, and
 * `session` and `key` are the look-ups of a request's session or key, shared by client address, then by token, as nobody is known
 * yet; apart, since anybody can write down what might be a key.
 * Together they are as many as the pools of app/pools.ts have. The file of a receiver that takes it slowly holds its turn
 * for long: so one person has one, of two of the utility.
 */
import type { FairLimits } from '../lib/fair-queue.ts';

/** What a route of the API declares. */
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
