/**
 * Checks of tenant isolation that read the catalogue, so that tables added later are covered without being named here.
 */
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSession } from './testing/sessions.ts';
import {
  type AppLogin,
  createAppLogin,
  DENIED,
  fillUtility,
  inUtility,
  refusalOf,
} from './testing/tenancy.ts';
import { type TestDatabase, testDatabase } from './testing/testing.ts';

/** Unique indexes of tenant tables that do not start with utility_id, each for a reason given in its migration. */
const KEYS_BEFORE_THE_UTILITY_IS_KNOWN = [
  'api_key_key_hash_key',
  'frame_quarantine_pkey',
  'session_token_hash_key',
  'terminal_number',
  'utility_code_key',
];

interface Bare {
  relation: string;
  fault: string;
}

/** Tenant relations without forced row security and policy, and without a security barrier. */
const UNCOVERED = `
  select c.oid::regclass::text as relation,
    case when c.relkind in ('v', 'm') then 'view without security barrier' else 'table without a forced policy that binds kenshin_app' end as fault
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attname = 'utility_id' and not a.attisdropped
  where n.nspname = 'public' and c.relkind in ('r', 'p', 'v', 'm', 'f')
    and not (c.relkind in ('r', 'p') and c.relrowsecurity and c.relforcerowsecurity
             and exists (select from pg_policy p where p.polrelid = c.oid and 'kenshin_app'::regrole = any (p.polroles)))
    and not (c.relkind = 'v' and 'security_barrier=true' = any (coalesce(c.reloptions, '{}')))
  order by 1`;

const PROCESSES = ['kenshin_web', 'kenshin_ingest'] as const;
/** How each role names a utility. */
const NAMED_BY = {
  kenshin_web: 'select claim_session($1)',
  kenshin_ingest: 'select serve_utility($1)',
};

let database: TestDatabase;
let admin: pg.Pool;
let login: AppLogin;
let own: number;
let other: number;

beforeAll(async () => {
  database = await testDatabase();
  admin = database.adminPool;
  login = await createAppLogin(database);
  own = await fillUtility(admin);
  other = await fillUtility(admin);
});
afterAll(async () => {
  await login.close();
  await database.close();
});

const as = <T>(utilityId: number | null, fn: (client: pg.PoolClient) => Promise<T>): Promise<T> =>
  inUtility(login.pool, utilityId, fn);

interface Relation {
  name: string;
  /** Columns for an insert. */
  columns: string[];
  /** Columns of the primary key, or of a unique key instead. */
  key: string[];
  /** Rights of the commands; wrong tries, known devices, taken frames and owners are read through functions only. */
  readable: boolean;
  writable: boolean;
}

async function tenantRelations(): Promise<Relation[]> {
  const { rows } = await admin.query<Relation>(
    `select c.relname as name,
       array_agg(a.attname::text order by a.attnum) filter (where a.attidentity = '') as columns,
       coalesce((select array_agg(k.attname::text order by k.attnum) from pg_index i
                 join pg_attribute k on k.attrelid = i.indrelid and k.attnum = any (i.indkey)
                 where i.indisprimary and i.indrelid = case c.relname when 'meter_day' then 'series.meter_day'::regclass else c.oid end),
                '{}') as key,
       has_table_privilege('kenshin_app', c.oid, 'select') as readable,
       has_table_privilege('kenshin_app', c.oid, 'insert') as writable
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v')
       and exists (select from pg_attribute u where u.attrelid = c.oid and u.attname = 'utility_id')
     group by c.oid, c.relname order by c.relname`,
  );
  return rows;
}

/** Tenant relations of which a role may read rows. */
async function relationsOf(role: string): Promise<string[]> {
  const { rows } = await admin.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'utility_id'
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v')
       and has_column_privilege($1, c.oid, a.attnum, 'select') order by 1`,
    [role],
  );
  expect(rows.length).toBeGreaterThan(5);
  return rows.map(({ name }) => name);
}

describe('every relation with a utility_id', () => {
  it('is covered by a forced policy or a security barrier', async () => {
    expect((await admin.query<Bare>(UNCOVERED)).rows).toEqual([]);
  });

  it.each([
    ['a bare table', 'create table planted (utility_id integer primary key)'],
    [
      'a table whose policy its owner escapes',
      `create table planted (utility_id integer primary key); alter table planted enable row level security;
       create policy tenant on planted to kenshin_app using (utility_id = current_utility_id())`,
    ],
    [
      'a table without a policy for the application',
      'create table planted (utility_id integer primary key); alter table planted enable row level security; alter table planted force row level security',
    ],
    ['a leaky view', 'create view planted as select * from series.meter_day'],
    ['a materialized view', 'create materialized view planted as select * from series.meter_day'],
  ])('would be reported as %s', async (_what, text) => {
    const client = await admin.connect();
    try {
      await client.query(`begin; ${text}`);
      const { rows } = await client.query<Bare>(UNCOVERED);
      expect(rows.map(({ relation }) => relation)).toEqual(['planted']);
    } finally {
      await client.query('rollback');
      client.release();
    }
  });

  it('starts every unique key with utility_id, except the named ones', async () => {
    const { rows } = await admin.query<{ name: string }>(
      `select i.indexrelid::regclass::text as name
       from pg_index i join pg_attribute f on f.attrelid = i.indrelid and f.attnum = i.indkey[0]
       join pg_class c on c.oid = i.indrelid
       where (i.indisunique or i.indisexclusion) and f.attname <> 'utility_id'
         and c.relnamespace in ('public'::regnamespace, 'series'::regnamespace)
         and exists (select from pg_attribute u where u.attrelid = i.indrelid and u.attname = 'utility_id')
       order by 1`,
    );
    expect(rows.map(({ name }) => name)).toEqual(KEYS_BEFORE_THE_UTILITY_IS_KNOWN);
  });

  it('has a row in the utilities of this test (db/testing/tenancy.ts)', async () => {
    for (const { name, readable } of await tenantRelations()) {
      const { rowCount } = readable
        ? await as(own, (client) => client.query(`select from ${name} limit 1`))
        : await admin.query(`select from ${name} where utility_id = $1 limit 1`, [own]);
      expect([name, rowCount]).toEqual([name, 1]);
    }
  });

  it('shows the commands no wrong tries, no known devices, no taken frames and no owners of connections', async () => {
    const hidden = (await tenantRelations()).filter(({ readable }) => !readable);
    expect(hidden.map(({ name }) => name)).toEqual([
      'known_device',
      'sign_in_try',
      'taken_frame',
      'terminal_owner',
    ]);
    for (const { name } of hidden) {
      const code = await as(own, (client) => refusalOf(client, `select from ${name}`));
      expect([name, code]).toEqual([name, DENIED]);
    }
  });

  it('shows its own rows and no others', async () => {
    for (const name of await relationsOf('kenshin_app')) {
      const seen = await as(own, (client) =>
        client.query(`select distinct utility_id from ${name}`),
      );
      expect({ name, seen: seen.rows }).toEqual({ name, seen: [{ utility_id: own }] });
    }
  });

  it('shows nothing when no utility is set', async () => {
    for (const name of await relationsOf('kenshin_app')) {
      const { rowCount } = await as(null, (client) => client.query(`select from ${name}`));
      expect({ name, rowCount }).toEqual({ name, rowCount: 0 });
    }
  });

  it.each(PROCESSES)(
    'shows %s its own rows and no others, and none without a utility',
    async (role) => {
      const process = await createAppLogin(database, role);
      const { rows } = await admin.query<{ account_id: number }>(
        'select account_id from account where utility_id = $1',
        [own],
      );
      const accountId = rows[0]!.account_id;
      const { token, sessionId } = await openSession(admin, own, { accountId });
      try {
        for (const name of await relationsOf(role)) {
          const list = `select distinct utility_id from ${name}`;
          const none = await inUtility(process.pool, null, (client) => client.query(list));
          expect({ name, seen: none.rows }).toEqual({ name, seen: [] });
          const seen = await inUtility(process.pool, null, async (client) => {
            await client.query(NAMED_BY[role], [role === 'kenshin_web' ? token : own]);
            return client.query(list);
          });
          expect({ name, seen: seen.rows }).toEqual({ name, seen: [{ utility_id: own }] });
        }
      } finally {
        await process.close();
        await admin.query('delete from session where session_id = $1', [sessionId]);
      }
    },
  );

  it('does not show rows of others to a condition with side effects', async () => {
    const { rows } = await as(own, (client) =>
      client.query(
        `select count(*)::int as seen from meter_day where 1 / (utility_id - ${other}) is not null`,
      ),
    );
    expect(rows).toEqual([{ seen: 1 }]);
  });
});

describe('writing across utilities', () => {
  it('is refused for rows that name another utility', async () => {
    for (const { name, columns, writable } of await tenantRelations()) {
      if (!writable) continue;
      const list = columns.join(', ');
      const moved = columns.map((column) => (column === 'utility_id' ? String(other) : column));
      const code = await as(own, (client) =>
        refusalOf(client, `insert into ${name} (${list}) select ${moved.join(', ')} from ${name}`),
      );
      expect([name, code]).toEqual([name, DENIED]);
    }
  });

  it('does not move a row to another utility', async () => {
    for (const { name } of await tenantRelations()) {
      const code = await as(own, (client) =>
        refusalOf(client, `update ${name} set utility_id = ${other}`),
      );
      expect([name, code]).toEqual([name, expect.any(String)]);
    }
  });

  it('changes nothing of the other utility by an update without condition', async () => {
    for (const { name, columns } of await tenantRelations()) {
      const column = columns.find((candidate) => candidate !== 'utility_id')!;
      const before = await rowsOf(name);
      await as(own, async (client) => {
        const code = await refusalOf(client, `update ${name} set ${column} = ${column}`);
        if (code) return;
        const { rowCount } = await client.query(`update ${name} set ${column} = ${column}`);
        const all = await client.query(`select from ${name}`);
        expect([name, rowCount]).toEqual([name, all.rowCount]);
      });
      expect(await rowsOf(name)).toEqual(before);
    }
  });

  it('does not delete', async () => {
    for (const { name } of await tenantRelations()) {
      const codes = await as(own, async (client) => [
        await refusalOf(client, `delete from ${name}`),
        await refusalOf(client, `truncate ${name}`),
      ]);
      expect([
        name,
        codes.every((code) => code === DENIED || code === '42809' || code === '55000'),
      ]).toEqual([name, true]);
    }
  });

  it("does not take over another utility's row by an upsert on its key", async () => {
    for (const { name, columns, key, writable } of await tenantRelations()) {
      if (!writable || key.length === 0) continue;
      const theirs = await keysOf(name, key);
      const list = [...new Set([...columns, ...key])];
      const values = list.map((column) =>
        column === 'utility_id' ? String(own) : (theirs[column] ?? column),
      );
      await as(own, async (client) => {
        await client.query('savepoint attempt');
        await client
          .query(
            `insert into ${name} (${list.join(', ')}) overriding system value select ${values.join(', ')} from ${name} limit 1
             on conflict (${key.join(', ')}) do update set utility_id = excluded.utility_id`,
          )
          .catch(() => client.query('rollback to savepoint attempt'));
        const { rows } = await client.query(`select distinct utility_id from ${name}`);
        expect([name, rows]).toEqual([name, [{ utility_id: own }]]);
        await client.query('select serve_utility($1)', [other]);
        const left = await client.query(`select count(*)::int as count from ${name}`);
        expect([name, left.rows]).toEqual([name, [{ count: (await rowsOf(name)).length }]]);
      });
    }
  });

  it('does not take over a terminal number or a session', async () => {
    for (const [table, column] of [
      ['terminal', 'number'],
      ['session', 'token_hash'],
    ]) {
      const theirs = (await keysOf(table!, [column!]))[column!];
      const { columns } = (await tenantRelations()).find(({ name }) => name === table)!;
      const values = columns.map((each) => (each === column ? theirs : each));
      const code = await as(own, (client) =>
        refusalOf(
          client,
          `insert into ${table} (${columns.join(', ')}) select ${values.join(', ')} from ${table} limit 1
           on conflict (${column}) do update set utility_id = excluded.utility_id`,
        ),
      );
      expect([table, code]).toEqual([table, DENIED]);
    }
  });

  async function rowsOf(name: string): Promise<unknown[]> {
    const { rows } = await admin.query(
      `select * from ${name === 'meter_day' ? 'series.meter_day' : name} where utility_id = $1`,
      [other],
    );
    return rows;
  }

  /** The other utility's key values as SQL literals. */
  async function keysOf(name: string, key: string[]): Promise<Record<string, string>> {
    const { rows } = await admin.query<Record<string, string>>(
      `select ${key.map((column) => `quote_literal(${column}) as ${column}`).join(', ')}
       from ${name === 'meter_day' ? 'series.meter_day' : name} where utility_id = $1 limit 1`,
      [other],
    );
    return rows[0]!;
  }
});
