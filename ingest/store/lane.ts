// A lane commits the frames of some of the terminals, batch after batch, over its own connection. A terminal belongs to
// one lane and a lane has one batch in flight, so a terminal is never in two transactions at once.
import type pg from 'pg';
import { elementAt } from '../../lib/certain.ts';
import { type StoredCounts, storeDayReports } from '../../lib/readings/store-commands.ts';
import type { CommittedFrames, FrameHandler, Quarantine } from '../frame-hops.ts';
import type { Log } from '../log.ts';
import type { IngestMetrics } from '../metrics.ts';
import type { UplinkFrame } from '../session/terminal-session.ts';
import type { Batch } from './batch.ts';
import { BatchQueue, type QueueLimits } from './batch-queue.ts';
import { type ConnectionLimits, LaneConnection } from './lane-connection.ts';
import { isFaultOfData } from './store-fault.ts';

export interface LaneLimits extends ConnectionLimits, QueueLimits {
  /** Maximum wait of a batch; it is sent earlier when the lane is idle. */
  maxWaitMs: number;
  /** Number of frames at which a batch waits no longer. */
  batchFrames: number;
}

export const LANE_LIMITS: LaneLimits = {
  maxWaitMs: 2,
  batchFrames: 500,
  batchMaxFrames: 2000,
  utilityMaxFrames: 1500,
  slowMaxFrames: 32,
  slowAloneFrames: 500,
  waitingMaxFrames: 20_000,
  utilityMaxWaiting: 15_000,
  commitTimeoutMs: 10_000,
  prepareTimeoutMs: 3000,
  heartbeat: { everyMs: 5000, timeoutMs: 5000 },
  reconnect: { minDelayMs: 100, maxDelayMs: 2000, factor: 2 },
};

export interface LaneOptions {
  /** Opens a database connection for exclusive use. */
  open: () => Promise<pg.Client>;
  /** Checks each frame and adds it to the batch if valid. */
  handler: FrameHandler;
  /** Stores a frame that the database refused in quarantine. */
  quarantine: Quarantine;
  /** Gets the frames of each commit after it. */
  acknowledger: CommittedFrames;
  metrics: IngestMetrics;
  log: Log;
  now: () => number;
  limits: LaneLimits;
}

export class Lane {
  readonly #options: LaneOptions;
  readonly #connection: LaneConnection;
  readonly #queue: BatchQueue;
  #inFlight: Batch | undefined;
  #timer: NodeJS.Timeout | undefined;
  #whenIdle: (() => void)[] = [];

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#queue = new BatchQueue(options.handler, options.limits);
    this.#connection = new LaneConnection({
      ...options,
      isQuiet: () => this.#inFlight === undefined,
      onReady: (types) => this.#queue.begin(types),
      onLost: (error) => this.#fail(error),
    });
  }

  /** True while frames are accepted: connected to the database and not closed. */
  get ready(): boolean {
    return this.#queue.ready;
  }

  /** Frames accepted and not committed. */
  get queued(): number {
    return this.#queue.size + (this.#inFlight?.size ?? 0);
  }

  /** When the oldest waiting frame was received, or undefined. */
  get oldestAtMs(): number | undefined {
    const inFlight = this.#inFlight?.frames[0]?.receivedAtMs ?? Number.POSITIVE_INFINITY;
    const oldest = Math.min(inFlight, this.#queue.oldestAtMs ?? Number.POSITIVE_INFINITY);
    return Number.isFinite(oldest) ? oldest : undefined;
  }

  /** Connects, and retries until it is closed; resolves after the first attempt, successful or not. */
  start(): Promise<void> {
    return this.#connection.start();
  }

  accept(frame: UplinkFrame): void {
    this.#queue.accept(frame);
    this.#schedule();
  }

  /** Resolves when nothing waits for a commit. */
  idle(): Promise<void> {
    if (this.queued === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  close(): void {
    this.#connection.close();
    this.#forget();
  }

  #schedule(): void {
    if (this.#inFlight !== undefined || this.#queue.size === 0) return;
    if (this.#queue.openSize >= this.#options.limits.batchFrames) this.#leave();
    else this.#timer ??= setTimeout(() => this.#leave(), this.#options.limits.maxWaitMs);
  }

  #leave(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#inFlight !== undefined) return;
    this.#inFlight = this.#queue.next();
    if (this.#inFlight === undefined) this.#reportIdle();
    else void this.#commit(this.#inFlight);
  }

  async #commit(batch: Batch): Promise<void> {
    const { client, beating } = this.#connection;
    if (client === undefined) return;
    if (beating !== undefined) await beating;
    if (this.#connection.client !== client) return;
    const startedAt = performance.now();
    try {
      const counts = await this.#store(client, batch);
      if (this.#connection.client !== client) return;
      this.#connection.committed();
      this.#options.metrics.commitSeconds.observe((performance.now() - startedAt) / 1000);
      this.#finish(batch, counts);
    } catch (error) {
      this.#connection.lose(client, error as Error);
    }
  }

  /** Stores the batch; when its data is at fault, each frame alone, so that one bad frame does not block the others. */
  async #store(client: pg.Client, batch: Batch): Promise<StoredCounts[]> {
    const options = {
      receivedAt: new Date(this.#options.now()),
      timeoutMs: this.#options.limits.commitTimeoutMs,
    };
    try {
      return await storeDayReports(client, batch.parts(), options);
    } catch (error) {
      if (!isFaultOfData(error)) throw error;
      this.#options.log.warn(
        { err: error, frames: batch.size },
        'batch refused, storing its frames one by one',
      );
    }
    const counts: StoredCounts[] = [];
    const good: UplinkFrame[] = [];
    for (const frame of batch.frames) {
      try {
        counts.push(...(await storeDayReports(client, [batch.partOf(frame)], options)));
        good.push(frame);
      } catch (error) {
        if (!isFaultOfData(error)) throw error;
        frame.session.pending.delete(frame.counter);
        this.#options.quarantine.quarantine(frame, 'not_storable', null);
      }
    }
    batch.frames.splice(0, batch.frames.length, ...good);
    return counts;
  }

  #finish(batch: Batch, counts: readonly StoredCounts[]): void {
    const { metrics, acknowledger } = this.#options;
    metrics.batchFrames.observe(batch.size);
    metrics.committed += batch.size;
    let unchanged = batch.reportCount;
    for (const { stored, completed, corrected } of counts) {
      metrics.reports.stored += stored;
      metrics.reports.completed += completed;
      metrics.reports.corrected += corrected;
      unchanged -= stored + completed + corrected;
    }
    metrics.reports.unchanged += Math.max(0, unchanged);
    acknowledger.committed(batch.frames);
    this.#queue.done(batch, newDays(batch, counts));
    this.#inFlight = undefined;
    // Frames that arrived meanwhile have waited long enough; those that only waited for this batch go at once too.
    if (this.#queue.size > 0) this.#leave();
    this.#reportIdle();
  }

  #reportIdle(): void {
    if (this.queued > 0) return;
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }

  /**
   * Acknowledges nothing that waits: the connections are closed, and the terminals send everything again [TERM-8.7].
   */
  #fail(error: Error): void {
    this.#options.log.error(
      { err: error, frames: this.queued },
      'the database did not take a batch; frames stay unacknowledged and their connections end',
    );
    this.#forget();
  }

  #forget(): void {
    const frames = [...(this.#inFlight?.frames ?? []), ...this.#queue.forget()];
    this.#inFlight = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const frame of frames) {
      frame.session.pending.delete(frame.counter);
      frame.abandon('database_away');
    }
    this.#reportIdle();
  }
}

/** Number of new days of each utility; empty when the frames were stored one by one. */
function newDays(
  batch: Batch,
  counts: readonly StoredCounts[],
): { utilityId: number; reports: number; stored: number }[] {
  const parts = batch.reportCounts();
  if (parts.length !== counts.length) return [];
  return parts.map((part, at) => ({ ...part, stored: elementAt(counts, at).stored }));
}
