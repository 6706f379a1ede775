// Assembles the worker: job runner, release of jobs of dead workers, health. Opens only sockets and one database
// session, by which others see that this worker is alive; the pool is passed in.
import { setImmediate } from 'node:timers/promises';
import type pg from 'pg';
import { createDatabase, openConnection, transactAs, transactByIssue } from '../db/client.ts';
import { lendUntil } from '../db/lent-connection.ts';
import { enqueueJob } from '../lib/jobs/job-commands.ts';
import { JOB_KIND_NAMES, type JobKind } from '../lib/jobs/job-kinds.ts';
import { SCHEDULED_JOBS, type ScheduledJob } from '../lib/jobs/job-schedule.ts';
import { countUnsentMails } from '../lib/mail/mail-queries.ts';
import { HealthServer, type WorkerHealth } from './health.ts';
import { type JobHandlers, jobHandlers } from './jobs/job-handlers.ts';
import { ReadingWatch } from './jobs/reading-watch.ts';
import { type JobRunner, type JobRunnerOptions, runJobs } from './jobs/run-jobs.ts';
import type { MailSending } from './jobs/send-mail.ts';
import type { Log } from './log.ts';
import { type Part, PartRunner, type Stage } from './part-runner.ts';
import { waitAtMost } from './wait-at-most.ts';
import { type QueueCount, WorkerMetrics } from './worker-metrics.ts';

/** Jobs that one worker runs at the same time, besides mails and issues: a slow mail server delays mails alone. */
export const JOBS_AT_ONCE = 4;
export const MAILS_AT_ONCE = 2;
/** Issues of closings, each of another utility; one may take minutes, and delays no other job. */
export const ISSUES_AT_ONCE = 2;
const APART: readonly JobKind[] = ['send-mail', 'issue-closings'];
const OTHER_KINDS = JOB_KIND_NAMES.filter((kind) => !APART.includes(kind));
const RELEASE_EVERY_MS = 5000;
/** Time in which the session has to answer; without an answer it counts as lost. */
const SESSION_ANSWER_MS = 10_000;
/** Slightly more than the time after which jobs are aborted. */
const DRAIN_MS = 20_000;
const SESSION_END_MS = 1000;

export interface JobWorkerOptions {
  /** Pool of kenshin_worker: connections for the concurrent jobs and mails, and those that WORKER_DATABASE lists. */
  pool: pg.Pool;
  log: Log;
  atOnce?: number;
  schedule?: readonly ScheduledJob[];
  /** Replacements of handlers, for tests. */
  handlers?: Partial<JobHandlers>;
  /** Without it no mail is taken from the queue. */
  mail?: Omit<MailSending, 'onEnded'> | undefined;
  /** Address of the site, for links in mails. */
  siteUrl?: string | undefined;
  releaseEveryMs?: number;
  sessionAnswerMs?: number;
  /** Clock, milliseconds since 1970; tests pass their own. */
  now?: () => number;
}

export interface WorkerOptions extends JobWorkerOptions {
  healthPort: number;
}

/** A running worker. */
export interface Worker {
  healthPort: number;
  metrics: WorkerMetrics;
  /** See JobWorker. */
  lost: Promise<never>;
  /** Takes no more jobs and resolves when the running ones have ended or were released. The pool stays open. */
  stop(): Promise<void>;
}

/** Starts a worker with a health port of its own. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { worker, health, stages } = createWorker(options);
  const runner = new PartRunner(stages, options.log);
  await runner.start();
  const { metrics, lost } = worker;
  return { healthPort: health.port, metrics, lost, stop: () => runner.stop() };
}

/** A worker with its own health port, assembled and not started. */
export function createWorker({ healthPort, ...options }: WorkerOptions): {
  worker: JobWorker;
  health: HealthServer;
  stages: readonly Stage[];
} {
  const worker = new JobWorker(options);
  const health = new HealthServer({
    ...{ port: healthPort, registry: worker.metrics.registry },
    read: () => worker.health,
  });
  return { worker, health, stages: [[health], [worker]] };
}

/** Runs the jobs of the queue, as a part of any process. */
export class JobWorker implements Part {
  readonly name = 'worker';
  readonly stopWithinMs = DRAIN_MS + SESSION_END_MS;
  readonly metrics: WorkerMetrics;
  /**
   * Rejects when the session that shows the worker as alive has ended: others then run its jobs, so the process has to
   * end at once. Nothing else reliably ends a running job.
   */
  readonly lost: Promise<never>;
  readonly #options: JobWorkerOptions;
  #lose: (error: Error) => void = () => undefined;
  #state: 'starting' | 'running' | 'draining' | 'lost' = 'starting';
  #session: pg.Client | undefined;
  readonly #runners: JobRunner[] = [];
  #releasing: NodeJS.Timeout | undefined;
  readonly #watch: ReadingWatch;
  #isLooking = false;
  #ending: Promise<unknown> = Promise.resolve();

  constructor(options: JobWorkerOptions) {
    this.#options = options;
    this.metrics = new WorkerMetrics({
      countQueue: () => countQueue(options.pool),
      countMails: () => countUnsentMails(options.pool),
      ...{ hasMailServer: options.mail !== undefined, now: options.now ?? Date.now },
    });
    const { pool, log } = options;
    const db = createDatabase(pool);
    this.#watch = new ReadingWatch({
      ...{ pool, log, enqueue: enqueueJob },
      transact: (utilityId, fn) => transactAs(db, utilityId, fn),
    });
    this.lost = new Promise((_, reject) => {
      this.#lose = reject;
    });
    this.lost.catch(() => undefined);
  }

  get health(): WorkerHealth {
    return {
      ok: this.#state === 'running',
      draining: this.#state === 'draining',
      database: this.#session !== undefined && this.#state !== 'lost',
    };
  }

  async start(): Promise<void> {
    const { pool, log, releaseEveryMs = RELEASE_EVERY_MS } = this.#options;
    const session = await openConnection(pool);
    session.on('end', () => this.#onSessionEnded());
    this.#session = session;
    try {
      await this.#startRunners(session);
    } catch (error) {
      this.#state = 'draining';
      await Promise.allSettled(this.#runners.map((runner) => runner.stop()));
      await session.end().catch(() => undefined);
      throw error;
    }
    await releaseDeadWorkers(pool, log);
    this.#releasing = setInterval(() => void this.#look(), releaseEveryMs);
    this.#watch.start();
    if (this.#state === 'starting') this.#state = 'running';
  }

  /** Takes no more jobs; running ones have fifteen seconds, and are then aborted and released. */
  drain(): void {
    this.#state = 'draining';
    clearInterval(this.#releasing);
    this.#watch.stop();
    this.#ending = waitAtMost(DRAIN_MS, Promise.all(this.#runners.map((runner) => runner.stop())));
  }

  async stop(): Promise<void> {
    await this.#ending;
    const session = this.#session;
    this.#session = undefined;
    await session?.end().catch(() => undefined);
  }

  /**
   * Queries over the session, because a connection can break without either end being notified: then other workers
   * consider this one dead. Only a live worker releases jobs, so it never releases its own as those of a dead one.
   */
  async #look(): Promise<void> {
    const { pool, log, sessionAnswerMs = SESSION_ANSWER_MS } = this.#options;
    const session = this.#session;
    if (session === undefined || this.#state !== 'running' || this.#isLooking) return;
    this.#isLooking = true;
    if (await isAnswered(session, sessionAnswerMs)) await releaseDeadWorkers(pool, log);
    else this.#onSessionEnded();
    this.#isLooking = false;
  }

  #onSessionEnded(): void {
    if (this.#state === 'draining') return;
    clearInterval(this.#releasing);
    this.#watch.stop();
    this.#state = 'lost';
    this.#lose(new Error('the session of this worker ended; its jobs are run by another'));
  }

  /** One for mails where there is a mail server, one for issues of closings, one for all other jobs. */
  async #startRunners(session: pg.Client): Promise<void> {
    const { mail, log, schedule = SCHEDULED_JOBS, atOnce = JOBS_AT_ONCE } = this.#options;
    const common = this.#runnerOptions(session);
    const start = async (own: Pick<JobRunnerOptions, 'kinds' | 'schedule' | 'atOnce'>) => {
      const runner = await runJobs({ ...common, ...own });
      runner.promise.catch((error: unknown) => log.error({ err: error }, 'the job runner ended'));
      this.#runners.push(runner);
    };
    await start({ kinds: OTHER_KINDS, schedule, atOnce });
    await start({ kinds: ['issue-closings'], schedule: [], atOnce: ISSUES_AT_ONCE });
    if (mail) {
      await start({ kinds: ['send-mail'], schedule: [], atOnce: MAILS_AT_ONCE });
      await session.query('select hold_as_mail_worker()');
    } else {
      log.warn({}, 'no mail server is configured (KENSHIN_SMTP_URL): mails wait');
    }
  }

  #runnerOptions(session: pg.Client): Omit<JobRunnerOptions, 'kinds' | 'schedule' | 'atOnce'> {
    const { pool, log, now = Date.now, handlers, mail, siteUrl } = this.#options;
    const db = createDatabase(pool);
    const own = jobHandlers({
      transact: (utilityId, fn) => transactAs(db, utilityId, fn),
      inNameOf: (issue, fn, signal) =>
        transactByIssue(createDatabase(lendUntil(pool, signal)), issue, fn),
      query: pool,
      enqueue: enqueueJob,
      log,
      ...{ now, siteUrl },
      mail: mail && {
        ...mail,
        onEnded: (kind, outcome) => this.metrics.mailEnded(kind, outcome),
      },
    });
    return {
      ...{ pool, session, log, now },
      handlers: { ...own, ...handlers },
      onEnded: (kind, outcome, seconds) => this.metrics.ended(kind, outcome, seconds),
    };
  }
}

async function isAnswered(session: pg.Client, withinMs: number): Promise<boolean> {
  let answered = false;
  const asked = session.query('select').then(() => {
    answered = true;
  });
  await waitAtMost(withinMs, asked);
  // After a pause of the whole machine, the deadline may fire before an answer that has arrived.
  if (!answered) await setImmediate();
  return answered;
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
