import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import { proofText, proveHistories } from '../../lib/testing/history.ts';
import { downlinkHistories } from '../testing/downlink-histories.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

// More histories: npm run -s prove -- downlink --histories 1000
it('messages to terminals keep their order and have one true outcome, and a terminal has one connection, in any history', async () => {
  const proof = await proveHistories(downlinkHistories(database), { histories: 25 });
  expect(proof.failure, proofText('downlink', proof)).toBeUndefined();
}, 300_000);
