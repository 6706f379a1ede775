// Items of the work-list belong to the place, customer and closing of their days, and stay until what was decided is what is stored.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readAs, transactAs } from '../../db/client.ts';
import {
  createSupplyPoint,
  createUtility,
  fitHousehold,
  type Household,
  occupy,
} from '../../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import { editReading } from '../editing/edit-commands.ts';
import { validateAll } from '../validation/testing-validate.ts';
import { spoil, storeHours } from './testing-work-list.ts';
import { listWork } from './work-list-queries.ts';

const NOW = new Date('2026-11-15T12:00:00+09:00');

let database: TestDatabase;
let utilityId: number;

const system = () => ({ kind: 'system', utilityId, name: 'test' }) as const;

const itemsOf = ({ meterId }: Household) =>
  readAs(database.db, utilityId, async (read) => {
    const ask = { order: 'closing', limit: 50, now: NOW, meterId } as const;
    return (await listWork(read, system(), ask)).rows;
  });

/** A household with hours that no meter can show, validated. */
async function spoiled(values: Record<string, number>): Promise<Household> {
  const home = await fitHousehold(database.adminPool, utilityId, { closingDay: 31 });
  await database.adminPool.query(
    'update meter set dial_l = 100000000, size = 6 where meter_id = $1',
    [home.meterId],
  );
  await storeHours(database.adminPool, utilityId, home, spoil(values));
  await validateAll(database, utilityId, NOW);
  return home;
}

const decide = ({ meterId }: Household, kind: 'struck' | 'confirmed', at: [string, number]) =>
  transactAs(database.db, utilityId, (tx) =>
    editReading(tx, system(), {
      ...({ reason: 'terminal-error', note: '', acknowledgedClosings: [] } as const),
      ...{ kind, meterId, day: at[0], hourEnding: at[1], now: NOW },
    }),
  );

beforeAll(async () => {
  database = await testDatabase();
  utilityId = await createUtility(database.adminPool);
});
afterAll(() => database.close());

it('days that do not follow each other are items of their own', async () => {
  const home = await spoiled({ '2026-10-10 13': 1_300_000, '2026-10-12 13': 1_300_000 });
  const items = (await itemsOf(home)).map(({ fromOn, toOn }) => [fromOn, toOn]);
  expect(items).toEqual([
    ['2026-10-10', '2026-10-10'],
    ['2026-10-12', '2026-10-12'],
  ]);
});

it('an item of several rules has that of the most litres', async () => {
  const home = await spoiled({ '2026-10-10 13': 1_000_000, '2026-10-11 13': 2_000_000 });
  expect(await itemsOf(home)).toMatchObject([{ rule: 'jumped', rules: ['jumped', 'fell'] }]);
  const other = await spoiled({ '2026-10-10 13': 20, '2026-10-11 13': 1_030_000 });
  expect(await itemsOf(other)).toMatchObject([{ rule: 'fell', rules: ['fell', 'jumped'] }]);
});

it('a value that replaces the one that was confirmed is in doubt again', async () => {
  const home = await spoiled({ '2026-10-10 13': 1_027_800 });
  await decide(home, 'confirmed', ['2026-10-10', 13]);
  expect(await itemsOf(home)).toEqual([]);
  await database.adminPool.query(
    `update series.meter_day set index_l[13] = 1028500 where meter_id = $1 and day = '2026-10-10'`,
    [home.meterId],
  );
  await validateAll(database, utilityId, NOW);
  expect(await itemsOf(home)).toMatchObject([{ fromOn: '2026-10-10', rule: 'jumped' }]);
});

it('a step leaves the list where a register at it is confirmed, and not where one is struck out', async () => {
  const home = await fitHousehold(database.adminPool, utilityId, { closingDay: 31 });
  await database.adminPool.query(
    'update meter set dial_l = 100000000, size = 6 where meter_id = $1',
    [home.meterId],
  );
  await storeHours(database.adminPool, utilityId, home, (day, _hour, soundL) =>
    day >= '2026-11-05' ? soundL + 500_000 : soundL,
  );
  await validateAll(database, utilityId, NOW);
  expect(await itemsOf(home)).toMatchObject([{ fromOn: '2026-11-05', steps: 1 }]);
  await decide(home, 'confirmed', ['2026-11-05', 1]);
  expect(await itemsOf(home)).toEqual([]);
});

it('an item has the place and the customer of its days', async () => {
  const home = await spoiled({ '2026-10-10 13': 1_300_000 });
  const { adminPool } = database;
  const at = '2026-10-20T12:00:00+09:00';
  await adminPool.query('update meter_fitting set removed_at = $2 where meter_id = $1', [
    home.meterId,
    at,
  ]);
  const elsewhere = await createSupplyPoint(adminPool, utilityId, { closingDay: 5 });
  await adminPool.query(
    `insert into meter_fitting (utility_id, meter_id, supply_point_id, fitted_at) values ($1, $2, $3, $4)`,
    [utilityId, home.meterId, elsewhere, at],
  );
  await adminPool.query(`update occupancy set to_on = '2026-10-15' where occupancy_id = $1`, [
    home.occupancyId,
  ]);
  await occupy(adminPool, utilityId, { supplyPointId: home.supplyPointId, fromOn: '2026-10-18' });
  const { rows } = await adminPool.query<{ number: string }>(
    'select number from supply_point where supply_point_id = $1',
    [home.supplyPointId],
  );
  expect(await itemsOf(home)).toMatchObject([
    { supplyPointNumber: rows[0]!.number, customerNumber: home.customerNumber },
  ]);
});

it('the closing of an item is issued only while an issued run of it stands', async () => {
  const home = await spoiled({ '2026-10-10 13': 1_300_000 });
  const state = async () => (await itemsOf(home))[0]?.closing.state;
  expect(await state()).toBe('closed');
  const { adminPool } = database;
  await adminPool.query(
    `insert into closing_run (utility_id, closing_day, closes_on, previous_on, rules, state, made_by, made_at, row_count, counts, checksum,
       issued_by, issued_name, issued_at)
     values ($1, 31, '2026-10-31', '2026-09-30', 1, 'issued', 'system:test', $2, 0, '{}', sha256(''), 'system:test', 'test', $2)`,
    [utilityId, NOW],
  );
  expect(await state()).toBe('issued');
  await adminPool.query(
    `update closing_run set state = 'superseded', superseded_at = $2 where utility_id = $1`,
    [utilityId, NOW],
  );
  expect(await state()).toBe('closed');
});

it('the closing of an item is that of the closing day of then', async () => {
  const home = await spoiled({ '2026-10-10 13': 1_300_000 });
  await database.adminPool.query(
    `insert into former_closing_day (utility_id, supply_point_id, until_on, closing_day) values ($1, $2, '2026-11-01', 20)`,
    [utilityId, home.supplyPointId],
  );
  expect((await itemsOf(home))[0]?.closing).toMatchObject({ closesOn: '2026-10-20' });
});
