import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import { proofText, proveBatches } from '../testing/history.ts';
import { agreementHistories } from './testing-agreement.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

it('closing, household and meter agree on every day and period, whatever registers are spoiled', async () => {
  const proof = await proveBatches(agreementHistories(database), { histories: 10_000 });
  expect(proof.failure, proofText('agreement', proof)).toBeUndefined();
}, 900_000);
