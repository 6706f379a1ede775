// Runs the jobs of the queue with graphile-worker: a number at a time, with its own schedule, and a session lock by
// which other workers see that this one is alive. A job whose worker died is released within seconds and runs again.
import { Logger, type Runner, run, type Task } from 'graphile-worker';
import type pg from 'pg';
import { messageOf } from '../../lib/errors.ts';
import { JOB_KINDS, type JobInput, type JobKind, readPayload } from '../../lib/jobs/job-kinds.ts';
import type { ScheduledJob } from '../../lib/jobs/job-schedule.ts';
import type { Log } from '../log.ts';
import { cronItemsOf } from './cron-items.ts';
import type { JobHandlers } from './job-handlers.ts';

const POLL_MS = 2000;
const STOP_ABORT_MS = 15_000;

export interface JobRunnerOptions {
  /** Pool of kenshin_worker; two connections more than jobs at a time. */
  pool: pg.Pool;
  /** An exclusive session: while it lives, so does this worker. */
  session: pg.Client;
  handlers: JobHandlers;
  /** The kinds of jobs that are taken; others wait for another runner. */
  kinds: readonly JobKind[];
  schedule: readonly ScheduledJob[];
  atOnce: number;
  log: Log;
  now: () => number;
  /** Called for each attempt that ended. */
  onEnded: (kind: JobKind, outcome: 'done' | 'failed', seconds: number) => void;
}

export type JobRunner = Pick<Runner, 'stop' | 'promise'>;

/** Starts taking jobs; `stop` takes no more and resolves when the running ones have ended. */
export async function runJobs(options: JobRunnerOptions): Promise<JobRunner> {
  const { pool, session, kinds, schedule, atOnce, log } = options;
  await session.query('select hold_as_any_worker()');
  let held: Promise<unknown> | undefined;
  const tasks = Object.fromEntries(kinds.map((kind) => [kind, taskOf(kind, options)]));
  const runner = await run({
    pgPool: pool,
    taskList: tasks,
    parsedCronItems: cronItemsOf(schedule),
    concurrency: atOnce,
    pollInterval: POLL_MS,
    noHandleSignals: true,
    logger: loggerOver(log),
    preset: {
      worker: { gracefulShutdownAbortTimeout: STOP_ABORT_MS },
      plugins: [
        {
          name: 'KenshinLivingWorker',
          version: '1.0.0',
          worker: {
            hooks: {
              // Before its first job: a worker without the lock counts as dead.
              startWorker: async (_context, { worker }) => {
                held ??= session.query('select hold_worker($1)', [worker.workerPool.id]);
                await held;
              },
            },
          },
        },
      ],
    },
  });
  return runner;
}

function taskOf(kind: JobKind, { handlers, log, now, onEnded }: JobRunnerOptions): Task {
  return async (given, { job, abortSignal }) => {
    const startedAtMs = now();
    try {
      const payload = readPayload(given);
      const isLast = job.attempts >= job.max_attempts;
      const about = { jobId: Number(job.id), isLast, signal: abortSignal };
      await runHandler(handlers, kind, { ...payload, ...about });
      onEnded(kind, 'done', (now() - startedAtMs) / 1000);
    } catch (error) {
      onEnded(kind, 'failed', (now() - startedAtMs) / 1000);
      const { attempts, max_attempts: maxAttempts } = job;
      log.warn({ err: error, job: job.id, kind, attempts, maxAttempts }, 'a job failed');
      // The stored error is read by people: the message, not the stack.
      throw new Error(messageOf(error));
    }
  };
}

async function runHandler<K extends JobKind>(
  handlers: JobHandlers,
  kind: K,
  job: {
    utilityId: number | null;
    input: unknown;
    jobId: number;
    isLast: boolean;
    signal?: AbortSignal | undefined;
  },
): Promise<void> {
  const { scope } = JOB_KINDS[kind];
  // Of the kind's own shape, which the compiler cannot follow through the table.
  const input = JOB_KINDS[kind].input.parse(job.input) as JobInput<K>;
  const about = { jobId: job.jobId, isLast: job.isLast, signal: job.signal };
  if ((scope === 'utility') !== (job.utilityId !== null)) {
    throw new Error(`a job of the kind ${kind} is of the ${scope}`);
  }
  await handlers[kind]({ ...about, utilityId: job.utilityId ?? 0, input });
}

/** Passes on the library's warnings and errors; results of jobs are logged here. */
function loggerOver(log: Log): Logger {
  return new Logger(() => (level, message, meta) => {
    if (meta?.failure === true) return;
    if (level === 'error' || level === 'warning')
      log.warn({ err: meta?.error }, `queue: ${message}`);
  });
}
