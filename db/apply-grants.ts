/** Sets the rights in a database to the list in db/grants.ts, whatever migrations or people granted before. */
import pg from 'pg';
import { GRANTED_SCHEMAS, GRANTS, ROLES, type Role } from './grants.ts';
import type { RoleGrants } from './owner-grants.ts';
import { TAKEN_FROM_PUBLIC } from './taken-from-public.ts';

type Client = Pick<pg.Client, 'query'>;

/**
 * Applies the list in a transaction, in the role that owns the schema.
 * @throws DatabaseError for a name of the list that the schema does not have.
 */
export async function applyGrants(client: Client): Promise<void> {
  await client.query('begin');
  try {
    await client.query(await revokes(client));
    for (const role of ROLES) {
      const statements = await grantsOf(client, role, GRANTS[role]);
      if (statements.length > 0) await client.query(statements.join(';\n'));
    }
    await client.query(await policies(client));
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

/**
 * Revokes the right of every login to create temporary tables in this database. Clones of a template do not inherit
 * this.
 */
export async function closeDatabase(client: Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>('select current_database() as name');
  await client.query(
    `revoke temporary on database ${pg.escapeIdentifier(rows[0]?.name ?? '')} from public`,
  );
}

/** Script that revokes all rights of the roles in the granted schemas. */
async function revokes(client: Client): Promise<string> {
  const from = ROLES.join(', ');
  const statements = GRANTED_SCHEMAS.flatMap((schema) => [
    `revoke all on schema ${schema} from ${from}`,
    `revoke all on all tables in schema ${schema} from ${from}`,
    `revoke all on all sequences in schema ${schema} from ${from}`,
    `revoke all on all routines in schema ${schema} from public, ${from}`,
  ]);
  const { rows } = await client.query<{ statement: string }>(
    `select format('revoke all (%s) on %s from ${from}', string_agg(quote_ident(a.attname), ', '), c.oid::regclass) as statement
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where a.attacl is not null and c.relnamespace = any ($2::regnamespace[])
     group by c.oid
     union all
     select format('revoke all on type %s from public, ${from}', t.oid::regtype) from pg_type t
     where t.typnamespace = 'public'::regnamespace and t.typtype in ('c', 'd', 'e') and t.typacl is not null
     union all
     select format('revoke execute on function %s from public, ${from}', p.oid::regprocedure) from pg_proc p
     where p.pronamespace = 'pg_catalog'::regnamespace and p.proname = any ($1)`,
    [TAKEN_FROM_PUBLIC, GRANTED_SCHEMAS],
  );
  return [...statements, ...rows.map(({ statement }) => statement)].join(';\n');
}

async function grantsOf(client: Client, role: Role, grants: RoleGrants): Promise<string[]> {
  const to = `to ${role}`;
  const relations = Object.entries(grants.relations).flatMap(([relation, rights]) =>
    Object.entries(rights).map(([right, columns]) => {
      const of = columns === true ? '' : ` (${columns.join(', ')})`;
      return `grant ${right}${of} on ${qualified(relation)} ${to}`;
    }),
  );
  return [
    ...grants.schemas.map((schema) => `grant usage on schema ${schema} ${to}`),
    ...relations,
    ...(await functionsOf(client, grants)).map((each) => `grant execute on function ${each} ${to}`),
    ...grants.types.map((type) => `grant usage on type ${qualified(type)} ${to}`),
  ];
}

/** Signatures of the named functions, with all overloads. */
async function functionsOf(client: Client, { functions }: RoleGrants): Promise<string[]> {
  const { rows } = await client.query<{ name: string; signature: string | null }>(
    `select f.name, p.oid::regprocedure::text as signature from unnest($1::text[]) f (name)
     left join pg_proc p on format('%s.%s', p.pronamespace::regnamespace, p.proname) = f.name`,
    [functions.map(qualified)],
  );
  const unknown = rows.find(({ signature }) => signature === null);
  if (unknown)
    throw new Error(`db/grants.ts names the function ${unknown.name}, which is not there`);
  return rows.flatMap(({ signature }) => signature ?? []);
}

/** Script that sets the roles of each table's policy `tenant`: those with any right on the table. */
async function policies(client: Client): Promise<string> {
  const { rows } = await client.query<{ statement: string }>(
    `select format('alter policy tenant on %s to %s', p.polrelid::regclass,
              coalesce((select string_agg(r, ', ') from unnest($1::text[]) r
                        where has_any_column_privilege(r, p.polrelid, 'select, insert, update')), 'kenshin_app')) as statement
     from pg_policy p where p.polname = 'tenant'`,
    [['kenshin_app', 'kenshin_ingest', 'kenshin_web', 'kenshin_worker'] satisfies Role[]],
  );
  return rows.map(({ statement }) => statement).join(';\n');
}

function qualified(name: string): string {
  return name.includes('.') ? name : `public.${name}`;
}
