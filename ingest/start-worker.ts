// Puts the worker together: the job runner, the release of jobs whose worker died, health. Opens nothing but sockets and one
// session of the database, by which others see that this worker lives; the pool is handed in.
import type { AddressInfo } from 'node:net';
import type pg from 'pg';
import { createDatabase, openConnection, transactAs } from '../db/client.ts';
import { enqueueJob } from '../lib/jobs/commands.ts';
import { JOB_KIND_NAMES } from '../lib/jobs/job-kinds.ts';
import { SCHEDULED_JOBS, type ScheduledJob } from '../lib/jobs/schedule.ts';
import { countUnsentMails } from '../lib/mail/queries.ts';
import { serveHealth } from './health.ts';
import { type JobHandlers, jobHandlers } from './jobs/job-handlers.ts';
import { type JobRunner, type JobRunnerOptions, runJobs } from './jobs/run-jobs.ts';
import type { MailSending } from './jobs/send-mail.ts';
import type { Log } from './log.ts';
import { settledWithin } from './within.ts';
import { type QueueCount, WorkerMetrics } from './worker-metrics.ts';

/** Jobs that one worker runs at one time, mails beside them: a mail server that answers slowly holds up mails alone. */
export const JOBS_AT_ONCE = 4;
export const MAILS_AT_ONCE = 2;
const OTHER_KINDS = JOB_KIND_NAMES.filter((kind) => kind !== 'send-mail');
const RELEASE_EVERY_MS = 5000;
const DRAIN_MS = 20_000;

export interface WorkerOptions {
  /** As kenshin_worker; at least four connections more than jobs and mails at one time. */
  pool: pg.Pool;
  log: Log;
  healthPort: number;
  atOnce?: number;
  schedule?: readonly ScheduledJob[];
  /** Tests put their own in place of some. */
  handlers?: Partial<JobHandlers>;
  /** Without it no mail is taken from the queue. */
  mail?: Omit<MailSending, 'onEnded'> | undefined;
  releaseEveryMs?: number;
  /** Milliseconds since 1970; tests hand in their own. */
  now?: () => number;
}

/** A running worker. */
export interface Worker {
  healthPort: number;
  metrics: WorkerMetrics;
  /** Rejects when the session by which the worker is known to live has ended: others run its jobs then, so it has to end. */
  lost: Promise<never>;
  /** Takes no more jobs and settles when those that run have ended, or are given back. The pool stays open. */
  stop(): Promise<void>;
}

export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { pool, log, healthPort, now = Date.now } = options;
  const session = await openConnection(pool);
  let draining = false;
  let isLost = false;
  const lost = new Promise<never>((_, reject) => {
    session.on('end', () => {
      isLost = !draining;
      if (isLost)
        reject(new Error('the session of this worker ended; its jobs are run by another'));
    });
  });
  lost.catch(() => undefined);
  const metrics = new WorkerMetrics({
    countQueue: () => countQueue(pool),
    countMails: () => countUnsentMails(pool),
    ...{ hasMailServer: options.mail !== undefined, now },
  });
  const db = createDatabase(pool);
  const handlers = jobHandlers({
    transact: (utilityId, fn) => transactAs(db, utilityId, fn),
    query: pool,
    enqueue: enqueueJob,
    log,
    now,
    mail: options.mail && {
      ...options.mail,
      onEnded: (kind, outcome) => metrics.mailEnded(kind, outcome),
    },
  });
  const runners = await startRunners(options, {
    ...{ pool, session, log, now },
    handlers: { ...handlers, ...options.handlers },
    onEnded: (kind, outcome, seconds) => metrics.ended(kind, outcome, seconds),
  });
  const release = () => releaseDeadWorkers(pool, log);
  await release();
  const releasing = setInterval(() => void release(), options.releaseEveryMs ?? RELEASE_EVERY_MS);
  const health = await serveHealth({
    port: healthPort,
    registry: metrics.registry,
    read: () => ({ ok: !draining && !isLost, draining, database: !isLost }),
  });
  return {
    healthPort: (health.address() as AddressInfo).port,
    metrics,
    lost,
    stop: async () => {
      draining = true;
      clearInterval(releasing);
      await settledWithin(DRAIN_MS, Promise.all(runners.map((runner) => runner.stop())));
      await session.end().catch(() => undefined);
      await new Promise<void>((resolve) => {
        health.close(() => resolve());
        health.closeAllConnections();
      });
    },
  };
}

/** One for mails where there is a mail server, one for all other jobs. */
async function startRunners(
  { mail, schedule = SCHEDULED_JOBS, atOnce = JOBS_AT_ONCE }: WorkerOptions,
  running: Omit<JobRunnerOptions, 'kinds' | 'schedule' | 'atOnce'>,
): Promise<JobRunner[]> {
  const { log, session } = running;
  const runners = [await runJobs({ ...running, kinds: OTHER_KINDS, schedule, atOnce })];
  if (mail) {
    const kinds = ['send-mail'] as const;
    runners.push(await runJobs({ ...running, kinds, schedule: [], atOnce: MAILS_AT_ONCE }));
    await session.query('select hold_as_mail_worker()');
  } else {
    log.warn({}, 'no mail server is configured (KENSHIN_SMTP_URL): mails wait');
  }
  for (const { promise } of runners) {
    promise.catch((error: unknown) => log.error({ err: error }, 'the job runner ended'));
  }
  return runners;
}

async function releaseDeadWorkers(pool: pg.Pool, log: Log): Promise<void> {
  try {
    const { rows } = await pool.query<{ workers: number }>(
      'select release_dead_workers() as workers',
    );
    const workers = rows[0]?.workers ?? 0;
    if (workers > 0) log.warn({ workers }, 'the jobs of workers that ended are run again');
  } catch (error) {
    log.warn({ err: error }, 'it could not be seen which workers live; it is tried again');
  }
}

async function countQueue(pool: pg.Pool): Promise<QueueCount[]> {
  const { rows } = await pool.query<QueueCount>(
    `select t.identifier as kind, count(*)::integer as jobs,
       case when j.locked_at is not null then 'running' when j.attempts >= j.max_attempts then 'failed' else 'waiting' end as state
     from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
     group by 1, 3`,
  );
  return rows;
}
