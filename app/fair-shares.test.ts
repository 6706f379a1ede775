import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFairQueue, type FairLimits } from '../lib/fair-queue.ts';
import { SHARES } from './fair-shares.ts';

const nextTick = () => new Promise((resolve) => setImmediate(resolve));

/**
 * Runs `fn` while one group of so many members keeps all turns and waiting positions that it can get. No wait is long
 * enough to be refused, because the duration of a turn depends on the machine.
 */
async function flooded(
  limits: FairLimits,
  members: number,
  fn: (ask: (group: string, member: string) => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const queue = createFairQueue({ ...limits, maxWaitMs: 600_000 });
  let isOver = false;
  const ask = (group: string, member: string) => queue.run({ group, member }, nextTick);
  /** Requests more than a member's share, and a few more each time one has ended or was refused. */
  const keepAsking = async (member: string): Promise<void> => {
    let requests = 0;
    const more = (most: number): void => {
      for (let count = 0; count < most; count += 1) {
        requests += 1;
        const ended = (): void => {
          requests -= 1;
        };
        ask('crowd', member).then(ended, ended);
      }
    };
    const most = limits.perMember + limits.waitingPerMember + 1;
    more(most);
    while (!isOver || requests > 0) {
      await nextTick();
      if (!isOver) more(Math.min(2, most - requests));
    }
  };
  const crowd = Array.from({ length: members }, (_, at) => keepAsking(`${at}`));
  try {
    await fn(ask);
  } finally {
    isOver = true;
    await Promise.all(crowd);
  }
}

describe('the shares', () => {
  test.each(Object.entries(SHARES))(
    'refuse no other group while 25 members of one group request all of %s',
    async (_, limits) => {
      // Eight members with six requests each; without a waiting line, two with one.
      const [members, pieces] = limits.waiting > 0 ? [8, 48] : [2, 2];
      await flooded(limits, 25, async (ask) => {
        for (let round = 0; round < 2; round += 1) {
          const requests = Array.from({ length: pieces }, (_, at) =>
            ask('neighbour', `${at % members}`),
          );
          await expect(Promise.all(requests)).resolves.toHaveLength(pieces);
        }
      });
    },
  );

  test('refuse no member within its own bounds, whatever it requests and however large the crowd', async () => {
    const shares = fc.constantFrom(SHARES.light, SHARES.heavy, SHARES.session, SHARES.key);
    const requests = fc.array(fc.nat(11), { minLength: 1, maxLength: 24 });
    await fc.assert(
      fc.asyncProperty(
        shares,
        fc.integer({ min: 1, max: 40 }),
        requests,
        async (limits, members, people) => {
          const within = people.filter(
            (person, at) =>
              people.slice(0, at).filter((before) => before === person).length <
              limits.waitingPerMember,
          );
          await flooded(limits, members, async (ask) => {
            await Promise.all(within.map((person) => ask('neighbour', `${person}`)));
          });
        },
      ),
      { numRuns: 30 },
    );
  });

  test('leave a file turn to the colleague of a person with a slow connection', async () => {
    const queue = createFairQueue(SHARES.file);
    let end = (): void => undefined;
    const slow = new Promise<void>((resolve) => {
      end = resolve;
    });
    const held = queue.run({ group: 'gas', member: 'staff:1' }, () => slow);
    const again = queue.run({ group: 'gas', member: 'staff:1' }, () => slow);
    await expect(again).rejects.toMatchObject({ details: { scope: 'own' } });
    expect(await queue.run({ group: 'gas', member: 'staff:2' }, async () => 'made')).toBe('made');
    const other = queue.run({ group: 'gas', member: 'staff:2' }, () => slow);
    const third = queue.run({ group: 'gas', member: 'staff:3' }, () => slow);
    await expect(third).rejects.toMatchObject({ details: { scope: 'all' } });
    end();
    await Promise.all([held, other]);
  });
});
