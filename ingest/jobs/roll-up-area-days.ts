// Brings the roll-up of the days of areas to what the feed of changes tells: first what is due is entered, then it is made, some
// areas of a day in each transaction.
import { enterDueDays, rollUpDueDays } from '../../lib/area-days/commands.ts';
import type { Log } from '../log.ts';

type Tx = Parameters<typeof enterDueDays>[0];

export async function rollUpAreaDays(
  utilityId: number,
  {
    transact,
    log,
  }: { transact: <T>(utilityId: number, fn: (tx: Tx) => Promise<T>) => Promise<T>; log: Log },
  signal?: AbortSignal,
): Promise<void> {
  while (await transact(utilityId, (tx) => enterDueDays(tx, utilityId))) signal?.throwIfAborted();
  let days = 0;
  for (;;) {
    signal?.throwIfAborted();
    const some = await transact(utilityId, (tx) => rollUpDueDays(tx, utilityId));
    if (some === 0) break;
    days += some;
  }
  if (days > 0) log.info({ utilityId, days }, 'days of areas are rolled up');
}
