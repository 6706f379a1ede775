/** A closing whose client has gone: the database stops working on it, also before it has a first row. */
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { createUtility, fitHousehold } from '../db/testing/fixtures.ts';
import { openStaffSession } from '../db/testing/sessions.ts';
import { type TestDatabase, testDatabase } from '../db/testing/testing.ts';
import { latestClosing } from '../lib/closing/closing-day.ts';
import { streamClosingRows } from '../lib/closing/closing-queries.ts';
import { openPools } from './pools.ts';

const NOW = new Date('2026-11-26T10:00:00+09:00');

let database: TestDatabase;
let utilityId: number;
/** Holds a table that every closing reads, so that a closing runs until it is ended. */
let holder: pg.PoolClient;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  utilityId = await createUtility(database.adminPool);
  await fitHousehold(database.adminPool, utilityId, { closingDay: 20 });
  holder = await database.adminPool.connect();
  await holder.query('begin');
  await holder.query('lock table meter_fitting in access exclusive mode');
});
afterEach(async () => {
  await holder.query('rollback');
  holder.release();
});

async function untilClosingsRun(count: number): Promise<void> {
  await vi.waitFor(
    async () => {
      const { rows } = await database.adminPool.query<{ count: number }>(
        `select count(*)::integer as count from pg_stat_activity
         where application_name like 'kenshin web %' and state = 'active' and query like '%"closesOn"%'`,
      );
      expect(rows[0]?.count).toBe(count);
    },
    { timeout: 30_000 },
  );
}

it('a closing whose client disconnects ends before its first row', async () => {
  const pools = openPools(database.webUrl, () => undefined);
  const { token, accountId, sessionId } = await openStaffSession(
    ...([database.adminPool, utilityId, 'billing'] as const),
  );
  const actor = { kind: 'staff', utilityId, accountId, role: 'billing', sessionId } as const;
  const client = new AbortController();
  const work = pools.workOf(actor, { sessionToken: token }).read(
    async (db) => {
      const selection = { closingDay: 20, closings: [latestClosing(20, NOW)], now: NOW };
      for await (const row of streamClosingRows(db, actor, selection)) {
        throw new Error(`there is a row of ${row.customerNumber}`);
      }
    },
    { cost: 'file', signal: client.signal },
  );
  const ended = expect(work).rejects.toThrow('the client has gone');
  await untilClosingsRun(1);
  client.abort(new Error('the client has gone'));
  await ended;
  await untilClosingsRun(0);
  expect(pools.state().find(({ name }) => name === 'file turns')?.inUse).toBe(0);
});
