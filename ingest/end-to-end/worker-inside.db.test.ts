// A worker inside the sidecar's process: both work, both drain, and its jobs survive the end of the process.
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { transactAs } from '../../db/client.ts';
import { createUtility } from '../../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import { enqueueJob } from '../../lib/jobs/job-commands.ts';
import { type Job, listJobs } from '../../lib/jobs/job-queries.ts';
import { addDays, dayOf } from '../../lib/time.ts';
import { createLog } from '../log.ts';
import { startWorker } from '../start-worker.ts';
import { type RunningProcess, startProcess } from '../testing/child-process.ts';
import { eventually } from '../testing/ingest.ts';
import {
  connectTerminal,
  dayReport,
  registerTerminal,
  seal,
  type TestTerminal,
} from '../testing/terminal.ts';

/** Much longer than a job takes to start, because the machine may be busy. */
const PATIENCE_MS = 20_000;

let database: TestDatabase;
let folder: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  database = await testDatabase();
  folder = mkdtempSync(join(tmpdir(), 'kenshin-inside-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await database.adminPool.query('delete from graphile_worker._private_jobs');
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await database?.close();
});

function sidecar(environment: Record<string, string> = {}): Promise<RunningProcess> {
  return startProcess(
    'main.ts',
    {
      DATABASE_URL: database.ingestUrl,
      KENSHIN_KEK_DIRECTORY: folder,
      KENSHIN_MQTT_PORT: '0',
      KENSHIN_HEALTH_PORT: '0',
      ...environment,
    },
    children,
  );
}

const withWorker = () => sidecar({ KENSHIN_WORKER_DATABASE_URL: database.workerUrl });

async function terminalOf(code: string): Promise<TestTerminal> {
  writeFileSync(join(folder, `${code}.key`), '5a'.repeat(32), { mode: 0o600 });
  return registerTerminal(database.adminPool, await createUtility(database.adminPool, code));
}

async function healthOf({ listening }: RunningProcess): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`http://127.0.0.1:${listening.healthPort}/healthz`);
  return { status: response.status, body: await response.json() };
}

async function metricsOf({ listening }: RunningProcess): Promise<string> {
  return (await fetch(`http://127.0.0.1:${listening.healthPort}/metrics`)).text();
}

/** Enters a job that plans the polling of a utility; returns the job. */
const plan = (utilityId: number) =>
  transactAs(database.db, utilityId, (tx) =>
    enqueueJob(tx, { utilityId }, { kind: 'plan-polling', input: {}, key: 'all' }),
  );

function jobOf(utilityId: number, jobId: number): Promise<Job | undefined> {
  return transactAs(database.db, utilityId, async (tx) => {
    const jobs = await listJobs(tx, { kind: 'system', utilityId, name: 'test' });
    return jobs.find((job) => job.jobId === jobId);
  });
}

async function planCount(utilityId: number): Promise<number> {
  const { rowCount } = await database.adminPool.query(
    'select from poll_plan where utility_id = $1',
    [utilityId],
  );
  return rowCount ?? 0;
}

/** Takes a lock; returns the function that releases it, which may be called repeatedly. */
async function lockFor(statement: string): Promise<() => Promise<void>> {
  const blocker = await database.adminPool.connect();
  await blocker.query('begin');
  await blocker.query(statement);
  let isHeld = true;
  return async () => {
    if (!isHeld) return;
    isHeld = false;
    await blocker.query('rollback');
    blocker.release();
  };
}

/** A job that keeps running until it is released. */
async function heldJob(utilityId: number): Promise<{ jobId: number; letGo: () => Promise<void> }> {
  const letGo = await lockFor('lock table poll_plan in access exclusive mode');
  try {
    const jobId = await plan(utilityId);
    const isRunning = (job: Job | undefined) => job?.state === 'running';
    await eventually(() => jobOf(utilityId, jobId), isRunning, PATIENCE_MS);
    return { jobId, letGo };
  } catch (error) {
    await letGo();
    throw error;
  }
}

describe('a worker inside the sidecar', () => {
  it('is not there unless it is given a connection', async () => {
    const running = await sidecar();
    expect(running.listening.worker).toBe(false);
    expect((await healthOf(running)).body).not.toHaveProperty('worker');
    expect(await metricsOf(running)).not.toContain('kenshin_jobs_total');
    const { rowCount } = await database.adminPool.query(
      `select from pg_stat_activity where datname = current_database() and application_name = 'kenshin worker'`,
    );
    expect(rowCount).toBe(0);
  });

  it('runs jobs, and is shown by the health and metrics of the sidecar', async () => {
    const { utilityId } = await terminalOf('inside');
    const running = await withWorker();
    expect(running.listening.worker).toBe(true);
    expect(await healthOf(running)).toEqual({
      status: 200,
      body: {
        ...{ ok: true, database: true, draining: false, connections: 0 },
        worker: { ok: true, database: true, draining: false },
      },
    });
    await plan(utilityId);
    const isDone = (text: string) =>
      text.includes('kenshin_jobs_total{kind="plan-polling",outcome="done"} 1');
    const metrics = await eventually(() => metricsOf(running), isDone, PATIENCE_MS);
    expect(metrics).toContain('kenshin_connections 0');
    expect(await planCount(utilityId)).toBe(1);
  });

  it('drains with it on SIGTERM: frames are acknowledged and connections end while the job that runs goes on to its end', async () => {
    const terminal = await terminalOf('drains');
    const { utilityId } = terminal;
    const running = await withWorker();
    const url = `mqtt://127.0.0.1:${running.listening.mqttPort}`;
    const connection = await connectTerminal(url, terminal);
    const job = await heldJob(utilityId);
    const letFrames = await lockFor(
      `select from terminal_state where utility_id = ${utilityId} for update`,
    );
    try {
      const day = addDays(dayOf(new Date()), -1);
      const sent = connection.send(seal(terminal, dayReport(terminal, { day })));
      const isQueued = (text: string) => text.includes('kenshin_frames_queued 1');
      await eventually(() => metricsOf(running), isQueued);
      running.child.kill('SIGTERM');
      const isDraining = ({ body }: { body: unknown }) => (body as { draining: boolean }).draining;
      const { status } = await eventually(() => healthOf(running), isDraining);
      expect(status).toBe(503);
      await letFrames();
      await sent;
      await connection.ended;
      // It has its session yet: nothing of the sidecar waited for it to stop.
      expect((await healthOf(running)).body).toMatchObject({
        worker: { draining: true, database: true },
      });
      expect(await jobOf(utilityId, job.jobId)).toMatchObject({ state: 'running' });
      await job.letGo();
      expect(await running.exited).toBe(0);
    } finally {
      await letFrames();
      await job.letGo();
    }
    expect(await jobOf(utilityId, job.jobId)).toBeUndefined();
    expect(await planCount(utilityId)).toBe(1);
  });

  it('leaves its jobs to another worker when the process is killed', async () => {
    const { utilityId } = await terminalOf('killed');
    const running = await withWorker();
    const { jobId, letGo } = await heldJob(utilityId);
    const other = { pool: database.workerPool, log: createLog('silent'), healthPort: 0 };
    running.child.kill('SIGKILL');
    const worker = await startWorker({ ...other, schedule: [], releaseEveryMs: 50 });
    try {
      const isSecond = (job: Job | undefined) => job?.attempts === 2;
      await eventually(() => jobOf(utilityId, jobId), isSecond, PATIENCE_MS);
      await letGo();
      const isDone = (job: Job | undefined) => job === undefined;
      await eventually(() => jobOf(utilityId, jobId), isDone, PATIENCE_MS);
      expect(await planCount(utilityId)).toBe(1);
    } finally {
      await letGo();
      await worker.stop();
    }
  });

  it('ends the process with 1 when its session is lost, since others run its jobs then', async () => {
    const running = await withWorker();
    await database.adminPool.query(
      `select pg_terminate_backend(l.pid) from pg_locks l
       where l.locktype = 'advisory' and l.mode = 'ShareLock'
         and l.database = (select oid from pg_database where datname = current_database())`,
    );
    expect(await running.exited).toBe(1);
    expect(running.output()).toContain('its jobs are run by another');
  });

  it('does not start with the rights of another process', async () => {
    await expect(sidecar({ KENSHIN_WORKER_DATABASE_URL: database.ingestUrl })).rejects.toThrow(
      /the database as kenshin_worker could not be started: .* has the rights of kenshin_ingest/,
    );
  });
});
