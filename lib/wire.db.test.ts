import { afterAll, beforeAll, expect, expectTypeOf, test } from 'vitest';
import type * as schema from '../db/schema.ts';
import { type TestDatabase, testDatabase } from '../db/testing/testing.ts';
import { GAS_KINDS, type GasKind } from './gas-kind.ts';
import type { Arrival } from './readings/arrival.ts';
import { TERMINAL_MODELS, type TerminalModel } from './terminals/terminal-model.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

// The database cannot import the lists, so its check constraints are compared with them.
test.each([
  ['area_gas_kind_check', GAS_KINDS],
  ['meter_gas_kind_check', GAS_KINDS],
  ['supply_point_gas_kind_check', GAS_KINDS],
  ['tariff_gas_kind_check', GAS_KINDS],
  ['terminal_model_check', TERMINAL_MODELS],
])('the check %s allows what the list here has, no more and no less', async (name, listed) => {
  const { rows } = await database.adminPool.query<{ text: string }>(
    'select pg_get_constraintdef(oid) as text from pg_constraint where conname = $1',
    [name],
  );
  const allowed = Array.from(rows[0]!.text.matchAll(/'([^']+)'/g), ([, word]) => word);
  expect(allowed.sort()).toEqual([...listed].sort());
});

test('the types of the rows are those of the lists', () => {
  expectTypeOf<schema.GasKind>().toEqualTypeOf<GasKind>();
  expectTypeOf<schema.TerminalModel>().toEqualTypeOf<TerminalModel>();
  expectTypeOf<schema.Arrival>().toEqualTypeOf<Arrival>();
});
