import type { Tx } from '../../db/schema.ts';
import { validateNextChanges, validateNextMeters } from './validation-commands.ts';

/**
 * Validates all that is stored and not validated, for a command that must not wait for the job. `transact` opens a
 * transaction of the utility for each part.
 */
export async function validateWaiting(
  transact: <T>(fn: (tx: Tx) => Promise<T>) => Promise<T>,
  { utilityId, now }: { utilityId: number; now: Date },
): Promise<void> {
  while ((await transact((tx) => validateNextChanges(tx, utilityId, now))) !== null);
  while ((await transact((tx) => validateNextMeters(tx, utilityId, now))) > 0);
}
