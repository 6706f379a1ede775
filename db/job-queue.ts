/**
 * The job queue: the tables and functions of graphile-worker in a schema of their own, which that library's own migrations
 * make. Their text is not in db/schema.sql: it belongs to the version that package.json pins, and a test names the revision.
 * What our roles may do there stands in db/grants.ts as everywhere.
 */
import { Logger, runMigrations } from 'graphile-worker';
import type pg from 'pg';

export const JOB_QUEUE_SCHEMA = 'graphile_worker';
/** The library's migrations, as its table `migrations` counts them: another number is another version of the library. */
export const JOB_QUEUE_REVISION = 19;

/** The tables have row security and no policy: without one they would be empty to all but their owner. */
const TABLES = [
  '_private_jobs',
  '_private_job_queues',
  '_private_tasks',
  '_private_known_crontabs',
];

/** Makes the queue or brings it to the library's version, as the role that owns the schema. */
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
