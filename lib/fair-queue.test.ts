import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import type { Share } from './fair-line.ts';
import { createFairQueue, type FairLimits } from './fair-queue.ts';

const LIMITS: FairLimits = {
  atOnce: 3,
  perGroup: 2,
  perMember: 1,
  waitingPerMember: 2,
  waitingPerGroup: 6,
  waiting: 10,
  maxWaitMs: 60_000,
  retryAfterS: 3,
};

/** Work that ends when the test calls `end`. */
function piece() {
  let finish = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    finish = resolve;
  });
  return { work: () => ended, finish };
}

const share = (group: string, member: string): Share => ({ group, member });
const nextTick = () => new Promise((resolve) => setImmediate(resolve));

describe('a fair queue', () => {
  test('lets a member wait for its own work, and refuses at once what exceeds its share', async () => {
    const queue = createFairQueue(LIMITS);
    const first = piece();
    const runs = [0, 1, 2].map(() => queue.run(share('a', 'x'), first.work));
    expect([queue.running, queue.waiting]).toEqual([1, 2]);
    await expect(queue.run(share('a', 'x'), first.work)).rejects.toMatchObject({
      code: 'busy',
      details: { scope: 'own', retryAfterS: 3 },
    });
    first.finish();
    await Promise.all(runs);
    expect([queue.running, queue.waiting]).toEqual([0, 0]);
  });

  test('keeps a turn for other groups, whatever one of them requests', async () => {
    const queue = createFairQueue(LIMITS);
    const long = piece();
    const many = ['x', 'y', 'z'].map((member) => queue.run(share('a', member), long.work));
    expect(queue.running).toBe(2);
    expect(await queue.run(share('b', 'x'), async () => 'served')).toBe('served');
    long.finish();
    await Promise.all(many);
  });

  test('gives the next turn to the group with the fewest running, not to the earliest of many', async () => {
    const queue = createFairQueue({ ...LIMITS, atOnce: 2 });
    const order: string[] = [];
    const [first, second] = [piece(), piece()];
    const runs = [
      queue.run(share('a', 'x'), first.work),
      queue.run(share('a', 'y'), second.work),
      queue.run(share('a', 'z'), async () => order.push('a')),
      queue.run(share('b', 'x'), async () => order.push('b')),
    ];
    first.finish();
    await nextTick();
    second.finish();
    await Promise.all(runs);
    expect(order).toEqual(['b', 'a']);
  });

  test('refuses after the longest wait, and keeps nothing of it', async () => {
    vi.useFakeTimers();
    try {
      const queue = createFairQueue({ ...LIMITS, maxWaitMs: 2_000 });
      const long = piece();
      const running = queue.run(share('a', 'x'), long.work);
      const late = expect(queue.run(share('a', 'x'), long.work)).rejects.toMatchObject({
        code: 'busy',
        details: { scope: 'all' },
      });
      vi.advanceTimersByTime(2_000);
      await late;
      expect(queue.waiting).toBe(0);
      long.finish();
      await running;
    } finally {
      vi.useRealTimers();
    }
  });

  test('removes a waiter whose caller has disconnected', async () => {
    const queue = createFairQueue(LIMITS);
    const long = piece();
    const running = queue.run(share('a', 'x'), long.work);
    const client = new AbortController();
    const work = vi.fn(long.work);
    const waiting = queue.run(share('a', 'x'), work, client.signal);
    client.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    expect(queue.waiting).toBe(0);
    long.finish();
    await running;
    expect(work).not.toHaveBeenCalled();
    await expect(queue.run(share('b', 'x'), work, client.signal)).rejects.toThrow('gone');
  });

  test('never exceeds a limit and runs all accepted work, in any order of arrival', async () => {
    const arrivals = fc.array(fc.record({ group: fc.nat(2), member: fc.nat(2) }), {
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(arrivals, async (requests) => {
        const queue = createFairQueue(LIMITS);
        const now = new Map<string, number>();
        const change = (key: string, by: number) => now.set(key, (now.get(key) ?? 0) + by);
        const runs = requests.map(({ group, member }) => {
          const own = share(`${group}`, `${member}`);
          const keys = ['all', `g${group}`, `m${group}.${member}`];
          return queue.run(own, async () => {
            for (const key of keys) change(key, 1);
            expect(now.get('all')).toBeLessThanOrEqual(LIMITS.atOnce);
            expect(now.get(keys[1]!)).toBeLessThanOrEqual(LIMITS.perGroup);
            expect(now.get(keys[2]!)).toBeLessThanOrEqual(LIMITS.perMember);
            await nextTick();
            for (const key of keys) change(key, -1);
          });
        });
        const outcomes = await Promise.allSettled(runs);
        for (const outcome of outcomes) {
          if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'busy' });
        }
        expect([queue.running, queue.waiting]).toEqual([0, 0]);
      }),
      { numRuns: 100 },
    );
  });
});
