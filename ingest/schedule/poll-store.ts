import {
  giveUpRequests,
  markAsked,
  planRequests,
  type Slice,
  settleRequests,
  settleRequestsOf,
} from '../../lib/polling/commands.ts';
import { listOpenRequests } from '../../lib/polling/queries.ts';
import { proveSetting } from '../../lib/terminals/setting-commands.ts';
import { findProvenSetting } from '../../lib/terminals/setting-queries.ts';
import { acknowledgeTest, markTestsSent } from '../../lib/terminals/test-commands.ts';
import { listUnacknowledgedTests } from '../../lib/terminals/test-queries.ts';
import type { IngestDatabase } from '../ingest-database.ts';
import type { PollStore } from './ask-terminal.ts';

type Transact = IngestDatabase['transact'];
type Tx = Parameters<typeof planRequests>[0];

/** The access to the database of what is sent to terminals. */
export function pollStore(transact: Transact): PollStore {
  return {
    listWanted: ({ utilityId, terminalId }, at) =>
      transact(utilityId, async (tx) => {
        await settleRequestsOf(tx, terminalId, at);
        return {
          requests: await listOpenRequests(tx, terminalId),
          setting: await findProvenSetting(tx, terminalId),
          tests: await listUnacknowledgedTests(tx, terminalId, at),
        };
      }),
    enter: ({ utilityId }, { ask, giveUp }, at) =>
      transact(utilityId, async (tx) => {
        await markAsked(tx, ask, at);
        await giveUpRequests(tx, giveUp, at);
      }),
    testsSent: ({ utilityId }, testIds, at) =>
      transact(utilityId, (tx) => markTestsSent(tx, testIds, at)),
    testAcknowledged: ({ utilityId }, testId, at) =>
      transact(utilityId, (tx) => acknowledgeTest(tx, testId, at)),
    settingAcknowledged: ({ utilityId, terminalId }, setting) =>
      transact(utilityId, (tx) => proveSetting(tx, utilityId, { terminalId, ...setting })),
  };
}

/** Notes what lacks of the windows that ended in the time given, and settles what has arrived meanwhile. */
export async function planUtility(
  transact: Transact,
  utilityId: number,
  windowEnded: { after: Date; until: Date },
): Promise<number> {
  const seen = { asOf: windowEnded.until, seenAfter: windowEnded.after };
  await inSlices(transact, utilityId, (tx, from) => settleRequests(tx, seen, from));
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
