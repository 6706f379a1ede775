/**
 * Runs of closings by a compromised web process: any SQL in its role, with the token of a live session or a live key. It
 * issues in that name only what that name may issue, adds rows to its own drafts alone, and changes no row.
 */
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueKey, openSession, openStaffSession, type TestKey } from './testing/sessions.ts';
import { asTaken, type Secret } from './testing/taken-process.ts';
import {
  type AppLogin,
  createAppLogin,
  DENIED,
  fillUtility,
  refusalOf,
} from './testing/tenancy.ts';
import { type TestDatabase, testDatabase } from './testing/testing.ts';

let database: TestDatabase;
let web: AppLogin;
let own: number;
let billing: { token: string; accountId: number };
let analyst: { token: string; accountId: number };
let household: { token: string };
let reading: TestKey;
let filing: TestKey;

beforeAll(async () => {
  database = await testDatabase();
  web = await createAppLogin(database, 'kenshin_web');
  own = await fillUtility(database.adminPool);
  billing = await openStaffSession(database.adminPool, own, 'billing');
  analyst = await openStaffSession(database.adminPool, own, 'analyst');
  const { rows } = await database.adminPool.query<{ occupancy_id: number }>(
    'select occupancy_id from occupancy where utility_id = $1 limit 1',
    [own],
  );
  household = await openSession(database.adminPool, own, { occupancyId: rows[0]!.occupancy_id });
  reading = await issueKey(database.adminPool, own, ['closing.read']);
  filing = await issueKey(database.adminPool, own, ['closing.export']);
});
afterAll(async () => {
  await web.close();
  await database.close();
});

const taken = <T>(secret: Secret, fn: (client: pg.PoolClient) => Promise<T>) =>
  asTaken(web.pool, secret, fn);
const attempt = (secret: Secret, text: string): Promise<string | undefined> =>
  taken(secret, (client) => refusalOf(client, text));

const open = (actor: string, closesOn = '2025-02-20') =>
  `select open_closing_run(20, '${closesOn}', '2025-01-20', null, null, 1, now(), '${actor}') as run`;
const row = (run: string, number = 1) =>
  `insert into closing_run_row (utility_id, run_id, row_number, supply_point_id, occupancy_id, customer_number, kind, closes_on,
     remembered, facts) values (${own}, ${run}, ${number}, 1, 1, '1', 'regular', '2025-02-20', true, '{}')`;
const figure = (run: string, number = 1) =>
  `insert into closing_run_figure (utility_id, run_id, row_number, quality, remarks) values (${own}, ${run}, ${number}, 'none', '{}')`;
const ISSUED = "(select max(run_id) from closing_run where state = 'issued')";

describe('a compromised web process with runs of closings', () => {
  it.each([
    ['a run of its own making', 'insert into closing_run (utility_id) values (1)'],
    ['another state', `update closing_run set state = 'superseded'`],
    ['a run removed', 'delete from closing_run'],
    ['a row changed', 'update closing_run_row set index_l = 0'],
    ['a row removed', 'delete from closing_run_row'],
    ['a figure changed', 'update closing_run_figure set usage_l = 0'],
    ['a file removed', 'delete from closing_run_file'],
    ['the actor of a run', `select closing_actor('system:closing')`],
  ])('does not get: %s', async (_what, text) => {
    for (const secret of [null, billing.token, analyst.token, household.token, filing]) {
      expect(await attempt(secret, text)).toBe(DENIED);
    }
  });

  it('opens none in another name, nor in one that may not', async () => {
    for (const secret of [null, billing.token, filing]) {
      expect(await attempt(secret, open('system:closing'))).toBe(DENIED);
      expect(await attempt(secret, open(`staff:${analyst.accountId}`))).toBe(DENIED);
    }
    expect(await attempt(analyst.token, open(`staff:${analyst.accountId}`))).toBe(DENIED);
    expect(await attempt(household.token, open('consumer:1'))).toBe(DENIED);
    expect(await attempt(reading, open(`key:${reading.keyId}`))).toBe(DENIED);
    expect(await attempt(billing.token, open(`staff:${billing.accountId}`))).toBeUndefined();
    expect(await attempt(filing, open(`key:${filing.keyId}`))).toBeUndefined();
  });

  it('opens none of a day that does not close', async () => {
    const text = open(`staff:${billing.accountId}`, '2025-02-19');
    expect(await attempt(billing.token, text)).toBe('23514');
  });

  it('adds no row to a run that was issued, and none to a draft of another', async () => {
    expect(await attempt(billing.token, row(ISSUED, 2))).toBe(DENIED);
    expect(await attempt(billing.token, figure(ISSUED, 2))).toBe(DENIED);
    const { rows } = await database.adminPool.query<{ run_id: number }>(
      `insert into closing_run (utility_id, closing_day, closes_on, previous_on, rules, made_by, made_at)
       values ($1, 20, '2025-03-20', '2025-02-20', 1, $2, now()) returning run_id`,
      [own, `key:${filing.keyId}`],
    );
    const draft = String(rows[0]!.run_id);
    expect(await attempt(billing.token, row(draft))).toBe(DENIED);
    expect(await attempt(filing, row(draft))).toBeUndefined();
    const name = `staff:${billing.accountId}`;
    const check = (actor: string) =>
      `select check_closing_run(${draft}, '{}', sha256('x'), '${actor}')`;
    expect(await attempt(billing.token, check(name))).toBe('23514');
    expect(await attempt(billing.token, check(`key:${filing.keyId}`))).toBe(DENIED);
  });

  it('adds no row once its draft is checked, and checks none with a row that has no figures', async () => {
    const name = `staff:${billing.accountId}`;
    await taken(billing.token, async (client) => {
      const { rows } = await client.query(open(name));
      const { run } = rows[0];
      await client.query(row(run));
      const check = `select check_closing_run(${run}, '{}', sha256('x'), '${name}')`;
      expect(await refusalOf(client, check)).toBe('23514');
      await client.query(figure(run));
      await client.query(check);
      expect(await refusalOf(client, row(run, 2))).toBe(DENIED);
      await client.query(`select issue_closing_run(${run}, now(), '${name}')`);
      expect(await refusalOf(client, row(run, 2))).toBe(DENIED);
    });
  });

  it('notes no file in another name', async () => {
    const text = `insert into closing_run_file (utility_id, run_id, export, format, made_by, made_at)
      values (${own}, ${ISSUED}, gen_random_uuid(), 'machine', 'system:closing', now())`;
    for (const secret of [billing.token, filing]) expect(await attempt(secret, text)).toBe(DENIED);
  });

  it('leaves its name in the audit when it issues', async () => {
    const name = `staff:${billing.accountId}`;
    const client = await web.pool.connect();
    try {
      await client.query('begin');
      await client.query('select claim_session($1)', [billing.token]);
      const { rows } = await client.query(open(name));
      await client.query(row(rows[0].run));
      await client.query(figure(rows[0].run));
      await client.query(`select check_closing_run(${rows[0].run}, '{}', sha256('x'), '${name}')`);
      await client.query(`select issue_closing_run(${rows[0].run}, now(), '${name}')`);
      await client.query('commit');
    } finally {
      client.release();
    }
    const { rows } = await database.adminPool.query(
      `select actor, detail ->> 'rows' as rows from audit where utility_id = $1 and act = 'closing.issued'`,
      [own],
    );
    expect(rows).toEqual([{ actor: name, rows: '1' }]);
  });
});
