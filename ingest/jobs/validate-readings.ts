// Validates a utility's readings: all of them once by each version of the rules, then what the feed of changes tells of.

import type { enqueueJob } from '../../lib/jobs/job-commands.ts';
import {
  advanceValidation,
  validateNextChanges,
  validateNextMeters,
} from '../../lib/validation/validation-commands.ts';
import type { Transact } from '../ingest-database.ts';
import type { Log } from '../log.ts';

/** Longest run of one utility; afterwards other utilities have their turn before it continues. */
const TURN_MS = 20_000;

interface ValidationWork {
  transact: Transact;
  enqueue: typeof enqueueJob;
  log: Log;
  now: () => number;
}

export async function validateReadings(
  utilityId: number,
  { transact, enqueue, log, now }: ValidationWork,
  signal?: AbortSignal,
  turnMs = TURN_MS,
): Promise<void> {
  const startedMs = performance.now();
  const isOver = () => performance.now() - startedMs >= turnMs;
  const at = () => new Date(now());
  let changed = 0;
  let all = 0;
  for (;;) {
    signal?.throwIfAborted();
    // What is new first: a bill may be made of it within the minute.
    const meters = await transact(utilityId, (tx) => validateNextChanges(tx, utilityId, at()));
    await transact(utilityId, (tx) => advanceValidation(tx, utilityId));
    changed += meters ?? 0;
    if (meters === null) {
      const others = await transact(utilityId, (tx) => validateNextMeters(tx, utilityId, at()));
      if (others === 0) break;
      all += others;
    }
    if (!isOver()) continue;
    const rest = { kind: 'validate-readings', input: {}, key: 'all' } as const;
    await transact(utilityId, (tx) => enqueue(tx, { utilityId }, rest));
    break;
  }
  if (all > 0) log.info({ utilityId, meters: all }, 'all readings of these meters are validated');
  if (changed > 0) log.debug({ utilityId, meters: changed }, 'changed readings are validated');
}
