// A lane commits the frames of some of the terminals, batch after batch, over a connection of its own. A terminal belongs
// to one lane and a lane has one batch in flight, so a terminal is never in two transactions at once.
import type pg from 'pg';
import { type StoredCounts, storeDayReports } from '../../lib/readings/store-commands.ts';
import type { Log } from '../log.ts';
import type { IngestMetrics } from '../metrics.ts';
import type { UplinkFrame } from '../mqtt/terminal.ts';
import { Batch } from './batch.ts';
import { type ConnectionLimits, LaneConnection } from './lane-connection.ts';
import { isFaultOfData } from './store-fault.ts';

/** What a handler did with a frame: put it into the batch, left it for the next batch, or took charge of it itself. */
export type Taken = 'joined' | 'parked' | 'settled';

export interface LaneLimits extends ConnectionLimits {
  /** A batch leaves as soon as the lane is idle, or this many milliseconds later. */
  lingerMs: number;
  /** A batch of so many frames waits no longer. */
  batchFrames: number;
  /** No batch is larger. */
  batchMaxFrames: number;
  /** Frames that wait for a later batch; one more ends its connection. */
  parkedMaxFrames: number;
}

export const LANE_LIMITS: LaneLimits = {
  lingerMs: 2,
  batchFrames: 500,
  batchMaxFrames: 2000,
  parkedMaxFrames: 20_000,
  commitTimeoutMs: 10_000,
  prepareTimeoutMs: 3000,
  heartbeat: { everyMs: 5000, timeoutMs: 5000 },
  reconnect: { minDelayMs: 100, maxDelayMs: 2000, factor: 2 },
};

export interface LaneOptions {
  /** Opens a connection to the database that nobody else uses. */
  open: () => Promise<pg.Client>;
  /** Judges a frame and, when it is good, puts it into the batch. */
  take: (frame: UplinkFrame, batch: Batch) => Taken;
  /** Keeps a frame that the database refuses to store. */
  refuse: (frame: UplinkFrame) => void;
  /** Called after each commit with the frames that it made durable. */
  onCommitted: (frames: readonly UplinkFrame[]) => void;
  metrics: IngestMetrics;
  log: Log;
  now: () => number;
  limits: LaneLimits;
}

export class Lane {
  readonly #options: LaneOptions;
  readonly #connection: LaneConnection;
  #open: Batch | undefined;
  #spare: Batch | undefined;
  #flying: Batch | undefined;
  #parked: UplinkFrame[] = [];
  #timer: NodeJS.Timeout | undefined;
  #whenIdle: (() => void)[] = [];

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#connection = new LaneConnection({
      ...options,
      isQuiet: () => this.#flying === undefined,
      onReady: (types) => {
        this.#open = new Batch(types);
        this.#spare = new Batch(types);
      },
      onLost: (error) => this.#fail(error),
    });
  }

  /** True while frames are taken: connected to the database and not closed. */
  get ready(): boolean {
    return this.#open !== undefined;
  }

  /** Frames accepted and not committed. */
  get queued(): number {
    return (this.#open?.size ?? 0) + (this.#flying?.size ?? 0) + this.#parked.length;
  }

  /** When the oldest frame that waits was received, or undefined. */
  get oldestAtMs(): number | undefined {
    return (this.#flying?.frames[0] ?? this.#parked[0] ?? this.#open?.frames[0])?.receivedAtMs;
  }

  /** Connects, and goes on trying until it is closed; settles after the first attempt, whichever way it went. */
  start(): Promise<void> {
    return this.#connection.start();
  }

  accept(frame: UplinkFrame): void {
    const batch = this.#open;
    if (batch === undefined) {
      frame.abandon('database_away');
    } else if (batch.size >= this.#options.limits.batchMaxFrames) {
      this.#park(frame);
    } else {
      this.#take(frame, batch);
      this.#schedule(batch);
    }
  }

  /** Settles when nothing waits for a commit any more. */
  idle(): Promise<void> {
    if (this.queued === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  close(): void {
    this.#connection.close();
    this.#forget();
  }

  #take(frame: UplinkFrame, batch: Batch): void {
    if (this.#options.take(frame, batch) === 'parked') this.#park(frame);
  }

  #park(frame: UplinkFrame): void {
    if (this.#parked.length >= this.#options.limits.parkedMaxFrames) {
      frame.abandon('overloaded');
    } else {
      this.#parked.push(frame);
    }
  }

  #schedule(batch: Batch): void {
    if (this.#flying !== undefined || batch.size === 0) return;
    if (batch.size >= this.#options.limits.batchFrames) this.#leave();
    else this.#timer ??= setTimeout(() => this.#leave(), this.#options.limits.lingerMs);
  }

  #leave(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const batch = this.#open;
    if (batch === undefined || batch.size === 0 || this.#flying !== undefined) return;
    this.#flying = batch;
    this.#open = this.#spare;
    this.#spare = undefined;
    this.#takeParked();
    void this.#commit(batch);
  }

  #takeParked(): void {
    const waiting = this.#parked;
    if (waiting.length === 0) return;
    this.#parked = [];
    for (const frame of waiting) {
      if (frame.connection.closed) frame.connection.unacknowledged -= 1;
      else if (this.#open === undefined) frame.abandon('database_away');
      else if (this.#open.size >= this.#options.limits.batchMaxFrames) this.#park(frame);
      else this.#take(frame, this.#open);
    }
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
      this.#settle(batch, counts);
    } catch (error) {
      this.#connection.lose(client, error as Error);
    }
  }

  /** Stores the batch; where its data is at fault, each frame alone, so that one bad frame cannot hold up the others. */
  async #store(client: pg.Client, batch: Batch): Promise<StoredCounts> {
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
    const total: StoredCounts = { stored: 0, completed: 0, corrected: 0 };
    const good: UplinkFrame[] = [];
    for (const frame of batch.frames) {
      try {
        const counts = await storeDayReports(client, [batch.partOf(frame)], options);
        total.stored += counts.stored;
        total.completed += counts.completed;
        total.corrected += counts.corrected;
        good.push(frame);
      } catch (error) {
        if (!isFaultOfData(error)) throw error;
        frame.session.pending.delete(frame.counter);
        this.#options.refuse(frame);
      }
    }
    batch.frames.splice(0, batch.frames.length, ...good);
    return total;
  }

  #settle(batch: Batch, counts: StoredCounts): void {
    const { metrics, onCommitted } = this.#options;
    const { stored, completed, corrected } = counts;
    metrics.batchFrames.observe(batch.size);
    metrics.committed += batch.size;
    metrics.reports.stored += stored;
    metrics.reports.completed += completed;
    metrics.reports.corrected += corrected;
    metrics.reports.unchanged += Math.max(0, batch.reportCount - stored - completed - corrected);
    onCommitted(batch.frames);
    batch.clear();
    this.#spare = batch;
    this.#flying = undefined;
    const open = this.#open;
    if (open !== undefined && open.size > 0) this.#leave();
    else this.#takeParkedWhenIdle();
    this.#reportIdle();
  }

  #takeParkedWhenIdle(): void {
    if (this.#open === undefined) return;
    this.#takeParked();
    this.#schedule(this.#open);
  }

  #reportIdle(): void {
    if (this.queued > 0) return;
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }

  /** Nothing that waits is acknowledged: the connections end, and the terminals send it all again [TERM-8.7]. */
  #fail(error: Error): void {
    this.#options.log.error(
      { err: error, frames: this.queued },
      'the database did not take a batch; frames stay unacknowledged and their connections end',
    );
    this.#forget();
  }

  #forget(): void {
    const frames = [this.#flying?.frames ?? [], this.#open?.frames ?? [], this.#parked].flat();
    this.#open = undefined;
    this.#spare = undefined;
    this.#flying = undefined;
    this.#parked = [];
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const frame of frames) {
      frame.session.pending.delete(frame.counter);
      frame.abandon('database_away');
    }
    this.#reportIdle();
  }
}
