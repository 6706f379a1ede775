import type { StoreTypes } from '../../lib/readings/store-commands.ts';
import type { FrameHandler } from '../frame-hops.ts';
import type { UplinkFrame } from '../session/terminal-session.ts';
import { Batch } from './batch.ts';
import { KnownDays } from './known-days.ts';
import { WaitingFrames } from './waiting-frames.ts';

export interface QueueLimits {
  /** No batch is larger. */
  batchMaxFrames: number;
  /** No utility has more of a batch. */
  utilityMaxFrames: number;
  /** A batch of known days is no larger: it takes as long as a large one of new days. */
  slowMaxFrames: number;
  /** Its size where no other utility sends: then most time would go into commits of few frames. */
  slowAloneFrames: number;
  /** Frames that wait for a later batch; one more ends its connection. */
  parkedMaxFrames: number;
  /** Of one utility, of new and of known days together. */
  utilityMaxParked: number;
}

/**
 * Frames of new days that a terminal gives in its turn. A batch updates one counter for each terminal in it, whether that sent
 * one frame or several: with one frame a turn, 2,000 terminals of four frames each would take four times as many updates.
 */
const NEW_DAYS_OF_TURN = 4;
/**
 * A utility has no more frames waiting than so many times the places that are free. Alone it has three quarters of all; those
 * who fill the places together always leave some to one that has none.
 */
const PARKED_PER_FREE = 3;
/** So long after the last frame of another utility none counts as sending. */
const ALONE_AFTER_MS = 1000;

/**
 * Which frames are committed next. New days join the open batch as they come. Frames of a utility that reports known days
 * wait and go in small batches of their own, in turn with the open one, so that no other utility waits for them for long.
 */
export class BatchQueue {
  readonly #handler: FrameHandler;
  readonly #limits: QueueLimits;
  readonly #knownDays = new KnownDays();
  /** For the open batch: of a meter's day that is in it, or beyond its limits. */
  readonly #waiting = new WaitingFrames(NEW_DAYS_OF_TURN);
  /** Of utilities that report known days. */
  readonly #slow = new WaitingFrames(1);
  #open: Batch | undefined;
  #spare: Batch | undefined;
  #slowBatch: Batch | undefined;
  /** Whether the last batch was of known days: batches of new days and of known ones take turns. */
  #slowWasLast = false;
  /** When the last frame came, and the last one of a utility that does not report known days. */
  #latestAtMs = Number.NEGATIVE_INFINITY;
  #othersAtMs = Number.NEGATIVE_INFINITY;

  constructor(handler: FrameHandler, limits: QueueLimits) {
    this.#handler = handler;
    this.#limits = limits;
  }

  /** Begins to take frames. */
  begin(types: StoreTypes): void {
    this.#open = new Batch(types);
    this.#spare = new Batch(types);
    this.#slowBatch = new Batch(types);
    this.#slowWasLast = false;
  }

  get ready(): boolean {
    return this.#open !== undefined;
  }

  /** Frames that are not in a batch on its way. */
  get size(): number {
    return this.openSize + this.#waiting.size + this.#slow.size;
  }

  get openSize(): number {
    return this.#open?.size ?? 0;
  }

  get oldestAtMs(): number | undefined {
    const open = this.#open?.frames[0]?.receivedAtMs;
    const oldest = [open, this.#waiting.oldestAtMs, this.#slow.oldestAtMs];
    return oldest.reduce((a, b) => (a === undefined || (b !== undefined && b < a) ? b : a));
  }

  accept(frame: UplinkFrame): void {
    const open = this.#open;
    const { session } = frame;
    const isSlow = this.#knownDays.isSlow(session.utilityId);
    this.#latestAtMs = frame.receivedAtMs;
    if (!isSlow) this.#othersAtMs = frame.receivedAtMs;
    if (open === undefined) frame.abandon('database_away');
    // A terminal's frames keep their order: what comes after one that waits, waits.
    else if (this.#slow.holds(session)) this.#wait(frame, this.#slow);
    else if (this.#waiting.holds(session)) this.#wait(frame, this.#waiting);
    else if (isSlow) this.#wait(frame, this.#slow);
    else if (!this.#hasRoom(open, session.utilityId)) this.#wait(frame, this.#waiting);
    else if (this.#handler.take(frame, open) === 'deferred') this.#wait(frame, this.#waiting);
  }

  /** The batch to commit now, or undefined where nothing waits. It comes back by `done`. */
  next(): Batch | undefined {
    const slow = this.#slowWasLast && this.#hasNewDays() ? undefined : this.#fillSlow();
    this.#slowWasLast = slow !== undefined;
    return slow ?? this.#leaveOpen();
  }

  /** Takes a batch back, with how many of its days were new, by utility. */
  done(
    batch: Batch,
    stored: readonly { utilityId: number; reports: number; stored: number }[],
  ): void {
    for (const part of stored) {
      this.#knownDays.note(part.utilityId, part.reports, part.reports - part.stored);
    }
    batch.clear();
    if (batch !== this.#slowBatch) this.#spare = batch;
  }

  /** Ends it. @returns every frame that was in it. */
  forget(): UplinkFrame[] {
    const frames = [...(this.#open?.frames ?? []), ...this.#waiting.clear(), ...this.#slow.clear()];
    this.#open = undefined;
    this.#spare = undefined;
    this.#slowBatch = undefined;
    return frames;
  }

  #hasNewDays(): boolean {
    return this.openSize + this.#waiting.size > 0;
  }

  #hasRoom(batch: Batch, utilityId: number): boolean {
    const { batchMaxFrames, utilityMaxFrames } = this.#limits;
    return batch.size < batchMaxFrames && batch.sizeOf(utilityId) < utilityMaxFrames;
  }

  #wait(frame: UplinkFrame, queue: WaitingFrames): void {
    if (this.#hasPlace(frame.session.utilityId)) queue.push(frame);
    else frame.abandon('overloaded');
  }

  #hasPlace(utilityId: number): boolean {
    const { parkedMaxFrames, utilityMaxParked } = this.#limits;
    const free = parkedMaxFrames - this.#waiting.size - this.#slow.size;
    const own = this.#waiting.sizeOf(utilityId) + this.#slow.sizeOf(utilityId);
    return own < Math.min(utilityMaxParked, free * PARKED_PER_FREE);
  }

  #fillSlow(): Batch | undefined {
    const batch = this.#slowBatch;
    if (batch === undefined || this.#slow.size === 0) return undefined;
    const { slowMaxFrames, slowAloneFrames } = this.#limits;
    const isAlone = this.#latestAtMs - this.#othersAtMs > ALONE_AFTER_MS;
    const most = isAlone ? slowAloneFrames : slowMaxFrames;
    this.#slow.offer(
      () => batch.size < most,
      (frame) => this.#takeWaiting(frame, batch),
    );
    return batch.size > 0 ? batch : undefined;
  }

  #leaveOpen(): Batch | undefined {
    if (this.#open !== undefined && this.#open.size === 0) this.#fillOpen(this.#open);
    const batch = this.#open;
    if (batch === undefined || batch.size === 0 || this.#spare === undefined) return undefined;
    this.#open = this.#spare;
    this.#spare = undefined;
    this.#fillOpen(this.#open);
    return batch;
  }

  #fillOpen(batch: Batch): void {
    if (this.#waiting.size === 0) return;
    this.#waiting.offer(
      (utilityId) => this.#hasRoom(batch, utilityId),
      (frame) => this.#takeWaiting(frame, batch),
    );
  }

  /** @returns false for a frame that must wait on. */
  #takeWaiting(frame: UplinkFrame, batch: Batch): boolean {
    if (!frame.connection.closed) return this.#handler.take(frame, batch) !== 'deferred';
    frame.connection.unacknowledged -= 1;
    return true;
  }
}
