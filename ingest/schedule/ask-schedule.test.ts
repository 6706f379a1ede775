import { expect, it } from 'vitest';
import { createLog } from '../log.ts';
import { ConnectedTerminals } from '../session/connected-terminals.ts';
import type { Connection } from '../session/terminal-session.ts';
import { AskSchedule } from './ask-schedule.ts';

/** Connected terminals, one of each utility, whose number is ten times the utility's. */
function connectedOf(utilities: readonly number[]): ConnectedTerminals {
  const connected = new ConnectedTerminals();
  for (const utilityId of utilities) {
    // Only these members of a connection are used.
    connected.add({ utilityId, terminalId: utilityId * 10 } as Connection);
  }
  return connected;
}

it('a utility whose terminals cannot be asked leaves the others theirs', async () => {
  const requested: (number | undefined)[] = [];
  await new Promise<void>((resolve) => {
    const schedule = new AskSchedule({
      connected: connectedOf([1, 2, 3]),
      listWanted: async (utilityId, terminalIds) => {
        if (utilityId === 1) throw new Error('canceling statement due to statement timeout');
        return terminalIds;
      },
      downlink: {
        callUp: (connection) => {
          requested.push(connection?.terminalId);
          if (connection?.terminalId === 30) void schedule.stop().then(resolve);
        },
      },
      log: createLog('silent'),
      everyMs: 60_000,
    });
    schedule.start();
  });
  expect(requested).toEqual([20, 30]);
});

it('only terminals from which something is wanted are asked', async () => {
  const requested = await new Promise<number | undefined>((resolve) => {
    const connected = connectedOf([1]);
    connected.add({ utilityId: 1, terminalId: 11 } as Connection);
    const schedule = new AskSchedule({
      ...{ connected, log: createLog('silent'), everyMs: 60_000 },
      listWanted: async (_, terminalIds) => terminalIds.filter((id) => id === 11),
      downlink: {
        callUp: (connection) => void schedule.stop().then(() => resolve(connection?.terminalId)),
      },
    });
    schedule.start();
  });
  expect(requested).toBe(11);
});
