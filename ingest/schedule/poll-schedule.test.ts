import { expect, it } from 'vitest';
import { createLog } from '../log.ts';
import { PollSchedule } from './poll-schedule.ts';

it('a utility whose planning fails leaves the others their polling', async () => {
  const asked = new Set<number>();
  await new Promise<void>((resolve) => {
    const schedule = new PollSchedule({
      listUtilities: async () => [1, 2, 3].map((utilityId) => ({ utilityId, pollDaysBack: 35 })),
      plan: async (utilityId) => {
        if (utilityId === 1) throw new Error('canceling statement due to statement timeout');
        return 0;
      },
      askConnected: async (utilityId) => {
        asked.add(utilityId);
        if (utilityId === 3) void schedule.stop().then(resolve);
      },
      log: createLog('silent'),
      now: () => 0,
      everyMs: 60_000,
      lookBackEveryMs: 60_000,
    });
    schedule.start();
  });
  expect([...asked]).toEqual([2, 3]);
});
