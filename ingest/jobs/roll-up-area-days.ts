// Updates the roll-up of area days from the feed of changes: first enters the due days, then computes them, some areas
// of a day in each transaction.
import { enterDueDays, rollUpDueDays } from '../../lib/area-days/area-day-commands.ts';
import type { enqueueJob } from '../../lib/jobs/job-commands.ts';
import type { Transact } from '../ingest-database.ts';
import type { Log } from '../log.ts';

/** Longest run of one utility; afterwards other utilities have their turn before it continues. */
const TURN_MS = 20_000;

interface RollUpWork {
  transact: Transact;
  enqueue: typeof enqueueJob;
  log: Log;
}

export async function rollUpAreaDays(
  utilityId: number,
  { transact, enqueue, log }: RollUpWork,
  signal?: AbortSignal,
  turnMs = TURN_MS,
): Promise<void> {
  const startedMs = performance.now();
  while (await transact(utilityId, (tx) => enterDueDays(tx, utilityId))) signal?.throwIfAborted();
  let days = 0;
  for (;;) {
    signal?.throwIfAborted();
    const some = await transact(utilityId, (tx) => rollUpDueDays(tx, utilityId));
    if (some === 0) break;
    days += some;
    if (performance.now() - startedMs < turnMs) continue;
    const rest = { kind: 'roll-up-area-days', input: {}, key: 'all' } as const;
    await transact(utilityId, (tx) => enqueue(tx, { utilityId }, rest));
    break;
  }
  if (days > 0) log.info({ utilityId, days }, 'days of areas are rolled up');
}
