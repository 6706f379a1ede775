import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { JobKind } from '../lib/jobs/job-kinds.ts';
import type { UnsentMails } from '../lib/mail/mail-queries.ts';
import { waitAtMost } from './wait-at-most.ts';

/** Number of queued jobs of each kind. */
export interface QueueCount {
  kind: string;
  state: 'waiting' | 'running' | 'failed';
  jobs: number;
}

/** Outcome of an attempt to send a mail; a `deferred` mail is retried. */
export type MailOutcome = 'sent' | 'deferred' | 'failed' | 'dropped';

export interface WorkerFigures {
  countQueue: () => Promise<QueueCount[]>;
  countMails: () => Promise<UnsentMails[]>;
  hasMailServer: boolean;
  now: () => number;
}

const COUNT_WITHIN_MS = 2000;

/** Counts of the worker and state of the queue: one registry per running worker. */
export class WorkerMetrics {
  readonly registry = new Registry();
  readonly #ended: Counter<'kind' | 'outcome'>;
  readonly #seconds: Histogram<'kind'>;
  readonly #mails: Counter<'kind' | 'outcome'>;

  constructor({ countQueue, ...mail }: WorkerFigures) {
    const registers = [this.registry];
    this.#ended = new Counter({
      name: 'kenshin_jobs_total',
      help: 'Attempts of jobs that ended, by kind and outcome.',
      labelNames: ['kind', 'outcome'],
      registers,
    });
    this.#seconds = new Histogram({
      name: 'kenshin_job_seconds',
      help: 'Time of an attempt.',
      labelNames: ['kind'],
      buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 20, 60, 300],
      registers,
    });
    new Gauge({
      name: 'kenshin_jobs_queued',
      help: 'Jobs in the queue of the whole cloud, by kind and state; failed: for good, until retried by hand.',
      labelNames: ['kind', 'state'],
      registers,
      async collect() {
        const counts = await countedInTime(countQueue);
        this.reset();
        for (const { kind, state, jobs } of counts) this.set({ kind, state }, jobs);
      },
    });
    this.#mails = new Counter({
      name: 'kenshin_mails_total',
      help: 'Attempts to send a mail that ended, by kind and outcome; deferred: it is tried again.',
      labelNames: ['kind', 'outcome'],
      registers,
    });
    registerMailGauges(this.registry, mail);
  }

  ended(kind: JobKind, outcome: 'done' | 'failed', seconds: number): void {
    this.#ended.inc({ kind, outcome });
    this.#seconds.observe({ kind }, seconds);
  }

  mailEnded(kind: string, outcome: MailOutcome): void {
    this.#mails.inc({ kind, outcome });
  }
}

function registerMailGauges(
  registry: Registry,
  { countMails, hasMailServer, now }: Omit<WorkerFigures, 'countQueue'>,
): void {
  const registers = [registry];
  new Gauge({
    name: 'kenshin_mails_unsent',
    help: 'Mails of the whole cloud by kind and state; failed: for good, until retried by hand.',
    labelNames: ['kind', 'state'],
    registers,
    async collect() {
      const counts = await countedInTime(countMails);
      this.reset();
      for (const { kind, state, mails } of counts) this.set({ kind, state }, mails);
    },
  });
  new Gauge({
    name: 'kenshin_mail_oldest_waiting_seconds',
    help: 'How long ago the oldest mail was entered that waits to be sent, by kind.',
    labelNames: ['kind'],
    registers,
    async collect() {
      const counts = await countedInTime(countMails);
      this.reset();
      for (const { kind, state, oldestEnteredAt } of counts) {
        const seconds = Math.max(0, (now() - oldestEnteredAt.getTime()) / 1000);
        if (state === 'waiting') this.set({ kind }, seconds);
      }
    },
  });
  new Gauge({
    name: 'kenshin_mail_server_configured',
    help: '1 where this worker has a mail server; mails wait while no worker has one.',
    registers,
  }).set(hasMailServer ? 1 : 0);
}

/** Result of a count; empty when it fails or takes too long, so that the other metrics are still shown. */
async function countedInTime<T>(count: () => Promise<T[]>): Promise<T[]> {
  let counts: T[] = [];
  const counting = count().then((counted) => {
    counts = counted;
  });
  await waitAtMost(COUNT_WITHIN_MS, counting);
  return counts;
}
