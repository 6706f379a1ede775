import {
  closeAnsweredRequests,
  planRequests,
  type Slice,
} from '../../lib/polling/polling-commands.ts';

type Tx = Parameters<typeof planRequests>[0];

/** Runs work in a transaction of one utility. */
export type Transact = <T>(utilityId: number, fn: (tx: Tx) => Promise<T>) => Promise<T>;

/** Notes what lacks of the windows that ended in the time given, and settles what has arrived meanwhile. */
export async function planUtility(
  transact: Transact,
  utilityId: number,
  windowEnded: { after: Date; until: Date },
): Promise<number> {
  const seen = { asOf: windowEnded.until, seenAfter: windowEnded.after };
  await inSlices(transact, utilityId, (tx, from) => closeAnsweredRequests(tx, seen, from));
  return inSlices(transact, utilityId, (tx, from) => planRequests(tx, windowEnded, from));
}

/** Goes through a utility's terminals, each slice in a transaction of its own; yields the sum of their days. */
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
