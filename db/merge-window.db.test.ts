import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from './testing/testing.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

it('two windows merged equal a model of two sets of counters', async () => {
  const window = fc.record({
    high: fc.integer({ min: 0, max: 300 }),
    seen: fc.uniqueArray(fc.integer({ min: 0, max: 63 }), { maxLength: 64 }),
  });
  await fc.assert(
    fc.asyncProperty(window, window, async (a, b) => {
      const { rows } = await database.adminPool.query<{ merged: string }>(
        'select merge_window($1, $2, $3, $4) as merged',
        [a.high, mask(a.seen), b.high, mask(b.seen)],
      );
      expect(BigInt(rows[0]!.merged)).toBe(BigInt(model(a, b)));
    }),
    { numRuns: 300 },
  );
});

interface Window {
  high: number;
  seen: number[];
}

function mask(seen: number[]): string {
  const bits = seen.reduce((sum, bit) => sum | (1n << BigInt(bit)), 0n);
  return BigInt.asIntN(64, bits).toString();
}

function model(a: Window, b: Window): string {
  const high = Math.max(a.high, b.high);
  const counters = new Set([a, b].flatMap((each) => each.seen.map((bit) => each.high - bit)));
  return mask([...counters].map((counter) => high - counter).filter((bit) => bit < 64));
}
