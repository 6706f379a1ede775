import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUtility } from './testing/fixtures.ts';
import { type TestDatabase, testDatabase } from './testing/testing.ts';

let database: TestDatabase;
let clients: pg.PoolClient[];

beforeAll(async () => {
  database = await testDatabase();
  clients = [await database.ingestPool.connect(), await database.ingestPool.connect()];
});
afterAll(async () => {
  for (const client of clients) client.release();
  await database.close();
});

/** Stores 2,000 days of one meter, all with the same index, in ascending or descending order. */
function store(
  client: pg.PoolClient,
  of: { utilityId: number; meterId: number; order: 'asc' | 'desc'; index: number },
): Promise<unknown> {
  return client.query(
    `select * from store_day_reports($1,
       array(select row($2::integer, date '2000-01-01' + n, 1, array_fill($3::integer, array[24]), array_fill(1::smallint, array[24]),
                        $3::integer, 24::smallint, $3::bigint, $3::integer, 1::smallint)::day_report_row
             from generate_series(1, 2000) n order by n ${of.order}),
       '{}', now())`,
    [of.utilityId, of.meterId, of.index],
  );
}

describe('two batches at the same time with the same days in opposite orders', () => {
  it('wait for each other without a deadlock', async () => {
    const utilityId = await createUtility(database.adminPool);
    const [one, two] = clients as [pg.PoolClient, pg.PoolClient];
    for (let meterId = 1; meterId <= 6; meterId += 1) {
      const outcomes = await Promise.allSettled([
        store(one, { utilityId, meterId, order: 'asc', index: 1 }),
        store(two, { utilityId, meterId, order: 'desc', index: 1 }),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    }
  });
});

describe('a refused frame', () => {
  it("is on disk after its transaction, whatever the role's settings", async () => {
    const [client] = clients as [pg.PoolClient];
    await client.query('begin');
    await client.query('set local synchronous_commit = off');
    await client.query(`select quarantine_frame('1', 't/1/up', 'replay', null, '')`);
    const { rows } = await client.query('show synchronous_commit');
    await client.query('rollback');
    expect(rows).toEqual([{ synchronous_commit: 'on' }]);
  });
});
