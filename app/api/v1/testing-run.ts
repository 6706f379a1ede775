/** An issued run, and a layout, for tests of routes. */
import { randomUUID } from 'node:crypto';
import { transactAs } from '../../../db/client.ts';
import type { TestDatabase } from '../../../db/testing/testing.ts';
import type { Closing } from '../../../lib/closing/closing-day.ts';
import { issueClosings } from '../../../lib/closing/run-commands.ts';
import { saveLayout } from '../../../lib/layouts/layout-commands.ts';
import { LAYOUT_PRESETS } from '../../../lib/layouts/layout-presets.ts';

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

/** Stores a layout of closing files, and returns its id. */
export async function saveLayoutOf(database: TestDatabase, utilityId: number): Promise<number> {
  const now = new Date('2025-11-21T09:00:00+09:00');
  const actor = { kind: 'system', utilityId, name: 'test' } as const;
  const { layoutId } = await transactAs(database.db, utilityId, (tx) =>
    saveLayout(tx, actor, { name: '会計', body: LAYOUT_PRESETS['import-cp932'], now }),
  );
  return layoutId;
}
