/**
 * Attacks by a compromised web process: any SQL in its role, without and with the token of a live session, or a live
 * key. Tests what is refused, and what remains possible as docs/database.md says.
 */
import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueKey, openStaffSession, type TestKey, type TestSession } from './testing/sessions.ts';
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
let other: number;
let session: TestSession & { accountId: number };
let key: TestKey;

beforeAll(async () => {
  database = await testDatabase();
  web = await createAppLogin(database, 'kenshin_web');
  own = await fillUtility(database.adminPool);
  other = await fillUtility(database.adminPool);
  session = await openStaffSession(database.adminPool, own, 'analyst');
  key = await issueKey(database.adminPool, own, ['collection.read']);
});
afterAll(async () => {
  await web.close();
  await database.close();
});

const taken = <T>(secret: Secret, fn: (client: pg.PoolClient) => Promise<T>) =>
  asTaken(web.pool, secret, fn);
const attempt = (secret: Secret, text: string): Promise<string | undefined> =>
  taken(secret, (client) => refusalOf(client, text));

/** Refused statements, with known ids of others. */
const REFUSED = [
  ['every utility', 'select * from utilities_to_poll()'],
  ['another utility by its id', 'select serve_utility(1)'],
  ['a seal of its own', 'select seal_utility(1, null)'],
  ['the queue of jobs', 'select * from graphile_worker._private_jobs'],
  ['a job past enqueue_job', `select graphile_worker.add_job('plan-polling')`],
  ['what becomes of jobs', 'select * from list_jobs()'],
  ['a job run again', 'select retry_job(1)'],
  ['a worker that seems to live', `select hold_worker('x')`],
  ['the jobs of workers that live', 'select release_dead_workers()'],
  ['a job of another utility', `select enqueue_job('plan-polling', -1, '{}', null, null)`],
  ['the key of the seal', 'select * from seal_key'],
  ['accounts with their hashes', 'select * from account'],
  ['logins', 'select login from account'],
  ['registration codes', 'select * from consumer_access'],
  ['sessions', 'select * from session'],
  ['keys with their hashes', 'select * from api_key'],
  ['names of keys', 'select name from api_key'],
  [
    'a key of its own',
    `insert into api_key (utility_id, name, key_hash, scopes, created_at, expires_at)
     values (1, 'x', sha256('x'), '{meter.read}', now(), now() + interval '1 hour')`,
  ],
  ['a key with more rights', `update api_key set scopes = '{closing.export}'`],
  ['a key that never ends', `update api_key set expires_at = now() + interval '100 years'`],
  ['a key that is alive again', 'update api_key set revoked_at = null'],
  ['a key removed', 'delete from api_key'],
  ['tries', 'select * from sign_in_try'],
  ['devices', 'select * from known_device'],
  ['the secret of the tries', 'select * from sign_in_secret'],
  ['a session opened past the password', `select open_session(1, 'staff', 1, sha256('x'))`],
  ['the verifier of a name', `select * from sign_in_subject('staff', 'demo', 'admin')`],
  ['the lock of a name', `select hold_sign_in_name(1, 'staff', 'admin')`],
  ['what is behind the view of readings', 'select * from series.meter_day'],
  ['hashes of terminal secrets', 'select secret_hash from terminal'],
  ['wrapped keys', 'select * from terminal_key'],
  ['all of a terminal at once', `select * from terminal_for_connect('1')`],
  ['counters', 'select up_high, up_window, down_counter from terminal_state'],
  ['the audit', 'select * from audit'],
  ['a falsified reading', 'update meter_day set index_l[1] = 0'],
  ['a reading of its own', 'insert into meter_day select * from meter_day'],
  ['a reading through the store', `select store_day_reports(1, '{}', '{}', now())`],
  ['a revision of its own', 'insert into meter_day_revision (utility_id) values (1)'],
  ['a revision removed', 'delete from meter_day_revision'],
  ['a reading removed', 'delete from meter_day'],
  ['an administrator', `update account set role = 'admin'`],
  ['a password', `update account set login = 'x'`],
  ['a session of a hundred years', `update session set expires_at = now() + interval '100 years'`],
  [
    'a session made up',
    `insert into session (utility_id, account_id, token_hash, expires_at) values (1, 1, sha256('x'), now() + interval '1 hour')`,
  ],
  ['a secret of a terminal', `update terminal set secret_hash = sha256('x')`],
  ['a key of a terminal', 'update terminal_key set retired_at = now()'],
  ['a replay window', 'update terminal_state set up_high = 0, up_window = 0'],
  ['a counter set back', 'update terminal_state set down_counter = 0'],
  ['a counter taken', 'select take_down_counters(1, 1)'],
  ['the register', `update meter set dial_l = 1`],
  ['a customer', `update occupancy set customer_number = '1'`],
  ['an area', `update area set pressure_min_pa = 0`],
  ['a request', 'update reading_request set given_up_at = now()'],
  ['a quarantined frame', `select quarantine_frame('1', 't', 'x', null, '\\x00')`],
  ['the bytes of refused frames', 'select bytes from frame_quarantine'],
  ['a lock lifted', `select forget_sign_in_tries('staff', 'admin')`],
  ['an act rewritten', `update audit set act = 'other'`],
  ['an act removed', 'delete from audit'],
  ['an emptied table', 'truncate meter'],
  ['the lock of the audit', `select pg_advisory_xact_lock(hashtextextended('kenshin audit', 1))`],
  ['a lock of a session', 'select pg_advisory_lock(1)'],
  ['locked rows', 'select * from meter for update'],
  ['a locked table', 'lock table meter in share mode'],
  ['a large object', 'select lo_create(0)'],
  ['a file as a large object', `select lo_import('/etc/passwd')`],
  ['a temporary table', 'create temporary table t (a int)'],
  ['a table', 'create table t (a int)'],
  ['a schema', 'create schema s'],
  ['a function', 'create function f() returns int language sql return 1'],
  ['a file', `select pg_read_file('PG_VERSION')`],
  ['a program', `copy (select 1) to program 'true'`],
  ['an extension', 'create extension lo'],
  ['another role', 'set role kenshin_app'],
  ['the role of the sidecar', 'set role kenshin_ingest'],
  ['the role that owns functions', 'set role kenshin_store'],
  ['a new role', 'create role r'],
  ['the password of another role', `alter role kenshin_app password 'x'`],
  ['a stronger role', 'alter role current_user bypassrls'],
  ['a table without row security', 'alter table meter disable row level security'],
  ['a dropped trigger', 'drop trigger chain on audit'],
  ['a replica, where no trigger fires', `set session_replication_role = replica`],
  ['dropped chunks', `select drop_chunks('series.meter_day', older_than => date '2030-01-01')`],
  [
    'the work of other roles ended',
    "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'postgres'",
  ],
] as const;

describe('a compromised web process', () => {
  it.each(REFUSED)('does not get: %s', async (_what, text) => {
    // SQLSTATE 55000: a view that cannot be written.
    expect([DENIED, '55000']).toContain(await attempt(null, text));
    expect([DENIED, '55000']).toContain(await attempt(session.token, text));
    expect([DENIED, '55000']).toContain(await attempt(key, text));
  });

  it('sees no row without a session', async () => {
    await taken(null, async (client) => {
      for (const relation of await readable()) {
        const { rowCount } = await client.query(`select utility_id from ${relation}`);
        expect([relation, rowCount]).toEqual([relation, 0]);
      }
    });
  });

  it.each([
    ['a session', () => session.token],
    ['a key', () => key],
  ])("sees with %s its utility's rows and none of others, whatever it runs", async (_by, given) => {
    await taken(given(), async (client) => {
      for (const relation of await readable()) {
        const { rows } = await client.query(`select distinct utility_id from ${relation}`);
        expect([relation, rows]).toEqual([relation, [{ utility_id: own }]]);
        const others = await client.query(
          `select utility_id from ${relation} where utility_id = ${other} or 1 / (utility_id - ${other}) is null`,
        );
        expect([relation, others.rowCount]).toEqual([relation, 0]);
      }
    });
  });

  it('ends no session of another person', async () => {
    const neighbour = await openStaffSession(database.adminPool, own);
    for (const everywhere of [false, true]) {
      const text = `select end_session('${neighbour.sessionId}', ${everywhere})`;
      expect(await attempt(session.token, text)).toBe(DENIED);
      await taken(null, async (client) =>
        expect((await client.query(text)).rows).toEqual([{ end_session: 0 }]),
      );
    }
  });

  it('claims no key by its stored hash, by its number, or by a part of it', async () => {
    const hash = await text(
      `select encode(key_hash, 'hex') as text from api_key where api_key_id = $1`,
      key.keyId,
    );
    const guesses = [hash, String(key.keyId), key.key.slice(0, -1), '', '%'];
    for (const guess of [...guesses, `kenshin_${'A'.repeat(43)}`]) {
      await taken({ key: guess }, async (client) => {
        const { rows } = await client.query('select current_utility_id() as utility');
        expect(rows).toEqual([{ utility: null }]);
      });
    }
  });

  it.each([
    ['revoked', 'update api_key set revoked_at = now() where api_key_id = $1'],
    ['past its end', 'update api_key set expires_at = now() where api_key_id = $1'],
  ])('gets no access with a key that is %s', async (_how, change) => {
    const ended = await issueKey(database.adminPool, own, ['meter.read']);
    await database.adminPool.query(change, [ended.keyId]);
    await taken(ended, async (client) => {
      expect((await client.query('select from meter')).rowCount).toBe(0);
      const { rows } = await client.query('select current_utility_id() as utility');
      expect(rows).toEqual([{ utility: null }]);
    });
  });

  it('ends no session with a key, and acts in the name of that key only', async () => {
    const end = `select end_session('${session.sessionId}', false)`;
    expect(await attempt(key, end)).toBe(DENIED);
    const act = (actor: string) =>
      `insert into audit (utility_id, actor, act, subject, detail) values (${own}, '${actor}', 'x', 'x:1', '{}')`;
    expect(await attempt(key, act(`staff:${session.accountId}`))).toBe(DENIED);
    expect(await attempt(key, act(`key:${key.keyId + 1}`))).toBe(DENIED);
    expect(await attempt(key, act(`key:${key.keyId}`))).toBeUndefined();
  });

  it('opens no session without the right key', async () => {
    await taken(null, async (client) => {
      const { rows } = await client.query(
        `select outcome from finish_sign_in('staff', $1, $2, sha256('guess'), sha256('token'), '192.0.2.1', 'device', null)`,
        [await codeOf(own), await loginOf(session.accountId)],
      );
      expect(rows).toEqual([{ outcome: 'wrong' }]);
    });
  });

  it('writes no act in the name of another person, of a command, or of another utility', async () => {
    const act = (utility: number, actor: string) =>
      `insert into audit (utility_id, actor, act, subject, detail) values (${utility}, '${actor}', 'x', 'x:1', '{}')`;
    const self = `staff:${session.accountId}`;
    expect(await attempt(session.token, act(own, 'staff:999'))).toBe(DENIED);
    expect(await attempt(session.token, act(own, 'system:seed'))).toBe(DENIED);
    expect(await attempt(session.token, act(other, self))).toBe(DENIED);
    expect(await attempt(null, act(own, self))).toBe(DENIED);
    const forged = `insert into audit (utility_id, actor, act, subject, detail, audit_id, hash) values (${own}, '${self}', 'x', 'x:1', '{}', 1, 'x')`;
    expect(await attempt(session.token, forged)).toBe(DENIED);
  });

  describe('still can', () => {
    it("read all of a utility, also what the session's person may not see", async () => {
      await taken(session.token, async (client) => {
        const { rowCount } = await client.query('select customer_number from occupancy');
        expect(rowCount).toBe(1);
      });
    });

    it("write arbitrary acts in the session's own name", async () => {
      expect(
        await attempt(
          session.token,
          `insert into audit (utility_id, actor, act, subject, detail) values (${own}, 'staff:${session.accountId}', 'x', 'x:1', '{}')`,
        ),
      ).toBeUndefined();
    });

    it('try passwords with an arbitrary client address, and read salts', async () => {
      await taken(null, async (client) => {
        const begun = await client.query(
          `select salt from begin_sign_in('staff', $1, $2, 'x', 'y')`,
          [await codeOf(own), await loginOf(session.accountId)],
        );
        expect(begun.rowCount).toBe(1);
      });
    });

    it('set the password of its own login, and use up processor time', async () => {
      const password = randomBytes(16).toString('hex');
      expect(await attempt(null, `alter role ${web.name} password '${password}'`)).toBeUndefined();
      expect(await attempt(null, 'set statement_timeout = 0')).toBeUndefined();
    });

    it('cancel statements of its own role', async () => {
      await taken(null, async (neighbour) => {
        const { rows } = await neighbour.query<{ pid: number }>('select pg_backend_pid() as pid');
        await taken(null, async (client) => {
          const cancelled = await client.query('select pg_cancel_backend($1) as done', [
            rows[0]!.pid,
          ]);
          expect(cancelled.rows).toEqual([{ done: true }]);
        });
      });
    });

    it('read the names and sizes of tables', async () => {
      expect(await attempt(null, 'select relname, reltuples from pg_class')).toBeUndefined();
    });
  });
});

const codeOf = (utilityId: number): Promise<string> =>
  text('select code as text from utility where utility_id = $1', utilityId);

const loginOf = (accountId: number): Promise<string> =>
  text('select login as text from account where account_id = $1', accountId);

async function text(query: string, id: number): Promise<string> {
  const { rows } = await database.adminPool.query<{ text: string }>(query, [id]);
  return rows[0]!.text;
}

/** Relations with a utility_id of which the web process may read rows. */
async function readable(): Promise<string[]> {
  const { rows } = await database.adminPool.query<{ name: string }>(
    `select c.relname as name from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v')
       and has_column_privilege('kenshin_web', c.oid, (select a.attnum from pg_attribute a where a.attrelid = c.oid and a.attname = 'utility_id'), 'select')
     order by 1`,
  );
  return rows.map(({ name }) => name);
}
