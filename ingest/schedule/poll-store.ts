import {
  giveUpRequests,
  markAsked,
  planRequests,
  settleRequests,
  takeDownCounters,
} from '../../lib/polling/commands.ts';
import { listOpenRequests } from '../../lib/polling/queries.ts';
import type { PollStore } from './ask-terminal.ts';

type Tx = Parameters<typeof planRequests>[0];

/** Runs work in a transaction of one utility. */
export type Transact = <T>(utilityId: number, fn: (tx: Tx) => Promise<T>) => Promise<T>;

/** The polling's access to the database. */
export function pollStore(transact: Transact): PollStore {
  return {
    listWanted: ({ utilityId, terminalId }, at) =>
      transact(utilityId, async (tx) => {
        await settleRequests(tx, at, terminalId);
        return listOpenRequests(tx, terminalId);
      }),
    enter: ({ utilityId, terminalId }, due, { frames, at }) =>
      transact(utilityId, async (tx) => {
        await markAsked(tx, due.ask, at);
        await giveUpRequests(tx, due.giveUp, at);
        return takeDownCounters(tx, terminalId, frames);
      }),
  };
}

/** Notes what lacks of the windows that ended in the time given, and settles what has arrived meanwhile. */
export function planUtility(
  transact: Transact,
  utilityId: number,
  windowEnded: { after: Date; until: Date },
): Promise<number> {
  return transact(utilityId, async (tx) => {
    await settleRequests(tx, windowEnded.until);
    return planRequests(tx, windowEnded);
  });
}
