import { pruneTakenFrames } from '../../lib/terminals/taken-frame-commands.ts';
import type { Transact } from './plan-utility.ts';

/** So long a frame that comes again is known as such, also where its counter has left the replay window. */
const KEPT_MS = 30 * 24 * 3_600_000;

/** Removes what is kept of a utility's taken frames and can never be asked for again; yields how many rows. */
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
