/** An issued run for tests of routes. */
import { randomUUID } from 'node:crypto';
import { transactAs } from '../../../db/client.ts';
import type { TestDatabase } from '../../../db/testing/testing.ts';
import type { Closing } from '../../../lib/closing/closing-day.ts';
import { issueClosings } from '../../../lib/closing/run-commands.ts';

/** Issues a closing of the closing day 20, and returns its run. */
export async function issueRunOf(
  database: TestDatabase,
  utilityId: number,
  closing: Closing,
): Promise<number> {
  const now = new Date('2025-11-21T09:00:00+09:00');
  const [run] = await transactAs(database.db, utilityId, (tx) =>
    issueClosings(
      tx,
      { kind: 'system', utilityId, name: 'test' },
      {
        selection: { closingDay: 20, closings: [closing], now },
        kind: { format: 'machine' },
        ...{ exportId: randomUUID(), now },
      },
    ),
  );
  if (!run) throw new Error('the closing has no rows');
  return run.runId;
}
