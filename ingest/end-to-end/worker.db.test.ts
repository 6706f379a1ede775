// The worker over a real queue: order of jobs, and their state when the worker ends or is killed.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { transactAs } from '../../db/client.ts';
import { createUtility } from '../../db/testing/fixtures.ts';
import { type TestDatabase, testClock, testDatabase } from '../../db/testing/testing.ts';
import { enqueueJob } from '../../lib/jobs/job-commands.ts';
import { listJobs } from '../../lib/jobs/job-queries.ts';
import { addDays, dayOf, instantOf } from '../../lib/time.ts';
import type { JobHandlers } from '../jobs/job-handlers.ts';
import { createLog } from '../log.ts';
import { startWorker, type Worker, type WorkerOptions } from '../start-worker.ts';
import { eventually } from '../testing/ingest.ts';
import { registerTerminal } from '../testing/terminal.ts';

let database: TestDatabase;
const workers: Worker[] = [];
const children: ChildProcess[] = [];

beforeAll(async () => {
  database = await testDatabase();
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const worker of workers.splice(0)) await worker.stop();
  // One that is to be tried again would run in the next test.
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

const enqueue = (utilityId: number, key?: string) =>
  transactAs(database.db, utilityId, (tx) =>
    enqueueJob(tx, { utilityId }, { kind: 'plan-polling', input: {}, ...(key && { key }) }),
  );

const jobsOf = (utilityId: number) =>
  transactAs(database.db, utilityId, (tx) =>
    listJobs(tx, { kind: 'system', utilityId, name: 'test' }),
  );

/** A handler that reports its start and ends when it is released. */
function gate() {
  const running: number[] = [];
  let most = 0;
  const ends: (() => void)[] = [];
  const handler: JobHandlers['plan-polling'] = async ({ jobId }) => {
    running.push(jobId);
    most = Math.max(most, running.length);
    await new Promise<void>((resolve) => ends.push(resolve));
    running.splice(running.indexOf(jobId), 1);
  };
  return {
    handler,
    running,
    most: () => most,
    letGo: () => {
      for (const end of ends.splice(0)) end();
    },
  };
}

it('the worker plans the polling of a utility: a missing day is recorded after its report window', async () => {
  const today = dayOf(new Date());
  const now = instantOf(today, 23).getTime();
  const utilityId = await createUtility(database.adminPool);
  const terminal = await registerTerminal(database.adminPool, utilityId);
  await database.adminPool.query('update meter_fitting set fitted_at = $2 where utility_id = $1', [
    utilityId,
    instantOf(addDays(today, -2), 0),
  ]);
  await worker({ now: () => now });
  await enqueue(utilityId, 'all');
  const { rows } = await eventually(
    () =>
      database.adminPool.query<{ planned_until: Date; looked_back_at: Date }>(
        'select planned_until, looked_back_at from poll_plan where utility_id = $1',
        [utilityId],
      ),
    (result) => result.rows.length === 1,
  );
  expect(rows).toEqual([{ planned_until: new Date(now), looked_back_at: new Date(now) }]);
  const noted = await database.adminPool.query<{ day: string }>(
    `select to_char(day, 'YYYY-MM-DD') as day from reading_request where utility_id = $1 and terminal_id = $2 order by day`,
    [utilityId, terminal.terminalId],
  );
  expect(noted.rows.map(({ day }) => day)).toEqual([addDays(today, -2), addDays(today, -1)]);
});

it('the worker enters the planning for each utility, and a failing one does not delay the others', async () => {
  const ids = [await createUtility(database.adminPool), await createUtility(database.adminPool)];
  const planned: number[] = [];
  const { metrics } = await worker({
    handlers: {
      'plan-polling': async ({ utilityId }) => {
        if (utilityId === ids[0]) throw new Error('canceling statement due to statement timeout');
        planned.push(utilityId);
      },
    },
  });
  await database.workerPool.query(`select graphile_worker.add_job('schedule-polling')`);
  await eventually(
    async () => planned,
    (all) => all.includes(ids[1]!),
  );
  const [job] = await eventually(
    () => jobsOf(ids[0]!),
    (jobs) => jobs.some(({ state }) => state === 'retrying'),
  );
  expect(job).toMatchObject({
    kind: 'plan-polling',
    key: 'all',
    lastError: 'canceling statement due to statement timeout',
  });
  expect(await metrics.registry.metrics()).toContain(
    'kenshin_jobs_total{kind="plan-polling",outcome="failed"} 1',
  );
});

it('the worker removes taken frames of thirty days ago whose counters are below the window', async () => {
  const now = Date.now();
  const utilityId = await createUtility(database.adminPool);
  const { terminalId } = await registerTerminal(database.adminPool, utilityId);
  await database.adminPool.query('update terminal_state set up_high = 100 where utility_id = $1', [
    utilityId,
  ]);
  for (const [counter, daysAgo] of [
    [1, 31],
    [2, 29],
    [36, 31],
    [37, 31],
  ] as const) {
    const receivedAt = new Date(now - daysAgo * 24 * 3_600_000);
    await database.adminPool.query('insert into taken_frame values ($1, $2, $3, 0, 3, $4)', [
      ...[utilityId, terminalId, counter],
      receivedAt,
    ]);
  }
  await worker({ now: () => now });
  await database.workerPool.query(`select graphile_worker.add_job('schedule-frame-pruning')`);
  const kept = async () => {
    const { rows } = await database.adminPool.query<{ counter: number }>(
      'select counter::integer from taken_frame where utility_id = $1 order by 1',
      [utilityId],
    );
    return rows.map(({ counter }) => counter);
  };
  await eventually(kept, (counters) => counters.length === 2);
  expect(await kept()).toEqual([2, 37]);
  await eventually(
    () => jobsOf(utilityId),
    (jobs) => jobs.length === 0,
  );
});

it('the worker runs jobs concurrently, but never two of one key', async () => {
  const utilityId = await createUtility(database.adminPool);
  const same = gate();
  await worker({ handlers: { 'plan-polling': same.handler } });
  const first = await enqueue(utilityId, 'one');
  await eventually(
    async () => [...same.running],
    (running) => running.includes(first),
  );
  // That one is running, so this is another job; it waits for the first.
  const second = await enqueue(utilityId, 'one');
  expect(second).not.toBe(first);
  const beside = await enqueue(utilityId, 'two');
  await eventually(
    async () => [...same.running],
    (running) => running.includes(beside),
  );
  expect(same.running).toEqual([first, beside]);
  same.letGo();
  await eventually(
    async () => [...same.running],
    (running) => running.includes(second),
  );
  same.letGo();
  await eventually(
    () => jobsOf(utilityId),
    (jobs) => jobs.length === 0,
  );
  expect(same.most()).toBe(2);
});

it('the worker drains when it is stopped: running jobs end, and no new one begins', async () => {
  const utilityId = await createUtility(database.adminPool);
  const held = gate();
  const stopping = await worker({ handlers: { 'plan-polling': held.handler } });
  await enqueue(utilityId, 'first');
  await eventually(
    async () => held.running.length,
    (running) => running === 1,
  );
  const stopped = stopping.stop();
  const waits = await enqueue(utilityId, 'second');
  expect(held.running).toHaveLength(1);
  held.letGo();
  await stopped;
  // The queue's library does not wait for the statement that enters the end of the last job.
  const left = await eventually(
    () => jobsOf(utilityId),
    (jobs) => jobs.length === 1,
  );
  expect(left.map(({ jobId, state }) => [jobId, state])).toEqual([[waits, 'waiting']]);
});

it('a job whose worker was killed runs again', async () => {
  const utilityId = await createUtility(database.adminPool);
  await registerTerminal(database.adminPool, utilityId);
  // The planning waits for this lock, so that the job runs until the worker is killed.
  const blocker = await database.adminPool.connect();
  try {
    await blocker.query('begin');
    await blocker.query('lock table poll_plan in access exclusive mode');
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', fileURLToPath(new URL('../worker.ts', import.meta.url))],
      {
        env: {
          PATH: '/usr/bin:/bin',
          DATABASE_URL: database.workerUrl,
          KENSHIN_WORKER_HEALTH_PORT: '0',
          ...testClock(),
        } as unknown as NodeJS.ProcessEnv,
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    children.push(child);
    await new Promise<void>((resolve, reject) => {
      child.once('exit', () => reject(new Error('the worker ended')));
      createInterface({ input: child.stdout! }).on('line', (line) => {
        if (JSON.parse(line).msg === 'listening') resolve();
      });
    });
    const jobId = await enqueue(utilityId, 'all');
    const isRunning = (jobs: Awaited<ReturnType<typeof jobsOf>>) =>
      jobs.some((job) => job.jobId === jobId && job.state === 'running');
    await eventually(() => jobsOf(utilityId), isRunning, 20_000);
    child.kill('SIGKILL');
    await worker({ releaseEveryMs: 50 });
    await eventually(
      () => jobsOf(utilityId),
      (jobs) => jobs.some((job) => job.jobId === jobId && job.attempts === 2),
      20_000,
    );
    await blocker.query('rollback');
    await eventually(
      () => jobsOf(utilityId),
      (jobs) => jobs.every((job) => job.jobId !== jobId),
    );
    const { rows } = await database.adminPool.query(
      'select count(*)::int as plans from poll_plan where utility_id = $1',
      [utilityId],
    );
    expect(rows).toEqual([{ plans: 1 }]);
  } finally {
    await blocker.query('rollback').catch(() => undefined);
    blocker.release();
  }
}, 90_000);

it('the worker ends when the session that shows it as alive is lost, because others run its jobs then', async () => {
  const living = await worker();
  await database.adminPool.query(
    `select pg_terminate_backend(l.pid) from pg_locks l
     where l.locktype = 'advisory' and l.mode = 'ShareLock'
       and l.database = (select oid from pg_database where datname = current_database())`,
  );
  await expect(living.lost).rejects.toThrow('its jobs are run by another');
  expect((await fetch(`http://127.0.0.1:${living.healthPort}/healthz`)).status).toBe(503);
});
