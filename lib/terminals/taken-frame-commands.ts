// Frames that are stored by statements of their own [TERM-8.2] [TERM-8.3]. The database decides in the same transaction
// whether each is new, so that a frame held by two processes is stored once.
import { sql } from 'kysely';
import type { Tx } from '../../db/schema.ts';
import { elementAt } from '../certain.ts';

/** An authentic frame of a terminal. */
export interface UplinkFrameKey {
  terminalId: number;
  counter: number;
  /** First four bytes of its tag as a signed integer. */
  frameCheck: number;
  /** Type byte of the message. */
  type: number;
  /** True when its counter was fresh on arrival, whatever has overtaken it since. */
  arrivedFresh: boolean;
  receivedAt: Date;
}

/**
 * taken: new, to be stored in this transaction; repeated: taken before, so it is acknowledged and not stored; replayed:
 * its counter was used by another frame, or is too old, and it was never taken.
 */
export type FrameVerdict = 'taken' | 'repeated' | 'replayed';

/**
 * Takes frames of the transaction's utility and returns a verdict for each, in order. Counters and last contact are
 * written at the commit. Waits while another open transaction holds one of the frames.
 */
export async function takeUplinkFrames(
  tx: Tx,
  frames: readonly UplinkFrameKey[],
): Promise<FrameVerdict[]> {
  const { rows } = await sql<{ verdicts: FrameVerdict[] | null }>`
    select take_uplink_frames(
      ${frames.map(({ terminalId }) => terminalId)}::integer[],
      ${frames.map(({ counter }) => counter)}::bigint[],
      ${frames.map(({ frameCheck }) => frameCheck)}::integer[],
      ${frames.map(({ type }) => type)}::smallint[],
      ${frames.map(({ arrivedFresh }) => arrivedFresh)}::boolean[],
      ${frames.map(({ receivedAt }) => receivedAt)}::timestamptz[]
    ) as verdicts`.execute(tx);
  return rows[0]?.verdicts ?? [];
}

/** Terminals of one transaction of pruning. */
const TERMINALS_OF_SLICE = 500;

/**
 * Removes records of taken frames received before an instant whose counter is below their terminal's replay window, of
 * up to 500 terminals after `afterTerminalId`. The removed counters stay used: a frame with one of them is a replay.
 * Returns the number of rows and the last terminal examined, null when none are left.
 */
export async function pruneTakenFrames(
  tx: Tx,
  { receivedBefore, afterTerminalId }: { receivedBefore: Date; afterTerminalId: number },
): Promise<{ pruned: number; lastTerminalId: number | null }> {
  const { rows } = await sql<{ pruned: number; last_terminal: number | null }>`
    select pruned, last_terminal from prune_taken_frames(${receivedBefore}, ${afterTerminalId}, ${TERMINALS_OF_SLICE})
  `.execute(tx);
  const { pruned, last_terminal } = elementAt(rows, 0);
  return { pruned, lastTerminalId: last_terminal };
}
