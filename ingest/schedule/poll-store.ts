import {
  closeAnsweredRequestsOf,
  giveUpRequests,
  noteRequested,
} from '../../lib/polling/polling-commands.ts';
import { listOpenRequests } from '../../lib/polling/polling-queries.ts';
import { proveSetting } from '../../lib/terminals/setting-commands.ts';
import { findProvenSetting } from '../../lib/terminals/setting-queries.ts';
import { acknowledgeTest, noteTestsSent } from '../../lib/terminals/terminal-test-commands.ts';
import { listUnacknowledgedTests } from '../../lib/terminals/terminal-test-queries.ts';
import type { Transact } from '../ingest-database.ts';
import type { PollStore } from './ask-terminal.ts';

/** Database access for messages to terminals. */
export function pollStore(transact: Transact): PollStore {
  return {
    listWanted: ({ utilityId, terminalId }, at) =>
      transact(utilityId, async (tx) => {
        await closeAnsweredRequestsOf(tx, terminalId, at);
        return {
          requests: await listOpenRequests(tx, terminalId),
          setting: await findProvenSetting(tx, terminalId),
          tests: await listUnacknowledgedTests(tx, terminalId, at),
        };
      }),
    enter: ({ utilityId }, { ask, giveUp }, at) =>
      transact(utilityId, async (tx) => {
        await noteRequested(tx, ask, at);
        await giveUpRequests(tx, giveUp, at);
      }),
    testsSent: ({ utilityId }, testIds, at) =>
      transact(utilityId, (tx) => noteTestsSent(tx, testIds, at)),
    testAcknowledged: ({ utilityId }, testId, at) =>
      transact(utilityId, (tx) => acknowledgeTest(tx, testId, at)),
    settingAcknowledged: ({ utilityId, terminalId }, setting) =>
      transact(utilityId, (tx) => proveSetting(tx, utilityId, { terminalId, ...setting })),
  };
}
