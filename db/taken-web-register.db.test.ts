/**
 * Changes of the register by a compromised web process: any SQL in its role, with the token of a live session or a live
 * key. Possible only through the functions that it may call, in an administrator's name, and recorded.
 */
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
let session: TestSession & { accountId: number };
let key: TestKey;

beforeAll(async () => {
  database = await testDatabase();
  web = await createAppLogin(database, 'kenshin_web');
  own = await fillUtility(database.adminPool);
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

/** Statements that bypass the functions, with known ids of others. */
const REFUSED = [
  [
    'a meter of its own',
    `insert into meter (utility_id, serial, gas_kind, size, dial_l) values (1, '1', 'city', 4, 1000)`,
  ],
  ['a fitting', 'update meter_fitting set final_index_l = 0'],
  ['a fitting removed', 'delete from meter_fitting'],
  ['an exchange past its function', 'delete from meter_exchange'],
  [
    'a stay',
    `insert into occupancy (utility_id, supply_point_id, customer_number, from_on) values (1, 1, '1', now())`,
  ],
  ['the days of a stay', 'update occupancy set to_on = null'],
  ['a stay removed', 'delete from occupancy'],
  ['a closing day', 'update supply_point set closing_day = 1'],
  ['a former closing day', 'delete from former_closing_day'],
  ['the record of a change', `update register_change set actor = 'system:seed'`],
  ['a change past its function', 'delete from register_change'],
  ['size and dial of a meter', 'update meter set size = 1, dial_l = 1000'],
  ['the end of a terminal', 'update terminal_fitting set to_at = now()'],
  [
    'the record of a fitting',
    `select record_fitting_change('meter-removed', 1, '{}', now()::date, now()::date, '{}', '{}', '{}', 'x')`,
  ],
  ['the undoing of a fitting', 'select undo_fitting_change(r) from register_change r'],
  ['the feed of a meter', 'select announce_meter(1)'],
  ['the registers of a meter', 'select highest_register(1)'],
  ['the check of filed closings', `select refuse_unlike_closings('{}', '{}')`],
  ['the acts of closing files', `select * from closing_files(0, '2020-01-01')`],
  ['the actor of a change', `select register_actor('system:seed')`],
  ['the age of an answer', `update write_request set made_at = now()`],
  ['another request behind an answer', `update write_request set body_hash = sha256('x')`],
  ['an answer removed', 'delete from write_request'],
] as const;

describe('a compromised web process, which changes the register only through functions', () => {
  const exchange = (actor: string) =>
    `select exchange_meter((select max(meter_id) from meter_fitting where removed_at is null), now(), null, '777', null, 4, 1000, null, '{}', '${actor}')`;

  it.each(REFUSED)('does not get: %s', async (_what, text) => {
    const administrator = await openStaffSession(database.adminPool, own);
    for (const secret of [null, session.token, key, administrator.token]) {
      expect(await attempt(secret, text)).toBe(DENIED);
    }
  });

  it('exchanges no meter and undoes no exchange in another name', async () => {
    const administrator = await openStaffSession(database.adminPool, own);
    const actors = [
      ...['system:seed', `staff:${administrator.accountId}`, `staff:${session.accountId}`],
      `key:${key.keyId}`,
    ];
    for (const secret of [null, session.token, key]) {
      for (const actor of actors) {
        expect(await attempt(secret, exchange(actor))).toBe(DENIED);
        expect(await attempt(secret, `select undo_exchange(1, '${actor}')`)).toBe(DENIED);
      }
    }
  });

  it("exchanges with an administrator's session in that name only, recorded in the audit", async () => {
    const { accountId, token } = await openStaffSession(database.adminPool, own);
    expect(await attempt(token, exchange('system:seed'))).toBe(DENIED);
    expect(await attempt(token, exchange(`staff:${session.accountId}`))).toBe(DENIED);
    const client = await web.pool.connect();
    try {
      await client.query('begin');
      await client.query('select claim_session($1)', [token]);
      await client.query(exchange(`staff:${accountId}`));
      await client.query('commit');
    } finally {
      client.release();
    }
    const { rows } = await database.adminPool.query(
      `select actor, act, detail ->> 'fittedSerial' as serial from audit
       where utility_id = $1 and act = 'meter.exchanged'`,
      [own],
    );
    expect(rows).toEqual([{ actor: `staff:${accountId}`, act: 'meter.exchanged', serial: '777' }]);
  });

  const place = '(select max(supply_point_id) from occupancy where to_on is null)';
  const stay = '(select max(occupancy_id) from occupancy where to_on is null)';
  const changesIn = (actor: string) => [
    `select change_stay(${place}, ${stay}, (select customer_number from occupancy where occupancy_id = ${stay}), '2020-01-01', '2025-01-01', '{}', '${actor}')`,
    `select change_supply_point(${place}, 'closing-day', '2025-01-01', 7, null, null, '{}', '${actor}')`,
    `select undo_register_change(1, '${actor}')`,
    `select correct_meter(${place}, (select max(meter_id) from meter_fitting where removed_at is null), 9.5, 100000000, '{}', '${actor}')`,
    `select remove_meter(${place}, now(), null, '{}', '${actor}')`,
    `select fit_meter(${place}, '779', now(), 0, 4, 10000000, null, '{}', '${actor}')`,
    `select exchange_terminal(${place}, (select max(number) from terminal), now(), '{}', '${actor}')`,
  ];

  it('changes no supply point in another name', async () => {
    const administrator = await openStaffSession(database.adminPool, own);
    const actors = [
      ...['system:seed', `staff:${administrator.accountId}`, `staff:${session.accountId}`],
      `key:${key.keyId}`,
    ];
    for (const text of actors.flatMap(changesIn)) {
      for (const secret of [null, session.token, key]) {
        expect(await attempt(secret, text)).toBe(DENIED);
      }
    }
    for (const text of changesIn('system:seed')) {
      expect(await attempt(administrator.token, text)).toBe(DENIED);
    }
  });

  it("changes a supply point of its own utility alone with an administrator's session", async () => {
    const other = await fillUtility(database.adminPool);
    const { rows } = await database.adminPool.query<{ place: number; stay: number }>(
      'select supply_point_id as place, occupancy_id as stay from occupancy where utility_id = $1',
      [other],
    );
    const { accountId, token } = await openStaffSession(database.adminPool, own);
    const [{ place: there, stay: theirs }] = rows as [{ place: number; stay: number }];
    const ownRows = await database.adminPool.query(
      'select supply_point_id from supply_point where utility_id = $1 and supply_point_id = $2',
      [own, there],
    );
    // Numbers begin anew in no utility, so that the other's is not one of its own.
    expect(ownRows.rowCount).toBe(0);
    const actor = `staff:${accountId}`;
    const REFUSED_CHECK = '23514';
    expect(
      await attempt(
        token,
        `select change_supply_point(${there}, 'closing-day', '2025-01-01', 7, null, null, '{}', '${actor}')`,
      ),
    ).toBe(REFUSED_CHECK);
    expect(
      await attempt(
        token,
        `select change_stay(${place}, ${theirs}, '1', '2020-01-01', null, '{}', '${actor}')`,
      ),
    ).toBe(REFUSED_CHECK);
    expect(await attempt(token, changesIn(actor)[0] ?? '')).toBeUndefined();
  });

  it('stores no answer in another name, and changes none', async () => {
    const { accountId } = await openStaffSession(database.adminPool, own);
    const answer = `insert into write_request (utility_id, actor, key, route, body_hash)
      values (${own}, 'staff:${accountId}', 'a-key-of-this-test', 'POST /x', sha256('x'))`;
    for (const secret of [session.token, key]) {
      expect(await attempt(secret, answer)).toBe(DENIED);
      await taken(secret, async (client) => {
        const { rowCount } = await client.query(`update write_request set answer = '{}'`);
        expect(rowCount).toBe(0);
      });
    }
  });
});
