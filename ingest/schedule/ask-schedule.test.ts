import { expect, it } from 'vitest';
import { createLog } from '../log.ts';
import { AskSchedule } from './ask-schedule.ts';

it('a utility whose terminals cannot be asked leaves the others theirs', async () => {
  const asked = new Set<number>();
  await new Promise<void>((resolve) => {
    const schedule = new AskSchedule({
      listUtilities: () => [1, 2, 3],
      askConnected: async (utilityId) => {
        if (utilityId === 1) throw new Error('canceling statement due to statement timeout');
        asked.add(utilityId);
        if (utilityId === 3) void schedule.stop().then(resolve);
      },
      log: createLog('silent'),
      everyMs: 60_000,
    });
    schedule.start();
  });
  expect([...asked]).toEqual([2, 3]);
});
