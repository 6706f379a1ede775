import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import { proofText, proveBatches } from '../testing/history.ts';
import { completenessHistories } from './testing-completeness.ts';

/** The same histories in each run, so that a failure is of the change that is tried; `npm run prove` takes others each time. */
const PLAN = { histories: 10_000, seed: 1259611775 };

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

it('each occupancy stands in one row of each run that it belongs to, and each litre is billed once', async () => {
  const proof = await proveBatches(completenessHistories(database), PLAN);
  expect(proof.failure, proofText('completeness', proof)).toBeUndefined();
}, 1_800_000);
