import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import { proofText, proveHistories } from '../testing/history.ts';
import { rollUpHistories } from './testing-area-day-histories.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

describe('the roll-up of area days', () => {
  // More histories: npm run -s prove -- rollup --histories 1000
  it('equals a full scan of readings and register after any history and at any state of progress', async () => {
    let used = 0;
    const property = rollUpHistories(database, () => {
      used += 1;
    });
    const proof = await proveHistories(property, { histories: 8 });
    expect(proof.failure, proofText('rollup', proof)).toBeUndefined();
    expect(used).toBeGreaterThan(0);
  }, 300_000);
});
