import { transactAs } from '../../db/client.ts';
import type { TestDatabase } from '../../db/testing/database.ts';
import { validateWaiting } from './waiting-commands.ts';

/** Validates all readings of a utility, also those that a test wrote past the feed of changes. */
export async function validateAll(
  { adminPool, db }: Pick<TestDatabase, 'adminPool' | 'db'>,
  utilityId: number,
  now = new Date('2026-12-31T00:00:00+09:00'),
): Promise<void> {
  await adminPool.query('update validation_state set rules_version = 0 where utility_id = $1', [
    utilityId,
  ]);
  await validateWaiting((fn) => transactAs(db, utilityId, fn), { utilityId, now });
}
