/**
 * Attacks by a compromised sidecar: any SQL in its role. It serves every utility and so may name any; tests what is
 * refused, and what remains possible as docs/database.md says.
 */
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type AppLogin,
  createAppLogin,
  DENIED,
  fillUtility,
  refusalOf,
} from './testing/tenancy.ts';
import { type TestDatabase, testDatabase } from './testing/testing.ts';

let database: TestDatabase;
let ingest: AppLogin;
let own: number;
let meterId: number;
let terminalId: number;

beforeAll(async () => {
  database = await testDatabase();
  ingest = await createAppLogin(database, 'kenshin_ingest');
  own = await fillUtility(database.adminPool);
  const { rows } = await database.adminPool.query<{ meter_id: number; terminal_id: number }>(
    'select meter_id, terminal_id from series.meter_day where utility_id = $1',
    [own],
  );
  meterId = rows[0]!.meter_id;
  terminalId = rows[0]!.terminal_id;
});
afterAll(async () => {
  await ingest.close();
  await database.close();
});

/** Runs `fn` as the compromised process, serving the utility, in a transaction that is rolled back. */
async function taken<T>(fn: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await ingest.pool.connect();
  try {
    await client.query('begin');
    await client.query('select serve_utility($1)', [own]);
    return await fn(client);
  } finally {
    await client.query('rollback');
    client.release();
  }
}

const attempt = (text: string): Promise<string | undefined> =>
  taken((client) => refusalOf(client, text));

const REFUSED = [
  ['accounts', 'select login from account'],
  ['an administrator', `update account set role = 'admin'`],
  ['sessions', 'select * from session'],
  ['a session made up', `insert into session (utility_id) values (1)`],
  ['what a token opens', `select * from claim_session('x')`],
  ['what a key opens', `select * from claim_api_key('x')`],
  ['keys with their hashes', 'select * from api_key'],
  ['registration codes', 'select * from consumer_access'],
  ['tries', 'select * from sign_in_try'],
  ['customer numbers', 'select customer_number from occupancy'],
  ['areas', 'select * from area'],
  ['supply points', 'select * from supply_point'],
  ['the serials and dials of meters', 'select * from meter'],
  ['the feed of changes', 'select * from day_change'],
  ['a change that was none', `select note_place_change(1, 1, '{}', null, null)`],
  ['the list of utilities', 'select * from utilities_to_poll()'],
  ['the queue of jobs', 'select * from graphile_worker._private_jobs'],
  ['a job past enqueue_job', `select graphile_worker.add_job('plan-polling')`],
  ['what becomes of jobs', 'select * from list_jobs()'],
  ['a worker that seems to live', `select hold_worker('x')`],
  ['a job', `select enqueue_job('plan-polling', current_utility_id(), '{}', null, null)`],
  [
    'a job in the place of one that sends a mail',
    `select enqueue_job('send-mail', current_utility_id(), '{"mailId":0}', '1', 'infinity')`,
  ],
  ['the key of the seal', 'select * from seal_key'],
  ['a seal', 'select seal_utility(1, null)'],
  ['the audit', 'select * from audit'],
  [
    'an act',
    `insert into audit (utility_id, actor, act, subject, detail) values (1, 'staff:1', 'x', 'x:1', '{}')`,
  ],
  ['an act removed', 'delete from audit'],
  ['the lock of the audit', `select pg_advisory_xact_lock(hashtextextended('kenshin audit', 1))`],
  ['what is behind the view of readings', 'select * from series.meter_day'],
  ['a falsified reading', 'update meter_day set index_l[1] = 0'],
  ['a reading past the store', 'insert into meter_day (utility_id) values (1)'],
  ['a reading removed', 'delete from meter_day'],
  ['the merge alone', `select merge_day_reports(1, '{}', now())`],
  ['a revision of its own', 'insert into meter_day_revision (utility_id) values (1)'],
  ['a revision removed', 'delete from meter_day_revision'],
  ['a revision changed', 'update meter_day_revision set index_l[1] = 0'],
  ['a secret of a terminal', `update terminal set secret_hash = sha256('x')`],
  ['all secrets at once', 'select secret_hash from terminal'],
  ['all keys at once', 'select * from terminal_key'],
  ['a key of a terminal', 'update terminal_key set retired_at = now()'],
  ['a terminal', `insert into terminal (utility_id, number) values (1, '1')`],
  ['a replay window', 'update terminal_state set up_high = 0, up_window = 0'],
  ['frames that were taken', 'select * from taken_frame'],
  ['a frame taken past the function', 'insert into taken_frame (utility_id) values (1)'],
  ['a taken frame forgotten', 'delete from taken_frame'],
  ['who is connected where', 'select * from terminal_owner'],
  ['an owner past the functions', `update terminal_owner set since = now()`],
  ['which processes there are', 'select * from ingest_process'],
  ['a counter set back', 'update terminal_state set down_counter = 0'],
  ['no counters', `select take_down_counters(1, 0)`],
  ['counters taken back', `select take_down_counters(1, -5)`],
  ['too many counters at once', `select take_down_counters(1, 100000)`],
  ['the register', `update meter_fitting set start_index_l = 0`],
  ['a request removed', 'delete from reading_request'],
  ['a frame removed', 'delete from frame_quarantine'],
  ['refused frames of others', 'select * from frame_quarantine'],
  ['a large object', 'select lo_create(0)'],
  ['a temporary table', 'create temporary table t (a int)'],
  ['a table', 'create table t (a int)'],
  ['a file', `select pg_read_file('PG_VERSION')`],
  ['the role of the web process', 'set role kenshin_web'],
  ['the role that owns functions', 'set role kenshin_store'],
  ['the password of another role', `alter role kenshin_web password 'x'`],
  ['a table without row security', 'alter table meter disable row level security'],
  ['a dropped trigger', 'drop trigger keep_revision on series.meter_day'],
  ['a replica, where no trigger fires', `set session_replication_role = replica`],
  ['dropped chunks', `select drop_chunks('series.meter_day', older_than => date '2030-01-01')`],
] as const;

/** SQL of a one-day report for the meter. */
const report = (day: string, first: number, counter: number): string =>
  `array[(${meterId}, '${day}', ${terminalId}, array_fill(${first}, array[24]), array_fill(2000::smallint, array[24]), ${first}, 24, ${counter}, ${counter}, 1)]::day_report_row[]`;

describe('a compromised sidecar', () => {
  it.each(REFUSED)('does not get: %s', async (_what, text) => {
    // 22023: a number that the function rejects.
    expect([DENIED, '22023']).toContain(await attempt(text));
  });

  it('sees no row of a utility that it did not name', async () => {
    const other = await fillUtility(database.adminPool);
    await taken(async (client) => {
      const { rows } = await client.query(
        'select distinct utility_id from meter_day union select utility_id from terminal',
      );
      expect(rows).toEqual([{ utility_id: own }]);
      expect(other).not.toBe(own);
    });
  });

  it('sets no counter back through the store', async () => {
    const before = await counters();
    expect(before).toEqual({ up_high: 1, up_window: 1, down_counter: 0 });
    for (const high of [10, 1]) {
      await ingest.pool.query(
        `select store_day_reports($1, '{}', array[(${terminalId}, ${high}, 1, null, null, null, null, null)]::terminal_mark[], now())`,
        [own],
      );
    }
    expect(await counters()).toEqual({ up_high: 10, up_window: 513, down_counter: 0 });
  });

  describe('still can', () => {
    it('name any utility, one after the other, and read its days', async () => {
      await taken(async (client) => {
        // Numbers of utilities are easy to guess.
        const { rows } = await database.adminPool.query<{ utility_id: number }>(
          'select utility_id from utility',
        );
        for (const { utility_id } of rows) {
          await client.query('select serve_utility($1)', [utility_id]);
          expect((await client.query('select from meter_day')).rowCount).toBe(1);
        }
      });
    });

    it('store days that no terminal sent, and correct others; the old version stays', async () => {
      await taken(async (client) => {
        const store = (text: string) =>
          client.query(
            `select stored, corrected from store_day_reports($1, ${text}, '{}', now())`,
            [own],
          );
        expect((await store(report('2025-03-03', 1, 1))).rows).toEqual([
          { stored: 1, corrected: 0 },
        ]);
        expect((await store(report('2025-03-03', 2, 2))).rows).toEqual([
          { stored: 0, corrected: 1 },
        ]);
        const { rows } = await client.query(
          `select change, index_l[1] as was from meter_day_revision where day = '2025-03-03'`,
        );
        expect(rows).toEqual([{ change: 'corrected', was: 1 }]);
      });
    });

    it('read the secret hash and the wrapped keys of a terminal whose number it knows', async () => {
      await taken(async (client) => {
        const { rows } = await client.query<{ number: string }>('select number from terminal');
        const known = await client.query('select secret_hash, keys from terminal_for_connect($1)', [
          rows[0]!.number,
        ]);
        expect(known.rowCount).toBe(1);
      });
    });

    it('use up counters, request days or give them up, and fill the quarantine', async () => {
      expect(await attempt(`select take_down_counters(${terminalId}, 1000)`)).toBeUndefined();
      const frame = `'{${terminalId}}', '{4000000000}', '{1}', '{3}', '{true}', '{2026-01-01}'`;
      expect(await attempt(`select take_uplink_frames(${frame})`)).toBeUndefined();
      expect(await attempt('update reading_request set given_up_at = now()')).toBeUndefined();
      expect(
        await attempt(`select quarantine_frame('1', 't', 'x', null, '\\x00')`),
      ).toBeUndefined();
    });

    it('end connections of other sidecars by claiming their terminals', async () => {
      const process = `'6f1d2a53-7d7c-4f0e-9f53-2f0a3a1b9c11'`;
      const claim = `select claim_terminals(${process}, '{${own}}', '{${terminalId}}')`;
      expect(await attempt(claim)).toBeUndefined();
    });

    it('set the password of its own login, and use up processor time', async () => {
      expect(await attempt(`alter role ${ingest.name} password 'x'`)).toBeUndefined();
      expect(await attempt('set statement_timeout = 0')).toBeUndefined();
    });
  });

  async function counters(): Promise<Record<string, number>> {
    const { rows } = await database.adminPool.query(
      'select up_high, up_window, down_counter from terminal_state where utility_id = $1',
      [own],
    );
    return rows[0];
  }
});
