/**
 * Test databases: a template is migrated once per version of migrations and rights, and each test file gets a clone of
 * it. Works on any server whose URL names a role that may create databases and roles.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import pg from 'pg';
import { closeDatabase } from '../apply-grants.ts';
import { createDatabase, openPool } from '../client.ts';
import { urlOfAppRole, urlOfDatabase, urlOfRole } from '../database-url.ts';
import { GRANTS } from '../grants.ts';
import { JOB_QUEUE_REVISION } from '../job-queue.ts';
import { listMigrations, migrate } from '../migrate.ts';
import type { Database } from '../schema.ts';
import { TAKEN_FROM_PUBLIC } from '../taken-from-public.ts';

export interface TestDatabase {
  /** Pool of the role that owns the schema, bypassing row security: for fixtures and assertions. */
  adminPool: pg.Pool;
  adminUrl: string;
  /** Pool of kenshin_app, the role of the operator's commands, bound by row security. */
  pool: pg.Pool;
  db: Kysely<Database>;
  /** URL of kenshin_app, for child processes. */
  url: string;
  /** Pool of the web process's role. */
  webPool: pg.Pool;
  webDb: Kysely<Database>;
  webUrl: string;
  /** Pool of the sidecar's role. */
  ingestPool: pg.Pool;
  ingestDb: Kysely<Database>;
  ingestUrl: string;
  /** Pool of the worker's role. */
  workerPool: pg.Pool;
  workerDb: Kysely<Database>;
  workerUrl: string;
  /** Closes the pools and drops the database, even while others are connected. */
  close(): Promise<void>;
}

/** Clones the migrated template, which is built first if this server lacks it. */
export async function cloneDatabase(serverUrl: string): Promise<TestDatabase> {
  const template = await ensureTemplate(serverUrl);
  const name = `kenshin_test_${process.pid}_${randomBytes(6).toString('hex')}`;
  await onServer(serverUrl, (server) =>
    server.query(`create database "${name}" template "${template}"`),
  );
  const adminUrl = urlOfDatabase(serverUrl, name);
  await onServer(adminUrl, closeDatabase);
  const urls = {
    url: urlOfAppRole(adminUrl),
    webUrl: urlOfRole(adminUrl, 'kenshin_web'),
    ingestUrl: urlOfRole(adminUrl, 'kenshin_ingest'),
    workerUrl: urlOfRole(adminUrl, 'kenshin_worker'),
  };
  const adminPool = openPool(adminUrl, { applicationName: 'kenshin test admin', max: 5 });
  const pool = openPool(urls.url, { applicationName: 'kenshin test', max: 10 });
  const webPool = openPool(urls.webUrl, { applicationName: 'kenshin test web', max: 10 });
  const ingestPool = openPool(urls.ingestUrl, { applicationName: 'kenshin test ingest', max: 10 });
  const workerPool = openPool(urls.workerUrl, { applicationName: 'kenshin test worker', max: 10 });
  return {
    adminPool,
    adminUrl,
    pool,
    webPool,
    ingestPool,
    workerPool,
    ...urls,
    db: createDatabase(pool),
    webDb: createDatabase(webPool),
    ingestDb: createDatabase(ingestPool),
    workerDb: createDatabase(workerPool),
    close: async () => {
      const pools = [adminPool, pool, webPool, ingestPool, workerPool];
      await Promise.all(pools.map((each) => each.end()));
      await dropDatabase(serverUrl, name);
    },
  };
}

/** An empty database without migrations, for tests of the migrations themselves. */
export async function emptyDatabase(
  serverUrl: string,
): Promise<{ adminUrl: string; close: () => Promise<void> }> {
  const name = `kenshin_test_${process.pid}_${randomBytes(6).toString('hex')}`;
  await onServer(serverUrl, (server) => server.query(`create database "${name}"`));
  return {
    adminUrl: urlOfDatabase(serverUrl, name),
    close: () => dropDatabase(serverUrl, name),
  };
}

/**
 * Builds the template of the present migrations if it is missing, one builder at a time on a server, and removes
 * leftovers of killed runs.
 * @returns its name, which contains a hash of the server's and the migrations' versions.
 */
export async function ensureTemplate(serverUrl: string): Promise<string> {
  const hash = createHash('sha256').update(await engineOf(serverUrl));
  for (const { name, sha256 } of await listMigrations()) hash.update(`${name} ${sha256}\n`);
  hash.update(JSON.stringify([GRANTS, TAKEN_FROM_PUBLIC, JOB_QUEUE_REVISION]));
  const template = `kenshin_template_${hash.digest('hex').slice(0, 16)}`;
  await onServer(serverUrl, async (server) => {
    if (await exists(server, template)) return;
    await server.query(`select pg_advisory_lock(hashtextextended('kenshin template', 0))`);
    if (await exists(server, template)) return;
    await dropLeftovers(server);
    const building = `${template}_building`;
    await server.query(`drop database if exists "${building}" with (force)`);
    await server.query(`create database "${building}"`);
    await migrate(urlOfDatabase(serverUrl, building));
    // No connections to a template, so that cloning it never waits.
    await server.query(`alter database "${building}" with allow_connections false`);
    await server.query(`alter database "${building}" rename to "${template}"`);
  });
  return template;
}

/** Version of the server and extension: a template of another version of the extension could not be opened. */
function engineOf(serverUrl: string): Promise<string> {
  return onServer(serverUrl, async (server) => {
    const { rows } = await server.query<{ engine: string }>(
      `select version() || (select default_version from pg_available_extensions where name = 'timescaledb') as engine`,
    );
    if (!rows[0]?.engine) throw new Error('the server of DATABASE_URL does not have TimescaleDB');
    return rows[0].engine;
  });
}

async function exists(server: pg.Client, database: string): Promise<boolean> {
  const { rowCount } = await server.query('select from pg_database where datname = $1', [database]);
  return rowCount === 1;
}

async function dropLeftovers(server: pg.Client): Promise<void> {
  const { rows } = await server.query<{ datname: string }>(
    `select d.datname from pg_database d
     where d.datname ~ '^kenshin_(test|template)_'
       and (pg_stat_file('base/' || d.oid || '/PG_VERSION', true)).modification < now() - interval '1 day'
       and not exists (select from pg_stat_activity a where a.datid = d.oid)`,
  );
  for (const { datname } of rows) await server.query(`drop database if exists "${datname}"`);
}

async function dropDatabase(serverUrl: string, name: string): Promise<void> {
  await onServer(serverUrl, (server) =>
    server.query(`drop database if exists "${name}" with (force)`),
  );
}

async function onServer<T>(serverUrl: string, fn: (server: pg.Client) => Promise<T>): Promise<T> {
  const server = new pg.Client({ connectionString: serverUrl, application_name: 'kenshin test' });
  await server.connect();
  try {
    await server.query('set client_min_messages = warning');
    return await fn(server);
  } finally {
    await server.end();
  }
}
