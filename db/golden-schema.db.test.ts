import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dumpSchema, GOLDEN_SCHEMA } from './golden-schema.ts';
import { type TestDatabase, testDatabase, testPrograms } from './testing/testing.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

it('db/schema.sql is what the migrations make', async () => {
  const bin = await testPrograms();
  expect(await dumpSchema(database.adminUrl, bin)).toBe(await readFile(GOLDEN_SCHEMA, 'utf8'));
});

it('the dump changes with the schema', async () => {
  const bin = await testPrograms();
  const before = await dumpSchema(database.adminUrl, bin);
  await database.adminPool.query(`alter function quarantine_frame owner to current_user`);
  const after = await dumpSchema(database.adminUrl, bin);
  expect(after).not.toBe(before);
});
