// Shared by the processes of this folder: pools, waiting for the database, signals, the end.
import type pg from 'pg';
import { assertBoundRole, openPool, type PoolOptions } from '../db/client.ts';
import { codeOf, messageOf } from '../lib/errors.ts';
import type { Log } from './log.ts';
import { type Part, PartRunner, type Stage } from './part-runner.ts';
import { ISSUES_AT_ONCE, JOBS_AT_ONCE, MAILS_AT_ONCE } from './start-worker.ts';

const DATABASE_AGAIN_MS = 2000;

/** Role and limits of a process's database pool. */
interface DatabaseUse extends PoolOptions {
  role: 'kenshin_ingest' | 'kenshin_worker';
}

export const INGEST_DATABASE: DatabaseUse = {
  role: 'kenshin_ingest',
  applicationName: 'kenshin ingest',
  max: 10,
  queryTimeoutMs: 15_000,
  /** Less than the former, so that a statement has ended on the server when its caller gives up. */
  statementTimeoutMs: 12_000,
};

export const WORKER_DATABASE: DatabaseUse = {
  role: 'kenshin_worker',
  applicationName: 'kenshin worker',
  /**
   * Connections besides those of jobs, mails and issues (each has another for its progress): one that listens for each,
   * the schedule, the release of jobs, the metrics, the look for readings to validate.
   */
  max: JOBS_AT_ONCE + MAILS_AT_ONCE + 2 * ISSUES_AT_ONCE + 7,
  statementTimeoutMs: 15 * 60_000,
  /** A statement of a worker that was killed ends, and with it what it holds. */
  clientCheckMs: 2000,
};

/**
 * A pool of a process, and the part that waits for its database at the start and ends the pool with the process. The
 * start rejects when the role is not the one of the process, or the database refuses the login.
 */
export function poolOf(
  url: string,
  { role, ...options }: DatabaseUse,
  log: Log,
): { pool: pg.Pool; database: Part } {
  const onIdleError = (error: Error) =>
    log.warn({ err: error }, 'an idle database connection broke');
  const pool = openPool(url, { ...options, onIdleError });
  const database: Part = {
    name: `the database as ${role}`,
    start: async () => {
      await databaseThere(pool, log);
      await assertBoundRole(pool, role);
    },
    // Unanswered queries are not waited for longer than a part may take.
    stop: () => pool.end(),
  };
  return { pool, database };
}

/**
 * Starts the parts of a process and stops them on a signal, also during the start; then the process ends. Resolves when
 * they work. @throws Error that names the part that could not be started.
 */
export async function runProcess(stages: readonly Stage[], log: Log): Promise<void> {
  const runner = new PartRunner(stages, log);
  onStopSignal(async () => {
    log.info({}, 'draining');
    await runner.stop();
    log.info({}, 'stopped');
  });
  // Stopped meanwhile: the signal ends the process.
  if (!(await runner.start())) await new Promise<never>(() => undefined);
}

/**
 * Waits for the database, which may start later; one that refuses the login is an error that waiting does not solve.
 */
async function databaseThere(pool: pg.Pool, log: Log): Promise<void> {
  for (;;) {
    try {
      await pool.query('select');
      return;
    } catch (error) {
      if (isRefusal(error)) throw error;
      log.warn({ err: error }, 'the database is away; waiting for it');
      await new Promise((resolve) => setTimeout(resolve, DATABASE_AGAIN_MS));
    }
  }
}

/** True for a wrong password, role or database name: SQLSTATE classes 28 and 3D. */
function isRefusal(error: unknown): boolean {
  return /^(28|3D)[0-9A-Z]{3}$/.test(codeOf(error) ?? '');
}

/** The first signal drains, the second ends at once. */
function onStopSignal(stop: () => Promise<void>): void {
  let stopping = false;
  const onSignal = () => {
    if (stopping) process.exit(1);
    stopping = true;
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

export function endOnFault(error: unknown): void {
  console.error(messageOf(error));
  process.exit(1);
}
