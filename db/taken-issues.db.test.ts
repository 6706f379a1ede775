/**
 * Issues of closings by a compromised web process or worker. The web process asks and cancels in the name of a session or
 * key that may; the worker issues what was asked for alone, in the name of the one who asked.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueKey, openSession, openStaffSession, type TestKey } from './testing/sessions.ts';
import { asTaken, type Secret } from './testing/taken-process.ts';
import {
  type AppLogin,
  createAppLogin,
  DENIED,
  fillUtility,
  inUtility,
  refusalOf,
} from './testing/tenancy.ts';
import { type TestDatabase, testDatabase } from './testing/testing.ts';

let database: TestDatabase;
let web: AppLogin;
let worker: AppLogin;
let own: number;
let other: number;
let billing: { token: string; accountId: number };
let analyst: { token: string; accountId: number };
let household: { token: string };
let reading: TestKey;
let filing: TestKey;

beforeAll(async () => {
  database = await testDatabase();
  web = await createAppLogin(database, 'kenshin_web');
  worker = await createAppLogin(database, 'kenshin_worker');
  own = await fillUtility(database.adminPool);
  other = await fillUtility(database.adminPool);
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
  await worker.close();
  await database.close();
});

const attempt = (secret: Secret, text: string): Promise<string | undefined> =>
  asTaken(web.pool, secret, (client) => refusalOf(client, text));
const asWorker = (text: string): Promise<string | undefined> =>
  inUtility(worker.pool, own, (client) => refusalOf(client, text));

const ask = (actor: string, closesOn = '2025-02-20') =>
  `select * from ask_closing_issue(20, '{${closesOn}}', null, null, 'machine', null, null, now(), '${actor}')`;
const issueOf = async (utilityId: number): Promise<number> => {
  const { rows } = await database.adminPool.query<{ issue_id: number }>(
    'select min(issue_id) as issue_id from closing_issue where utility_id = $1',
    [utilityId],
  );
  return rows[0]!.issue_id;
};

describe('a compromised web process with issues of closings', () => {
  it.each([
    ['an issue of its own making', 'insert into closing_issue (utility_id) values (1)'],
    ['another state', `update closing_issue set state = 'issued'`],
    ['another asker', `update closing_issue set asked_by = 'system:test'`],
    ['an issue removed', 'delete from closing_issue'],
    ['the name of the one who asked', 'select claim_closing_issue(1, 1)'],
    ['a begin', 'select begin_closing_issue(1, now())'],
    ['an end', `select finish_closing_issue(1, 1, '{1}', '{1}', now())`],
    ['a failure', `select fail_closing_issue(1, 1, 'fault', '', null, now())`],
    ['a job', `select enqueue_job('issue-closings', ${1}, '{}', 'all', null)`],
  ])('does not get: %s', async (_what, text) => {
    for (const secret of [null, billing.token, analyst.token, household.token, filing]) {
      expect(await attempt(secret, text)).toBe(DENIED);
    }
  });

  it('asks in no other name, nor in one that may not', async () => {
    for (const secret of [null, billing.token, filing]) {
      expect(await attempt(secret, ask('system:closing'))).toBe(DENIED);
      expect(await attempt(secret, ask(`staff:${analyst.accountId}`))).toBe(DENIED);
    }
    expect(await attempt(analyst.token, ask(`staff:${analyst.accountId}`))).toBe(DENIED);
    expect(await attempt(household.token, ask('consumer:1'))).toBe(DENIED);
    expect(await attempt(reading, ask(`key:${reading.keyId}`))).toBe(DENIED);
    expect(await attempt(billing.token, ask(`staff:${billing.accountId}`))).toBeUndefined();
    expect(await attempt(filing, ask(`key:${filing.keyId}`))).toBeUndefined();
  });

  it('asks for no day that does not close, nor for more than are taken', async () => {
    const name = `staff:${billing.accountId}`;
    for (const days of ['2025-02-19', '2025-02-20,2025-01-20', '2025-02-20,2025-02-20', '']) {
      expect(await attempt(billing.token, ask(name, days))).toBe('23514');
    }
    const many = `select ask_closing_issue(d, array[date '2024-12-01' + d - 1], c::text, null, 'machine', null, null, now(), '${name}')
      from generate_series(1, 31) d, generate_series(1, 3) c`;
    expect(await attempt(billing.token, many)).toBe('23514');
  });

  it('cancels in no other name, and none of another utility', async () => {
    const cancel = (issueId: number, actor: string) =>
      `select cancel_closing_issue(${issueId}, now(), '${actor}')`;
    const name = `staff:${billing.accountId}`;
    const [mine, foreign] = [await issueOf(own), await issueOf(other)];
    expect(await attempt(billing.token, cancel(mine, 'system:x'))).toBe(DENIED);
    expect(await attempt(analyst.token, cancel(mine, `staff:${analyst.accountId}`))).toBe(DENIED);
    expect(await attempt(reading, cancel(mine, `key:${reading.keyId}`))).toBe(DENIED);
    expect(await attempt(billing.token, cancel(foreign, name))).toBe('23514');
    expect(await attempt(billing.token, cancel(mine, name))).toBeUndefined();
  });
});

describe('a compromised worker', () => {
  const open = (actor: string) =>
    `select open_closing_run(31, '2025-01-31', '2024-12-31', null, null, 1, now(), '${actor}')`;

  it.each([
    ['an issue of its own making', 'insert into closing_issue (utility_id) values (1)'],
    ['another state', `update closing_issue set state = 'issued'`],
    ['an issue that is asked for', ask('system:test')],
    ['a cancelled one', `select cancel_closing_issue(1, now(), 'system:test')`],
    ['an issued run', `update closing_run set state = 'issued'`],
    ['a row changed', 'update closing_run_row set index_l = 0'],
    ['a file noted', 'insert into closing_run_file (utility_id) values (1)'],
  ])('does not get: %s', async (_what, text) => {
    expect(await asWorker(text)).toBe(DENIED);
  });

  it('opens no run for any utility that it serves, in whatever name', async () => {
    for (const actor of ['system:test', 'system:worker', `staff:${billing.accountId}`]) {
      expect(await asWorker(open(actor))).toBe(DENIED);
    }
  });

  it('acts for the one who asked while the issue is open, and in no other name', async () => {
    const client = await worker.pool.connect();
    try {
      await client.query('begin');
      const issueId = await issueOf(own);
      const claimed = await client.query('select actor from claim_closing_issue($1, $2)', [
        own,
        issueId,
      ]);
      expect(claimed.rows).toEqual([{ actor: 'system:test' }]);
      expect(await refusalOf(client, open(`staff:${billing.accountId}`))).toBe(DENIED);
      expect(await refusalOf(client, open('system:test'))).toBeUndefined();
      // Not begun: there is nothing to end.
      const finish = `select finish_closing_issue(${issueId}, 0, '{1}', '{1}', now())`;
      expect(await refusalOf(client, finish)).toBe('23514');
      const foreign = await client.query('select actor from claim_closing_issue($1, $2)', [
        other,
        issueId,
      ]);
      expect(foreign.rows).toEqual([]);
      expect(await refusalOf(client, open('system:test'))).toBe(DENIED);
    } finally {
      await client.query('rollback');
      client.release();
    }
  });

  it('ends no issue with runs that were not issued of its closings', async () => {
    const client = await worker.pool.connect();
    try {
      await client.query('begin');
      const issueId = await issueOf(own);
      await client.query('select claim_closing_issue($1, $2)', [own, issueId]);
      await client.query('select begin_closing_issue($1, now())', [issueId]);
      const finish = (runs: string) =>
        `select finish_closing_issue(${issueId}, 1, '{${runs}}', '{}', now())`;
      expect(await refusalOf(client, finish('2000000000'))).toBe('23514');
      expect(await refusalOf(client, finish(''))).toBe('23514');
      const note = `update closing_issue set phase = 'figures', rows_done = 1 where issue_id = ${issueId}`;
      expect(await refusalOf(client, note)).toBeUndefined();
    } finally {
      await client.query('rollback');
      client.release();
    }
  });
});
