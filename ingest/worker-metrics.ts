import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { JobKind } from '../lib/jobs/job-kinds.ts';
import { waitAtMost } from './wait-at-most.ts';

/** Number of queued jobs of each kind. */
export interface QueueCount {
  kind: string;
  state: 'waiting' | 'running' | 'failed';
  jobs: number;
}

const COUNT_WITHIN_MS = 2000;

/** Counts of the worker and state of the queue: one registry per running worker. */
export class WorkerMetrics {
  readonly registry = new Registry();
  readonly #ended: Counter<'kind' | 'outcome'>;
  readonly #seconds: Histogram<'kind'>;

  constructor(countQueue: () => Promise<QueueCount[]>) {
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
  }

  ended(kind: JobKind, outcome: 'done' | 'failed', seconds: number): void {
    this.#ended.inc({ kind, outcome });
    this.#seconds.observe({ kind }, seconds);
  }
}

/** Nothing where the queue cannot be counted, or not in time: what does not need the database is shown all the same. */
async function countedInTime(countQueue: () => Promise<QueueCount[]>): Promise<QueueCount[]> {
  let counts: QueueCount[] = [];
  const counting = countQueue().then((counted) => {
    counts = counted;
  });
  await waitAtMost(COUNT_WITHIN_MS, counting);
  return counts;
}
