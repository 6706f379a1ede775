import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../db/testing/testing.ts';
import { asKeyScope, asStaffRole, KEY_SCOPES, STAFF_ROLES } from './actor.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

// The database cannot import the lists, so its check constraints are compared with them.
test.each([
  ['account_role_check', STAFF_ROLES],
  ['api_key_scopes_known', KEY_SCOPES],
])('the check %s allows exactly the values of the list', async (name, listed) => {
  const { rows } = await database.adminPool.query<{ text: string }>(
    'select pg_get_constraintdef(oid) as text from pg_constraint where conname = $1',
    [name],
  );
  const allowed = Array.from(rows[0]!.text.matchAll(/'([^']+)'/g), ([, word]) => word);
  expect(allowed.sort()).toEqual([...listed].sort());
});

test('an unknown role or scope is an error', () => {
  expect(asStaffRole('admin')).toBe('admin');
  expect(asKeyScope('meter.read')).toBe('meter.read');
  expect(() => asStaffRole('owner')).toThrow('"owner" is no role');
  expect(() => asKeyScope('register.write')).toThrow('"register.write" is no scope of a key');
});
