/**
 * Edits of readings by a compromised web process: any SQL in its role, with the token of a live session or a live key. It
 * edits in that name only what that name may, is bound by the second look, and changes no edit.
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
let key: TestKey;

beforeAll(async () => {
  database = await testDatabase();
  web = await createAppLogin(database, 'kenshin_web');
  own = await fillUtility(database.adminPool);
  await fillUtility(database.adminPool);
  billing = await openStaffSession(database.adminPool, own, 'billing');
  analyst = await openStaffSession(database.adminPool, own, 'analyst');
  const { rows } = await database.adminPool.query<{ occupancy_id: number }>(
    'select occupancy_id from occupancy where utility_id = $1 limit 1',
    [own],
  );
  household = await openSession(database.adminPool, own, { occupancyId: rows[0]!.occupancy_id });
  key = await issueKey(database.adminPool, own, ['meter.read', 'closing.export']);
});
afterAll(async () => {
  await web.close();
  await database.close();
});

const taken = <T>(secret: Secret, fn: (client: pg.PoolClient) => Promise<T>) =>
  asTaken(web.pool, secret, fn);
const attempt = (secret: Secret, text: string): Promise<string | undefined> =>
  taken(secret, (client) => refusalOf(client, text));

/** The meter that has days, at the register `indexL`. */
const entered = (actor: string, indexL: number) =>
  `select * from edit_reading((select max(meter_id) from meter_day), '2025-02-04', 'entered', '{24}', '{${indexL}}', 'read-on-site', '', '{}', '${actor}')`;
const OTHER = '(select max(edit_id) from reading_edit)';

describe('a compromised web process with edits of readings', () => {
  it.each([
    [
      'an edit past the function',
      `insert into reading_edit (utility_id, meter_id, day, kind, hours, index_l, received_l, reason, note, moved_l, state, made_by, made_name)
       values (1, 1, '2025-02-04', 'entered', '{24}', '{1}', '{null}', 'read-on-site', '', 0, 'standing', 'x', 'x')`,
    ],
    ['another state', `update reading_edit set state = 'standing'`],
    ['an edit removed', 'delete from reading_edit'],
    ['a day of its making', 'update edited_day set index_l = index_l'],
    ['a day removed', 'delete from edited_day'],
    ['the actor of an edit', `select edit_actor('system:operator')`],
    ['an announcement', `select announce_edit(null, 'system:x', 'reading.edited', '{}')`],
    ['hours past the function', 'select enter_edited_hours(r) from reading_edit r'],
    ['the limit of the second look', `select set_second_look(1000000000, 'system:operator')`],
    ['the limit by hand', 'update utility set second_look_l = 1000000000'],
  ])('does not get: %s', async (_what, text) => {
    for (const secret of [null, billing.token, analyst.token, household.token, key]) {
      expect(await attempt(secret, text)).toBe(DENIED);
    }
  });

  it('edits in no other name, and in none that may not', async () => {
    for (const actor of ['system:operator', `staff:${billing.accountId}`, `key:${key.keyId}`]) {
      for (const secret of [null, analyst.token, household.token, key]) {
        expect(await attempt(secret, entered(actor, 1_000))).toBe(DENIED);
        expect(await attempt(secret, `select second_edit(${OTHER}, true, '{}', '${actor}')`)).toBe(
          DENIED,
        );
        expect(await attempt(secret, `select take_back_edit(${OTHER}, '{}', '${actor}')`)).toBe(
          DENIED,
        );
      }
    }
    expect(await attempt(analyst.token, entered(`staff:${analyst.accountId}`, 1_000))).toBe(DENIED);
    expect(await attempt(billing.token, entered('system:operator', 1_000))).toBe(DENIED);
  });

  it('does not stand by a large edit in its own name, which waits for another person', async () => {
    const name = `staff:${billing.accountId}`;
    await taken(billing.token, async (client) => {
      const { rows } = await client.query(entered(name, 5_000_000));
      const [{ edit_id: editId, state, moved_l: moved }] = rows;
      expect([state, Number(moved) > 10_000]).toEqual(['proposed', true]);
      expect((await client.query(`select from sound_day where day = '2025-02-04'`)).rowCount).toBe(
        0,
      );
      const second = `select second_edit(${editId}, true, '{}', '${name}')`;
      expect(await refusalOf(client, second)).toBe('23514');
    });
  });

  it('says what it strikes: no register that is not stored', async () => {
    const name = `staff:${billing.accountId}`;
    const strike = `select edit_reading((select max(meter_id) from meter_day), '2025-02-03', 'struck', '{24}', '{1}', 'terminal-error', '', '{}', '${name}')`;
    expect(await attempt(billing.token, strike)).toBe('23514');
  });

  it('leaves its name in the audit', async () => {
    const { accountId, token } = await openStaffSession(database.adminPool, own);
    const name = `staff:${accountId}`;
    const client = await web.pool.connect();
    try {
      await client.query('begin');
      await client.query('select claim_session($1)', [token]);
      await client.query(entered(name, 5_000_000));
      await client.query('commit');
    } finally {
      client.release();
    }
    const { rows } = await database.adminPool.query(
      `select actor, act from audit where utility_id = $1 and act like 'reading.%'`,
      [own],
    );
    expect(rows).toEqual([{ actor: name, act: 'reading.edit-proposed' }]);
  });
});
