import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import { proofText, proveBatches } from '../testing/history.ts';
import { agreementHistories } from './testing-agreement.ts';

/** The same histories in each run, so that a failure is of the change that is tried; `npm run prove` takes others each time. */
const PLAN = { histories: 10_000, seed: 1259611775 };

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

it('closing, household and meter agree on every day and period, whatever registers are spoiled', async () => {
  const proof = await proveBatches(agreementHistories(database), PLAN);
  expect(proof.failure, proofText('agreement', proof)).toBeUndefined();
}, 900_000);
