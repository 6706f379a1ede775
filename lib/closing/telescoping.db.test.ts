import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import { proofText, proveBatches } from '../testing/history.ts';
import { telescopingHistories } from './testing-telescoping.ts';

/** The same histories in each run, so that a failure is of the change that is tried; `npm run prove` takes others each time. */
const PLAN = { histories: 10_000, seed: 1259611775 };

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

it('rows and vacant stretches of a supply point add up to what its registers say', async () => {
  const proof = await proveBatches(telescopingHistories(database), PLAN);
  expect(proof.failure, proofText('telescoping', proof)).toBeUndefined();
}, 1_800_000);
