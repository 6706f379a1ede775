/** A compromised web process that changes the setting of the sealed utility while a statement runs. */
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GRANTS } from './grants.ts';
import { openStaffSession, type TestSession } from './testing/sessions.ts';
import { type AppLogin, createAppLogin, DENIED, fillUtility } from './testing/tenancy.ts';
import { type TestDatabase, testDatabase } from './testing/testing.ts';

/** Relations of which the web process may read rows of utilities. */
const RELATIONS = Object.entries(GRANTS.kenshin_web.relations)
  .filter(([, { select }]) => select !== undefined)
  .map(([name]) => name);

let database: TestDatabase;
let web: AppLogin;
let own: number;
let other: number;
let session: TestSession & { accountId: number };

beforeAll(async () => {
  database = await testDatabase();
  web = await createAppLogin(database, 'kenshin_web');
  own = await fillUtility(database.adminPool);
  other = await fillUtility(database.adminPool);
  session = await openStaffSession(database.adminPool, own, 'analyst');
});
afterAll(async () => {
  await web.close();
  await database.close();
});

/** Runs `fn` in a transaction that has claimed the session, and rolls it back. */
async function claimed<T>(fn: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await web.pool.connect();
  try {
    await client.query('begin');
    await client.query('select from claim_session($1)', [session.token]);
    return await fn(client);
  } finally {
    await client.query('rollback');
    client.release();
  }
}

const moveTo = (utilityId: number) => `set_config('app.sealed_utility', '${utilityId} - x', true)`;

/** Utilities whose rows the statements returned; a refused one returns none. */
async function seen(client: pg.PoolClient, statements: readonly string[]): Promise<number[]> {
  const found = new Set<number>();
  await client.query('savepoint before');
  try {
    for (const text of statements) {
      const { rows } = await client.query<{ utility_id?: number }>(text);
      for (const { utility_id: id } of rows) if (id !== undefined) found.add(id);
    }
  } catch (error) {
    if ((error as { code?: string }).code !== DENIED) throw error;
    await client.query('rollback to savepoint before');
  }
  return [...found];
}

const attacks: Record<string, (relation: string) => string[]> = {
  'between two rows of a cursor': (relation) => [
    `declare c cursor for select utility_id from ${relation}`,
    'fetch 1 from c',
    `select ${moveTo(other)}`,
    'fetch all from c',
  ],
  'in the list of what a statement selects': (relation) => [
    'set local enable_indexscan = off',
    'set local enable_bitmapscan = off',
    `select utility_id, ${moveTo(other)} from ${relation}`,
  ],
  'before each scan of a lateral join': (relation) => [
    `select y.utility_id from generate_series(0, 9) x (g)
     cross join lateral (
       select case when x.g > 0 then set_config('app.sealed_utility', (${own} + x.g) || ' - x', true) end as s offset 0) s
     cross join lateral (
       select * from ${relation} where coalesce(s.s, '') is not null and utility_id + x.g * 0 > 0 offset 0) y`,
  ],
};

describe.each(Object.keys(attacks))('a setting changed %s', (attack) => {
  it.each(RELATIONS)('does not show another utility in %s', async (relation) => {
    await claimed(async (client) => {
      const utilities = await seen(client, attacks[attack]?.(relation) ?? []);
      expect(utilities.filter((id) => id !== own)).toEqual([]);
    });
  });
});

/** Views that show no row without a utility, the owner neither. */
const VIEWS_OF_DAYS = ['meter_day', 'sound_day'];

describe('the rows targeted by the attacks', () => {
  it.each(RELATIONS.filter((name) => name !== 'audit'))('exist: %s', async (relation) => {
    const { rows } = await database.adminPool.query(
      `select distinct utility_id from ${VIEWS_OF_DAYS.includes(relation) ? 'series.meter_day' : relation}`,
    );
    expect(rows.map(({ utility_id: id }) => id)).toContain(other);
  });
});

describe('the audit', () => {
  const act = (actor: string, id: string) =>
    `select ${own}, ${actor}, 'closing.exported', 'closing:1', '{}'::jsonb from generate_series(1, 3) g (n) where ${id}`;
  const insert = 'insert into audit (utility_id, actor, act, subject, detail)';

  it('accepts an act of the person whose session was claimed', async () => {
    await claimed(async (client) => {
      await client.query(`${insert} ${act(`'staff:${session.accountId}'`, 'n = 1')}`);
    });
  });

  it('accepts none of another person, also when the statement removes the seal after its first row', async () => {
    const text = act(
      `case when n = 1 then 'staff:${session.accountId}'
            when set_config('app.sealed_utility', '', true) is not null then 'staff:999' end`,
      'true',
    );
    await claimed(async (client) => {
      await expect(client.query(`${insert} ${text}`)).rejects.toMatchObject({ code: DENIED });
    });
  });
});

describe('an invalid token', () => {
  it('claimed after a valid one leaves no utility', async () => {
    await claimed(async (client) => {
      await client.query(`select from claim_session('nobody')`);
      const { rows } = await client.query('select utility_id from meter_fitting');
      expect(rows).toEqual([]);
    });
  });
});
