/**
 * Estimation and marks in the hands of a compromised web process: any SQL in its role, with the token of a live session or a live
 * key. It decides in that name only what that name may, through the functions, and what they refuse it does not get otherwise.
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

interface Person {
  token: string;
  accountId: number;
}

let database: TestDatabase;
let web: AppLogin;
let own: number;
let other: number;
let admin: Person;
let billing: Person;
let analyst: Person;
let household: { token: string };
let key: TestKey;
/** Of the own utility, and of the other one. */
let place: { supplyPoint: number; occupancy: number; meter: number };
let foreign: { supplyPoint: number; occupancy: number; decision: number; circumstance: number };

beforeAll(async () => {
  database = await testDatabase();
  web = await createAppLogin(database, 'kenshin_web');
  own = await fillUtility(database.adminPool);
  other = await fillUtility(database.adminPool);
  admin = await openStaffSession(database.adminPool, own, 'admin');
  billing = await openStaffSession(database.adminPool, own, 'billing');
  analyst = await openStaffSession(database.adminPool, own, 'analyst');
  const first = async (column: string, table: string, utilityId: number): Promise<number> => {
    const { rows } = await database.adminPool.query<{ id: number }>(
      `select min(${column}) as id from ${table} where utility_id = $1`,
      [utilityId],
    );
    return rows[0]!.id;
  };
  const decided = (utilityId: number) => first('occupancy_id', 'usage_decision', utilityId);
  place = {
    supplyPoint: await first('supply_point_id', 'place_circumstance', own),
    ...{ occupancy: await decided(own), meter: await first('meter_id', 'reading_mark', own) },
  };
  foreign = {
    supplyPoint: await first('supply_point_id', 'place_circumstance', other),
    occupancy: await decided(other),
    decision: await first('decision_id', 'usage_decision', other),
    circumstance: await first('circumstance_id', 'place_circumstance', other),
  };
  household = await openSession(database.adminPool, own, { occupancyId: place.occupancy });
  key = await issueKey(database.adminPool, own, ['meter.read', 'closing.read', 'closing.export']);
});
afterAll(async () => {
  await web.close();
  await database.close();
});

const attempt = (secret: Secret, text: string): Promise<string | undefined> =>
  asTaken(web.pool, secret, (client: pg.PoolClient) => refusalOf(client, text));
const nameOf = ({ accountId }: Person) => `staff:${accountId}`;
const everybody = () => [null, admin.token, billing.token, analyst.token, household.token, key];

/** The functions, called as `actor`. */
const acts = (actor: string) => ({
  set: `select set_estimation('last-usage', 4, '${actor}')`,
  factor: `select set_volume_factor(${place.supplyPoint}, '2027-01-01', 1.2, 'x', '${actor}')`,
  absence: `select record_circumstance(${place.supplyPoint}, 'absence', '2026-01-01', null, 'x', '${actor}')`,
  certify: `select certify_usage(${place.occupancy}, '2026-01-31', 1000, 'x', '${actor}')`,
  mark: `select see_reading_mark(${place.meter}, 'clock-doubt', '2025-02-02', true, null, '${actor}')`,
});

describe('a compromised web process with estimation', () => {
  it.each([
    ['a setting past its function', `update estimation_setting set missed_reading = 'none'`],
    ['a decision past its function', 'update usage_decision set litres = 0'],
    ['a decision removed', 'delete from usage_decision'],
    ['a factor past its function', 'update volume_factor set factor = 2'],
    ['days of absence removed', 'delete from place_circumstance'],
    ['a mark removed', 'delete from reading_mark'],
    ['a mark seen past its function', `update reading_mark set seen_by = 'x'`],
    ['clocks that were off', 'select from terminal_clock_doubt'],
    ['the person that decides', `select deciding_actor('system:operator', '{admin}')`],
    ['a name', `select name_of_actor('staff:1')`],
    ['what was issued, past the rows', 'select issued_rows_of(1)'],
    ['the lock of runs', 'select hold_closing_runs()'],
    ['a clock that was off, noted', 'select note_clock_doubt()'],
  ])('does not get: %s', async (_what, text) => {
    for (const secret of everybody()) expect(await attempt(secret, text)).toBe(DENIED);
  });

  it('decides in no other name, and in none that may not', async () => {
    const actors = ['system:operator', nameOf(admin), nameOf(billing), `key:${key.keyId}`];
    const texts = actors.flatMap((actor) => Object.values(acts(actor)));
    for (const secret of [null, analyst.token, household.token, key]) {
      for (const text of texts) expect([text, await attempt(secret, text)]).toEqual([text, DENIED]);
    }
    for (const text of Object.values(acts(nameOf(analyst)))) {
      expect(await attempt(analyst.token, text)).toBe(DENIED);
    }
    for (const text of Object.values(acts('system:operator'))) {
      expect(await attempt(admin.token, text)).toBe(DENIED);
    }
  });

  it('sets what the utility estimates in the name of administrators alone', async () => {
    const { set, factor, absence, certify, mark } = acts(nameOf(billing));
    for (const text of [set, factor]) expect(await attempt(billing.token, text)).toBe(DENIED);
    for (const text of [absence, certify, mark]) {
      expect([text, await attempt(billing.token, text)]).toEqual([text, undefined]);
    }
    for (const text of Object.values(acts(nameOf(admin)))) {
      expect([text, await attempt(admin.token, text)]).toEqual([text, undefined]);
    }
  });

  it('decides nothing of another utility', async () => {
    const name = nameOf(admin);
    const refused = [
      [`select withdraw_usage_decision(${foreign.decision}, '${name}')`, '23514'],
      [`select withdraw_circumstance(${foreign.circumstance}, '${name}')`, '23514'],
      [`select certify_usage(${foreign.occupancy}, '2026-01-31', 1000, 'x', '${name}')`, '23503'],
      [
        `select correct_usage(${foreign.occupancy}, '2026-01-31', 1, 2, 'fast', 'x', '${name}')`,
        '23514',
      ],
      [
        `select set_volume_factor(${foreign.supplyPoint}, '2027-01-01', 1.2, 'x', '${name}')`,
        '23503',
      ],
      [
        `select record_circumstance(${foreign.supplyPoint}, 'absence', '2026-01-01', null, 'x', '${name}')`,
        '23503',
      ],
    ] as const;
    for (const [text, code] of refused) {
      expect([text, await attempt(admin.token, text)]).toEqual([text, code]);
    }
  });

  it.each([
    [
      'a negative usage',
      (actor: string) =>
        `select certify_usage(${place.occupancy}, '2026-01-31', -1, 'x', '${actor}')`,
    ],
    [
      'no reason',
      (actor: string) =>
        `select certify_usage(${place.occupancy}, '2026-01-31', 1, ' ', '${actor}')`,
    ],
    ['a rule that is none', (actor: string) => `select set_estimation('x', null, '${actor}')`],
    [
      'interpolation over a week',
      (actor: string) => `select set_estimation('none', 168, '${actor}')`,
    ],
    [
      'a factor of zero',
      (actor: string) =>
        `select set_volume_factor(${place.supplyPoint}, '2027-01-01', 0, 'x', '${actor}')`,
    ],
    [
      'an absence that ends before it begins',
      (actor: string) =>
        `select record_circumstance(${place.supplyPoint}, 'absence', '2026-01-02', '2026-01-01', 'x', '${actor}')`,
    ],
    [
      'a correction of more than was issued',
      (actor: string) =>
        `select correct_usage(${place.occupancy}, '2026-01-31', 4, 2, 'fast', 'x', '${actor}')`,
    ],
    [
      'a mark that is none',
      (actor: string) =>
        `select see_reading_mark(${place.meter}, 'clock-doubt', '2026-02-02', true, null, '${actor}')`,
    ],
    [
      'a note of two lines',
      (actor: string) =>
        `select see_reading_mark(${place.meter}, 'clock-doubt', '2025-02-02', true, E'a\\nb', '${actor}')`,
    ],
  ])('does not get what the API refuses: %s', async (_what, text) => {
    expect(await attempt(admin.token, text(nameOf(admin)))).toBe('23514');
  });
});
