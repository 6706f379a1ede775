import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import { proofText, proveBatches } from '../testing/history.ts';
import { telescopingHistories } from './testing-telescoping.ts';

const HISTORIES = 10_000;

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

it('rows and vacant stretches of a supply point add up to what its registers say', async () => {
  const proof = await proveBatches(telescopingHistories(database), { histories: HISTORIES });
  expect(proof.failure, proofText('telescoping', proof)).toBeUndefined();
}, 1_800_000);
