// Faults around the queue: tidying while a job is entered, and a session that breaks without notice.
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { openPool, transactAs } from '../../db/client.ts';
import { createUtility } from '../../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import { enqueueJob } from '../../lib/jobs/job-commands.ts';
import { listJobs } from '../../lib/jobs/job-queries.ts';
import { createLog } from '../log.ts';
import { startWorker, type Worker, type WorkerOptions } from '../start-worker.ts';
import { eventually } from '../testing/ingest.ts';
import { proxyTo } from '../testing/proxy.ts';

const KEYED = { kind: 'plan-polling', input: {}, key: 'all' } as const;

let database: TestDatabase;
const workers: Worker[] = [];

beforeAll(async () => {
  database = await testDatabase();
});
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.stop();
  await database.adminPool.query('delete from graphile_worker._private_jobs');
});
afterAll(() => database?.close());

async function worker(options: Partial<WorkerOptions> = {}): Promise<Worker> {
  const started = await startWorker({
    pool: database.workerPool,
    log: createLog('silent'),
    healthPort: 0,
    schedule: [],
    ...options,
  });
  workers.push(started);
  return started;
}

it('a job entered while the queue is tidied runs', async () => {
  const utilityId = await createUtility(database.adminPool);
  const planned: number[] = [];
  await worker({
    handlers: {
      'plan-polling': async ({ jobId }) => {
        planned.push(jobId);
      },
    },
  });
  const enter = <T>(fn: Parameters<typeof transactAs<T>>[2]) =>
    transactAs(database.db, utilityId, fn);
  const first = await enter((tx) => enqueueJob(tx, { utilityId }, KEYED));
  await eventually(
    async () => planned,
    (all) => all.includes(first),
  );
  // Its queue has a name and no visible job, so the name would be removed.
  await eventually(
    () => enter((tx) => listJobs(tx, { kind: 'system', utilityId, name: 'test' })),
    (jobs) => jobs.length === 0,
  );
  const second = await enter(async (tx) => {
    const entered = await enqueueJob(tx, { utilityId }, KEYED);
    await database.workerPool.query(`select graphile_worker.add_job('tidy-queue')`);
    await eventually(hasTidiedOrWaits, (it) => it);
    return entered;
  });
  await eventually(
    async () => planned,
    (all) => all.includes(second),
  );
});

/** True when the tidying is over, or waits for the transaction that enters a job. */
async function hasTidiedOrWaits(): Promise<boolean> {
  const { rows } = await database.adminPool.query<{ jobs: number; waits: number }>(
    `select (select count(*)::int from graphile_worker._private_jobs j
             join graphile_worker._private_tasks t on t.id = j.task_id where t.identifier = 'tidy-queue') as jobs,
            (select count(*)::int from pg_locks
             where relation = 'graphile_worker._private_job_queues'::regclass and not granted) as waits`,
  );
  return rows[0]?.jobs === 0 || rows[0]?.waits === 1;
}

it('the worker ends when its session no longer answers, without a notice to either end', async () => {
  const line = await proxyTo(database.workerUrl);
  const pool = openPool(line.url, { applicationName: 'a worker behind a proxy', max: 8 });
  try {
    const living = await worker({ pool, releaseEveryMs: 50, sessionAnswerMs: 200 });
    line.hold();
    await expect(living.lost).rejects.toThrow('its jobs are run by another');
  } finally {
    line.release();
    for (const each of workers.splice(0)) await each.stop();
    await pool.end();
    await line.close();
  }
});
