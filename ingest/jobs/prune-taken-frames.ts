import { pruneTakenFrames } from '../../lib/terminals/taken-frame-commands.ts';
import type { Transact } from '../ingest-database.ts';

/** Time for which a repeated frame is recognized after its counter has left the replay window. */
const KEPT_MS = 30 * 24 * 3_600_000;

/** Removes the records of a utility's taken frames that are not needed any more; returns the number of rows. */
export async function pruneUtilityFrames(
  utilityId: number,
  { transact, now }: { transact: Transact; now: () => number },
  signal?: AbortSignal,
): Promise<number> {
  const receivedBefore = new Date(now() - KEPT_MS);
  let rows = 0;
  let from: number | null = 0;
  while (from !== null && signal?.aborted !== true) {
    const afterTerminalId: number = from;
    const slice = await transact(utilityId, (tx) =>
      pruneTakenFrames(tx, { receivedBefore, afterTerminalId }),
    );
    rows += slice.pruned;
    from = slice.lastTerminalId;
  }
  return rows;
}
