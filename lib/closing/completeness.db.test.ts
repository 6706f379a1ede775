import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import { proofText, proveBatches } from '../testing/history.ts';
import { completenessHistories } from './testing-completeness.ts';

const HISTORIES = 10_000;

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

it('each occupancy stands in one row of each run that it belongs to, and each litre is billed once', async () => {
  const proof = await proveBatches(completenessHistories(database), { histories: HISTORIES });
  expect(proof.failure, proofText('completeness', proof)).toBeUndefined();
}, 1_800_000);
