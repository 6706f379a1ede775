// Brings the roll-up of the days of areas to what the feed of changes tells: first what is due is entered, then it is made, some
// areas of a day in each transaction.
import { enterDueDays, rollUpDueDays } from '../../lib/area-days/area-day-commands.ts';
import type { enqueueJob } from '../../lib/jobs/job-commands.ts';
import type { Log } from '../log.ts';

type Tx = Parameters<typeof enterDueDays>[0];

/** So long one utility may have a place of the worker; then others have their turn, and it goes on behind them. */
const TURN_MS = 20_000;

interface RollUpWork {
  transact: <T>(utilityId: number, fn: (tx: Tx) => Promise<T>) => Promise<T>;
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
