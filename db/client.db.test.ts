import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, openPool, readAs } from './client.ts';
import { createUtility } from './testing/fixtures.ts';
import { type TestDatabase, testDatabase } from './testing/testing.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

describe('a pool after a query that its caller abandoned', () => {
  it('never reuses the connection, with its transaction and its utility', async () => {
    const pool = openPool(database.url, {
      applicationName: 'give up',
      max: 1,
      queryTimeoutMs: 300,
    });
    const utilityId = await createUtility(database.adminPool);
    const left = await pool.connect();
    await left.query('begin');
    await left.query('select serve_utility($1)', [utilityId]);
    await expect(left.query('select pg_sleep(2)')).rejects.toThrow('timeout');
    left.release();
    const { rows } = await pool.query(
      `select current_utility_id() as utility, now() = statement_timestamp() as alone`,
    );
    expect(rows).toEqual([{ utility: null, alone: true }]);
    await pool.end();
  });

  it('does not reuse a connection that was left inside a transaction', async () => {
    const pool = openPool(database.url, { applicationName: 'left open', max: 1 });
    const left = await pool.connect();
    await left.query('begin');
    const { rows: before } = await left.query('select pg_backend_pid() as pid');
    left.release();
    const { rows: after } = await pool.query('select pg_backend_pid() as pid');
    expect(after[0].pid).not.toBe(before[0].pid);
    await pool.end();
  });

  it('reuses a connection whose work is finished', async () => {
    const pool = openPool(database.url, { applicationName: 'kept', max: 1 });
    const db = createDatabase(pool);
    const utilityId = await createUtility(database.adminPool);
    const { rows: first } = await pool.query('select pg_backend_pid() as pid');
    await readAs(db, utilityId, (tx) => tx.selectFrom('area').selectAll().execute());
    await expect(readAs(db, utilityId, () => Promise.reject(new Error('refused')))).rejects.toThrow(
      'refused',
    );
    const { rows: second } = await pool.query('select pg_backend_pid() as pid');
    expect(second[0].pid).toBe(first[0].pid);
    await pool.end();
  });

  it("gets the server's error when a statement takes too long", async () => {
    const pool = openPool(database.url, {
      applicationName: 'slow',
      max: 1,
      statementTimeoutMs: 200,
    });
    await expect(pool.query('select pg_sleep(5)')).rejects.toThrow(pg.DatabaseError);
    await pool.end();
  });
});
