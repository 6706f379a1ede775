import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BatchProperty,
  type HistoryProperty,
  proofText,
  proveBatches,
  proveHistories,
} from './history.ts';

/** Fails when a number above 7 comes after a 3. */
const numbers: HistoryProperty<number> = {
  histories: fc.array(fc.nat({ max: 9 }), { maxLength: 20 }),
  live: async (history) => {
    const three = history.indexOf(3);
    const late = three < 0 ? [] : history.slice(three).filter((number) => number > 7);
    if (late.length > 0) throw new Error(`${late[0]} came after 3`);
  },
};

describe('a proof over random histories', () => {
  it('reports how many held', async () => {
    const harmless = { ...numbers, histories: fc.array(fc.nat({ max: 7 })) };
    const counts: number[] = [];
    const onHistory = (ran: number) => counts.push(ran);
    const proof = await proveHistories(harmless, { histories: 5, seed: 1, onHistory });
    expect(proof).toEqual({ held: 5, seed: 1 });
    expect(counts).toEqual([1, 2, 3, 4, 5]);
    expect(proofText('numbers', proof)).toBe('numbers: all 5 histories held (seed 1)');
  });

  it('ends with the smallest history that fails', async () => {
    const proof = await proveHistories(numbers, { histories: 1000, seed: 1 });
    expect(proof.failure).toEqual({ history: [3, 8], message: '8 came after 3' });
    expect(proof.held).toBeLessThan(1000);
    expect(proofText('numbers', proof).split('\n').slice(1)).toEqual([
      '  1. 3',
      '  2. 8',
      '8 came after 3',
    ]);
  });

  it('runs the same histories with the same seed', async () => {
    const lived = async () => {
      const histories: (readonly number[])[] = [];
      const live = async (history: readonly number[]) => void histories.push(history);
      await proveHistories({ ...numbers, live }, { histories: 10, seed: 42 });
      return histories;
    };
    expect(await lived()).toEqual(await lived());
  });
});

/** The same property in batches of seven. */
const batches: BatchProperty<number> = {
  histories: numbers.histories,
  batchSize: 7,
  live: (histories) =>
    Promise.all(
      histories.map((history) =>
        numbers.live(history).then(
          () => undefined,
          (error: Error) => error.message,
        ),
      ),
    ),
};

describe('a proof in batches', () => {
  it('reports how many held, batch by batch', async () => {
    const harmless = { ...batches, histories: fc.array(fc.nat({ max: 7 })) };
    const counts: number[] = [];
    const onHistory = (ran: number) => counts.push(ran);
    const proof = await proveBatches(harmless, { histories: 16, seed: 1, onHistory });
    expect(proof).toEqual({ held: 16, seed: 1 });
    expect(counts).toEqual([7, 14, 16]);
  });

  it('finds the same failure as single runs, without the events that it does not need', async () => {
    const plan = { histories: 1000, seed: 1 };
    const { held, failure } = await proveBatches(batches, plan);
    expect(held).toBe((await proveHistories(numbers, plan)).held);
    const [three, late, ...others] = failure?.history.slice(-2) ?? [];
    expect([three, others]).toEqual([3, []]);
    expect(failure?.message).toBe(`${late} came after 3`);
    // The first event, what a history is about, stays.
    expect(failure?.history.length).toBeLessThanOrEqual(3);
  });

  it('says so when a history fails only beside others', async () => {
    const together = {
      ...batches,
      live: async (all: readonly unknown[]) =>
        all.map(() => (all.length > 1 ? 'crowded' : undefined)),
    };
    await expect(proveBatches(together, { histories: 10, seed: 1 })).rejects.toThrow(
      'history 1 of seed 1 fails only beside others',
    );
  });
});
