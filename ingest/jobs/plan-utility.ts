import {
  closeAnsweredRequests,
  planRequests,
  type Slice,
} from '../../lib/polling/polling-commands.ts';
import type { Transact, Tx } from '../ingest-database.ts';

/** Records missing days of the windows that ended in the given time, and closes requests of days that have arrived. */
export async function planUtility(
  transact: Transact,
  utilityId: number,
  windowEnded: { after: Date; until: Date },
): Promise<number> {
  const seen = { asOf: windowEnded.until, seenAfter: windowEnded.after };
  await inSlices(transact, utilityId, (tx, from) => closeAnsweredRequests(tx, seen, from));
  return inSlices(transact, utilityId, (tx, from) => planRequests(tx, windowEnded, from));
}

/** Processes a utility's terminals in slices, each in its own transaction; returns the sum of their days. */
async function inSlices(
  transact: Transact,
  utilityId: number,
  work: (tx: Tx, afterTerminalId: number) => Promise<Slice>,
): Promise<number> {
  let days = 0;
  let from: number | null = 0;
  while (from !== null) {
    const after: number = from;
    const slice = await transact(utilityId, (tx) => work(tx, after));
    days += slice.days;
    from = slice.lastTerminalId;
  }
  return days;
}
