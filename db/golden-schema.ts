/** The schema as text, for db/schema.sql, in which the effect of a migration is reviewed and checked. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type pg from 'pg';
import { JOB_QUEUE_SCHEMA } from './job-queue.ts';
import { withClient } from './with-client.ts';

const run = promisify(execFile);

/** Path of the committed text. */
export const GOLDEN_SCHEMA = fileURLToPath(new URL('./schema.sql', import.meta.url));

const HEAD = `-- Written by "npm run golden" from a freshly migrated database; not for execution. The migrations make the schema.
-- Owners are left out (the role that migrates), but for those listed at the end.
`;

/**
 * Output of pg_dump without the parts that differ from run to run, with hypertables and security-definer functions,
 * which pg_dump does not list.
 * @param bin the folder of pg_dump 17.
 */
export async function dumpSchema(adminUrl: string, bin: string): Promise<string> {
  const url = new URL(adminUrl);
  const password = decodeURIComponent(url.password);
  url.password = '';
  const { stdout } = await run(
    path.join(bin, 'pg_dump'),
    // The queue's schema is the library's, and changes only with its version.
    [
      ...['--schema-only', '--no-owner', `--exclude-schema=${JOB_QUEUE_SCHEMA}`],
      ...['--dbname', url.toString()],
    ],
    {
      env: { NODE_ENV: 'production', LC_ALL: 'C', PGPASSWORD: password },
      maxBuffer: 1 << 25,
    },
  );
  return withClient(adminUrl, async (client) => {
    const own = await withoutExtensions(strip(stdout), client);
    return `${HEAD}\n${own}\n\n${await besides(client)}`;
  });
}

const NOISE = [
  /^\\(un)?restrict .*$/,
  /^--$/,
  /^-- (Name: .*|Dumped .*|PostgreSQL database dump( complete)?)$/,
  /^SET \w+ = .*;$/,
  /^SELECT pg_catalog\.set_config\('search_path', '', false\);$/,
  /^COMMENT ON EXTENSION .*;$/,
];

function strip(dump: string): string {
  return dump
    .split('\n')
    .filter((line) => !NOISE.some((noise) => noise.test(line)))
    .join('\n')
    .replace(/(ALTER DEFAULT PRIVILEGES FOR ROLE )\S+/g, '$1OWNER')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/**
 * Without the rights on the extensions' functions: there are hundreds, and they differ with the extension's version.
 */
async function withoutExtensions(dump: string, client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ name: string }>(
    `select distinct n.nspname || '.' || p.proname as name
     from pg_depend d join pg_proc p on p.oid = d.objid join pg_namespace n on n.oid = p.pronamespace
     where d.classid = 'pg_proc'::regclass and d.deptype = 'e'`,
  );
  const names = new Set(rows.map(({ name }) => name));
  const right = /^(?:REVOKE|GRANT) .* ON (?:FUNCTION|PROCEDURE) ([\w.]+)\(/;
  return dump
    .split('\n')
    .filter((line) => !names.has(right.exec(line)?.[1] ?? ''))
    .join('\n')
    .replace(/\n{3,}/g, '\n\n');
}

async function besides(client: pg.Client): Promise<string> {
  const hypertables = await client.query<{ line: string }>(
    `select format('-- hypertable %I.%I: by %I, chunks of %s', d.hypertable_schema, d.hypertable_name, d.column_name, d.time_interval) as line
     from timescaledb_information.dimensions d order by 1`,
  );
  const definers = await client.query<{ line: string }>(
    `select format('-- runs as %s: %s', p.proowner::regrole, p.oid::regprocedure) as line
     from pg_proc p where p.prosecdef and p.pronamespace = 'public'::regnamespace order by 1`,
  );
  return `${[...hypertables.rows, ...definers.rows].map(({ line }) => line).join('\n')}\n`;
}
