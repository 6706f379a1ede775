/**
 * Job queue: the tables and functions of graphile-worker in their own schema, made by that library's migrations. They
 * are not in db/schema.sql, because they belong to the version that package.json pins; a test compares the revision.
 * Rights are in db/grants.ts.
 */
import { Logger, runMigrations } from 'graphile-worker';
import type pg from 'pg';

export const JOB_QUEUE_SCHEMA = 'graphile_worker';
/** Number of the library's migrations, from its table `migrations`; it changes with the library's version. */
export const JOB_QUEUE_REVISION = 19;

/** These tables have row security and no policy: without one they would be empty to all but their owner. */
const TABLES = [
  '_private_jobs',
  '_private_job_queues',
  '_private_tasks',
  '_private_known_crontabs',
];

/** Creates the queue or updates it to the library's version, in the role that owns the schema. */
export async function installJobQueue(adminUrl: string, client: pg.Client): Promise<void> {
  await runMigrations({
    connectionString: adminUrl,
    schema: JOB_QUEUE_SCHEMA,
    logger: new Logger(() => () => undefined),
  });
  const statements = TABLES.flatMap((table) => [
    `drop policy if exists kenshin on ${JOB_QUEUE_SCHEMA}.${table}`,
    `create policy kenshin on ${JOB_QUEUE_SCHEMA}.${table} to kenshin_worker, kenshin_jobs using (true) with check (true)`,
  ]);
  await client.query(['begin', ...statements, 'commit'].join(';\n'));
}
