import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAs } from '../client.ts';
import { createAccount } from './accounts.ts';
import { cloneDatabase, ensureTemplate } from './database.ts';
import { createTariff, createUtility, fitHousehold, rising, storeDay } from './fixtures.ts';
import { type TestDatabase, testDatabase, testServerUrl } from './testing.ts';

describe('test databases', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.close());

  it("have a handle bound by row security, and an administrator's that is not", async () => {
    const role = `select current_user as role, row_security_active('utility') as bound`;
    expect((await database.pool.query(role)).rows).toEqual([{ role: 'kenshin_app', bound: true }]);
    expect((await database.adminPool.query(role)).rows[0].bound).toBe(false);
  });

  it('can be filled with a household and a day of readings', async () => {
    const admin = database.adminPool;
    const utilityId = await createUtility(admin);
    const tariffId = await createTariff(admin, utilityId);
    const home = await fitHousehold(admin, utilityId, { closingDay: 20, tariffId });
    await createAccount(admin, utilityId, { role: 'billing' });
    await storeDay(admin, utilityId, { ...home, day: '2025-04-01', indexL: rising(100, 10) });
    const rows = await readAs(database.db, utilityId, (db) =>
      db.selectFrom('meter_day').select(['day', 'closing_index_l', 'closing_hour']).execute(),
    );
    expect(rows).toEqual([{ day: '2025-04-01', closing_index_l: 330, closing_hour: 24 }]);
  });

  it('are separate, and dropped when closed', async () => {
    const other = await cloneDatabase(testServerUrl());
    const name = (await other.adminPool.query('select current_database() as name')).rows[0].name;
    await createUtility(other.adminPool, 'only-there');
    const seen = await database.adminPool.query(`select from utility where code = 'only-there'`);
    expect(seen.rowCount).toBe(0);
    await other.close();
    const left = await sql`select from pg_database where datname = ${name}`.execute(database.db);
    expect(left.rows).toEqual([]);
  });

  it('are cloned from a template that is built once, whatever the number of callers', async () => {
    const names = await Promise.all([1, 2, 3].map(() => ensureTemplate(testServerUrl())));
    expect(new Set(names).size).toBe(1);
  });
});
