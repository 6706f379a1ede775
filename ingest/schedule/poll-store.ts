import {
  giveUpRequests,
  markAsked,
  type Planned,
  planRequests,
  settleRequests,
  settleRequestsOf,
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
        await settleRequestsOf(tx, terminalId, at);
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
export async function planUtility(
  transact: Transact,
  utilityId: number,
  windowEnded: { after: Date; until: Date },
): Promise<number> {
  await transact(utilityId, (tx) => settleRequests(tx, windowEnded.until, windowEnded.after));
  let days = 0;
  let planned: Planned = { days: 0, lastTerminalId: 0 };
  while (planned.lastTerminalId !== null) {
    const from = planned.lastTerminalId;
    planned = await transact(utilityId, (tx) => planRequests(tx, windowEnded, from));
    days += planned.days;
  }
  return days;
}
