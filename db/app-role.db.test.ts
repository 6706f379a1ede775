/** Rights of the application role, and things that the schema must not contain; read from the catalogue. */
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type AppLogin,
  createAppLogin,
  DENIED,
  fillUtility,
  inUtility,
  refusalOf,
} from './testing/tenancy.ts';
import { type TestDatabase, testDatabase } from './testing/testing.ts';

/**
 * Names of things, posts and desks, and mail addresses of the staff; no other column is a name, an address or a number
 * of a person.
 */
const NAMES_OF_THINGS = [
  'account.display_name',
  'account.mail_address',
  'api_key.name',
  'area.name',
  'closing_issue.asked_name',
  'closing_issue.ended_name',
  'closing_layout.name',
  'closing_layout_version.made_name',
  'closing_layout_version.name',
  'closing_run.issued_name',
  'estimation_setting.changed_name',
  'mail.mail_id',
  'place_circumstance.recorded_name',
  'reading_edit.made_name',
  'reading_edit.seconded_name',
  'reading_edit.taken_back_name',
  'reading_mark.seen_name',
  'register_change.actor_name',
  'register_change.undone_name',
  'schema_migration.name',
  'tariff.name',
  'usage_decision.decided_name',
  'usage_decision.withdrawn_name',
  'utility.name',
  'volume_factor.recorded_name',
];

let database: TestDatabase;
let admin: pg.Pool;
let login: AppLogin;
let own: number;

beforeAll(async () => {
  database = await testDatabase();
  admin = database.adminPool;
  login = await createAppLogin(database);
  own = await fillUtility(admin);
});
afterAll(async () => {
  await login.close();
  await database.close();
});

describe('the application role', () => {
  const refused = (text: string): Promise<string | undefined> =>
    inUtility(login.pool, own, (client) => refusalOf(client, text));

  it('cannot reach the hypertable, its chunks or the list of migrations', async () => {
    const { rows } = await admin.query<{ chunk: string }>(
      `select format('%I.%I', chunk_schema, chunk_name) as chunk from timescaledb_information.chunks`,
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const relation of [
      'series.meter_day',
      'schema_migration',
      ...rows.map((row) => row.chunk),
    ]) {
      expect([relation, await refused(`select from ${relation}`)]).toEqual([relation, DENIED]);
      expect([relation, await refused(`delete from ${relation}`)]).toEqual([relation, DENIED]);
    }
  });

  it('cannot bring the server down by merging chunks', async () => {
    expect(await refused(`call merge_chunks('pg_class'::regclass, 'pg_class'::regclass)`)).toBe(
      DENIED,
    );
  });

  it('cannot switch to another role or disable row security', async () => {
    expect(await refused('set role kenshin_lookup')).toBe(DENIED);
    expect(await refused('set role postgres')).toBe(DENIED);
    expect(await refused('alter table meter disable row level security')).toBe(DENIED);
    expect(await refused('alter role kenshin_app bypassrls')).toBe(DENIED);
    expect(await refused('create table planted (a integer)')).toBe(DENIED);
    await inUtility(login.pool, own, async (client) => {
      await client.query('set row_security = off');
      expect(await refusalOf(client, 'select from meter')).toBe(DENIED);
    });
    const { rows } = await admin.query(
      `select rolsuper or rolbypassrls or rolcreaterole or rolcreatedb as free from pg_roles
       where rolname in ('kenshin_app', 'kenshin_lookup')`,
    );
    expect(rows).toEqual([{ free: false }, { free: false }]);
  });

  it('cannot rewrite the audit', async () => {
    expect(await refused(`update audit set act = 'other'`)).toBe(DENIED);
    expect(await refused('delete from audit')).toBe(DENIED);
  });
});

describe('functions with rights of their own', () => {
  it('belong to roles without login that are no superuser, and pin their search path', async () => {
    const { rows } = await admin.query<{ owner: string; pinned: boolean }>(
      `select distinct proowner::regrole::text as owner, proconfig @> array['search_path=public, pg_temp'] as pinned
       from pg_proc where prosecdef and pronamespace = 'public'::regnamespace order by 1`,
    );
    expect(rows).toEqual(
      ['kenshin_jobs', 'kenshin_lookup', 'kenshin_register', 'kenshin_seal', 'kenshin_store'].map(
        (owner) => ({
          owner,
          pinned: true,
        }),
      ),
    );
  });
});

describe('the hypertable', () => {
  it('has the primary key, the closing index and no index on time alone', async () => {
    const { rows } = await admin.query<{ definition: string }>(
      `select regexp_replace(indexdef, '^.* USING ', '') as definition from pg_indexes
       where schemaname = 'series' order by 1`,
    );
    expect(rows.map(({ definition }) => definition)).toEqual([
      'btree (day, utility_id) INCLUDE (meter_id, closing_hour, closing_index_l)',
      'btree (utility_id, meter_id, day)',
    ]);
  });

  it('has no row security and no foreign key on or at it, so that a columnstore stays possible', async () => {
    const { rows } = await admin.query(
      `select c.relrowsecurity as secured,
         (select count(*)::int from pg_constraint k where k.contype = 'f' and c.oid in (k.conrelid, k.confrelid)) as foreign_keys
       from pg_class c where c.oid = 'series.meter_day'::regclass`,
    );
    expect(rows).toEqual([{ secured: false, foreign_keys: 0 }]);
  });

  it('has no background job that this edition cannot run', async () => {
    const { rows } = await admin.query('select id from _timescaledb_config.bgw_job where id = 3');
    expect(rows).toEqual([]);
  });
});

describe('personal data', () => {
  it('has no column: every name in the schema is that of a thing or a desk', async () => {
    const { rows } = await admin.query<{ column: string }>(
      `select c.relname || '.' || a.attname as column from pg_attribute a join pg_class c on c.oid = a.attrelid
       where c.relnamespace in ('public'::regnamespace, 'series'::regnamespace) and c.relkind in ('r', 'v', 'm') and a.attnum > 0
         and a.attname ~ '(name|address|street|postal|zip|phone|fax|tel($|_)|mobile|mail|birth|gender|sex|kana|person|family|contact)'
       order by 1`,
    );
    expect(rows.map(({ column }) => column)).toEqual(NAMES_OF_THINGS);
  });
});
