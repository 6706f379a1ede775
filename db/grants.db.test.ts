/**
 * Compares the catalogue with the list of rights (db/grants.ts) in both directions; and the rights of every login
 * besides.
 */
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GRANTED_SCHEMAS, GRANTS, ROLES } from './grants.ts';
import { TAKEN_FROM_PUBLIC } from './taken-from-public.ts';
import { type TestDatabase, testDatabase } from './testing/testing.ts';

const PROCESS_ROLES = ['kenshin_app', 'kenshin_ingest', 'kenshin_web', 'kenshin_worker'];
const SCHEMAS = `'{${GRANTED_SCHEMAS.join(',')}}'::regnamespace[]`;

/** Rights given to the roles or to PUBLIC in the product's schemas, as "role: right object". */
const GIVEN = `
  with acl as (
    select 'on ' || c.oid::regclass as object, a.grantee, lower(a.privilege_type) as privilege
    from pg_class c, aclexplode(c.relacl) a where c.relnamespace = any (${SCHEMAS})
    union all
    select format('on %s.%s', c.oid::regclass, t.attname), a.grantee, lower(a.privilege_type)
    from pg_attribute t join pg_class c on c.oid = t.attrelid, aclexplode(t.attacl) a
    where c.relnamespace = any (${SCHEMAS})
    union all
    select distinct p.pronamespace::regnamespace || '.' || p.proname || '()', a.grantee, lower(a.privilege_type)
    from pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
    where p.pronamespace = any (${SCHEMAS})
       or (p.pronamespace = 'pg_catalog'::regnamespace and a.grantee <> 0)
    union all
    select 'schema ' || n.nspname, a.grantee, lower(a.privilege_type)
    from pg_namespace n, aclexplode(n.nspacl) a where n.oid = any (${SCHEMAS})
    union all
    select 'type ' || t.typname, a.grantee, lower(a.privilege_type)
    from pg_type t, aclexplode(t.typacl) a where t.typnamespace = 'public'::regnamespace
  )
  select distinct coalesce(r.rolname, 'PUBLIC') || ': ' || acl.privilege || ' ' || acl.object as given
  from acl left join pg_roles r on r.oid = acl.grantee
  where acl.grantee = 0 or r.rolname like 'kenshin\\_%' order by 1`;

function listed(): string[] {
  const lines = ROLES.flatMap((role) => {
    const { schemas, relations, functions, types } = GRANTS[role];
    const rights = Object.entries(relations).flatMap(([relation, given]) =>
      Object.entries(given).flatMap(([right, columns]) =>
        columns === true
          ? [`${right} on ${relation}`]
          : columns.map((column) => `${right} on ${relation}.${column}`),
      ),
    );
    return [
      ...schemas.map((schema) => `usage schema ${schema}`),
      ...rights,
      ...functions.map((name) => `execute ${name.includes('.') ? name : `public.${name}`}()`),
      ...types.map((type) => `usage type ${type}`),
    ].map((line) => `${role}: ${line}`);
  });
  return lines.sort();
}

let database: TestDatabase;
let admin: pg.Pool;

beforeAll(async () => {
  database = await testDatabase();
  admin = database.adminPool;
});
afterAll(() => database.close());

async function given(client: Pick<pg.Pool, 'query'>): Promise<string[]> {
  const { rows } = await client.query<{ given: string }>(GIVEN);
  return rows.map((row) => row.given).sort();
}

describe('the list of rights', () => {
  it('equals the catalogue', async () => {
    expect(await given(admin)).toEqual(listed());
  });

  it.each([
    ['a table', 'create table planted (a int); grant select on planted to kenshin_web'],
    ['a column', 'grant update (role) on account to kenshin_web'],
    [
      'a function that everybody may call',
      `create function planted() returns int language sql return 1; grant execute on function planted to public`,
    ],
    ['a function of PostgreSQL', `grant execute on function pg_read_file(text) to kenshin_ingest`],
    ['a schema', 'grant usage on schema series to kenshin_ingest'],
    ['the queue', 'grant insert on graphile_worker._private_jobs to kenshin_web'],
    [
      'a function of the queue',
      `grant execute on function graphile_worker.remove_job(text) to public`,
    ],
    ['a type', 'grant usage on type day_report_row to kenshin_web'],
    ['a sequence', 'grant usage on sequence account_account_id_seq to kenshin_web'],
  ])('would be reported to lack %s', async (_what, text) => {
    const client = await admin.connect();
    try {
      await client.query(`begin; ${text}`);
      const beside = (await given(client)).filter((line) => !listed().includes(line));
      expect(beside).toHaveLength(1);
    } finally {
      await client.query('rollback');
      client.release();
    }
  });

  it('contains everything that a process can read or call', async () => {
    for (const role of PROCESS_ROLES) {
      const { relations, functions } = GRANTS[role as keyof typeof GRANTS];
      const { rows } = await admin.query<{ name: string }>(
        `select c.oid::regclass::text as name from pg_class c
         where c.relkind in ('r', 'p', 'v', 'm', 'f')
           and c.relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
           -- The catalogue of the extension, which tells of tables and not of what is in them.
           and not exists (select from pg_depend d where d.objid = c.oid and d.classid = 'pg_class'::regclass and d.deptype = 'e')
           and has_any_column_privilege($1, c.oid, 'select, insert, update') order by 1`,
        [role],
      );
      expect(rows.map(({ name }) => name)).toEqual(Object.keys(relations).sort());
      const callable = await admin.query<{ name: string }>(
        `select distinct p.proname::text as name from pg_proc p
         where has_function_privilege($1, p.oid, 'execute')
           and p.pronamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace) order by 1`,
        [role],
      );
      const named = functions.map((name) => name.slice(name.indexOf('.') + 1));
      expect(callable.rows.map(({ name }) => name)).toEqual(named.sort());
    }
  });
});

describe('the rights of every login in a default PostgreSQL', () => {
  it('does not include large objects, advisory locks and temporary tables', async () => {
    for (const role of PROCESS_ROLES) {
      const { rows } = await admin.query<{ name: string }>(
        `select p.oid::regprocedure::text as name from pg_proc p
         where p.pronamespace = 'pg_catalog'::regnamespace and has_function_privilege($1, p.oid, 'execute')
           and (p.proname = any ($2) or p.proname ~ '^lo_|advisory.*lock(_shared)?$' and p.proname !~ 'unlock|^lo_(get|close|lseek|tell)')`,
        [role, TAKEN_FROM_PUBLIC],
      );
      expect(rows).toEqual([]);
      const database = await admin.query(
        `select has_database_privilege($1, current_database(), 'temporary, create') as free`,
        [role],
      );
      expect(database.rows).toEqual([{ free: false }]);
    }
  });

  it('are all that the roles have: none is a member of another or has a right over the server', async () => {
    const { rows } = await admin.query(
      `select r.rolname from pg_roles r
       where r.rolname = any ($1)
         and (r.rolsuper or r.rolbypassrls or r.rolcreaterole or r.rolcreatedb or r.rolreplication
              or exists (select from pg_auth_members m where m.member = r.oid
                         and not (r.rolname = 'kenshin_seal' and m.roleid = 'pg_read_all_stats'::regrole)))`,
      [ROLES],
    );
    expect(rows).toEqual([]);
  });
});
