import type { StoreTypes } from '../../lib/readings/store-commands.ts';
import type { FrameHandler } from '../frame-hops.ts';
import type { UplinkFrame } from '../session/terminal-session.ts';
import { Batch } from './batch.ts';
import { KnownDays } from './known-days.ts';
import { WaitingFrames } from './waiting-frames.ts';

export interface QueueLimits {
  /** Maximum size of a batch. */
  batchMaxFrames: number;
  /** Maximum share of one utility in a batch. */
  utilityMaxFrames: number;
  /** Maximum size of a batch of known days, which takes as long as a large one of new days. */
  slowMaxFrames: number;
  /** That size when no other utility sends, because otherwise most time would go into small commits. */
  slowAloneFrames: number;
  /** Maximum number of frames waiting for a later batch; one more closes its connection. */
  waitingMaxFrames: number;
  /** Maximum of one utility, of new and known days together. */
  utilityMaxWaiting: number;
}

/**
 * Frames of new days that a terminal gives in its turn. A batch updates one counter for each terminal in it, whatever
 * its number of frames: with one frame a turn, 2,000 terminals of four frames each would need four times as many
 * updates.
 */
const NEW_DAYS_OF_TURN = 4;
/**
 * Factor of the free positions that one utility's waiting frames may fill. Alone it gets three quarters of all;
 * utilities that fill them together always leave some to one that has none.
 */
const WAITING_PER_FREE = 3;
/** Time after the last frame of another utility until none counts as sending. */
const ALONE_AFTER_MS = 1000;

/**
 * Order in which frames are committed. New days are added to the open batch on arrival. Frames of a utility that
 * reports known days wait and go in small batches of their own, alternating with the open one, so that no other utility
 * waits long for them.
 */
export class BatchQueue {
  readonly #handler: FrameHandler;
  readonly #limits: QueueLimits;
  readonly #knownDays = new KnownDays();
  /** Waiting for the open batch: the meter's day is already in it, or it is full. */
  readonly #waiting = new WaitingFrames(NEW_DAYS_OF_TURN);
  /** Waiting frames of utilities that report known days. */
  readonly #slow = new WaitingFrames(1);
  #open: Batch | undefined;
  #nextOpen: Batch | undefined;
  #slowBatch: Batch | undefined;
  /** True when the last batch was of known days: the two kinds of batches alternate. */
  #slowWasLast = false;
  /** When the last frame arrived, and the last one of a utility that does not report known days. */
  #latestAtMs = Number.NEGATIVE_INFINITY;
  #othersAtMs = Number.NEGATIVE_INFINITY;

  constructor(handler: FrameHandler, limits: QueueLimits) {
    this.#handler = handler;
    this.#limits = limits;
  }

  /** Starts accepting frames. */
  begin(types: StoreTypes): void {
    this.#open = new Batch(types);
    this.#nextOpen = new Batch(types);
    this.#slowBatch = new Batch(types);
    this.#slowWasLast = false;
  }

  get ready(): boolean {
    return this.#open !== undefined;
  }

  /** Frames that are not in a batch in flight. */
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
    // A terminal's frames keep their order: after a waiting frame the next ones wait too.
    else if (this.#slow.holds(session)) this.#wait(frame, this.#slow);
    else if (this.#waiting.holds(session)) this.#wait(frame, this.#waiting);
    else if (isSlow) this.#wait(frame, this.#slow);
    else if (!this.#hasRoom(open, session.utilityId)) this.#wait(frame, this.#waiting);
    else if (this.#handler.take(frame, open) === 'deferred') this.#wait(frame, this.#waiting);
  }

  /** The batch to commit now, or undefined when nothing waits. Return it with `done`. */
  next(): Batch | undefined {
    const slow = this.#slowWasLast && this.#hasNewDays() ? undefined : this.#fillSlow();
    this.#slowWasLast = slow !== undefined;
    return slow ?? this.#leaveOpen();
  }

  /** Returns a batch, with the number of new days by utility. */
  done(
    batch: Batch,
    stored: readonly { utilityId: number; reports: number; stored: number }[],
  ): void {
    for (const part of stored) {
      this.#knownDays.note(part.utilityId, part.reports, part.reports - part.stored);
    }
    batch.clear();
    if (batch !== this.#slowBatch) this.#nextOpen = batch;
  }

  /** Drops everything. @returns all frames that it contained */
  forget(): UplinkFrame[] {
    const frames = [...(this.#open?.frames ?? []), ...this.#waiting.clear(), ...this.#slow.clear()];
    this.#open = undefined;
    this.#nextOpen = undefined;
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
    if (this.#mayWait(frame.session.utilityId)) queue.push(frame);
    else frame.abandon('overloaded');
  }

  #mayWait(utilityId: number): boolean {
    const { waitingMaxFrames, utilityMaxWaiting } = this.#limits;
    const free = waitingMaxFrames - this.#waiting.size - this.#slow.size;
    const own = this.#waiting.sizeOf(utilityId) + this.#slow.sizeOf(utilityId);
    return own < Math.min(utilityMaxWaiting, free * WAITING_PER_FREE);
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
    if (batch === undefined || batch.size === 0 || this.#nextOpen === undefined) return undefined;
    this.#open = this.#nextOpen;
    this.#nextOpen = undefined;
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

  /** @returns false for a frame that has to keep waiting */
  #takeWaiting(frame: UplinkFrame, batch: Batch): boolean {
    if (!frame.connection.closed) return this.#handler.take(frame, batch) !== 'deferred';
    frame.connection.unacknowledged -= 1;
    return true;
  }
}
