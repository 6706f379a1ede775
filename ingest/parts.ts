// Runs the parts of a process: starts them in their order and stops them in the reverse one, each within its own deadline.
import { messageOf } from '../lib/errors.ts';
import type { Log } from './log.ts';
import { waitAtMost } from './wait-at-most.ts';

/** Something that a process starts, lets work, and stops again. */
export interface Part {
  /** As it is called in the log and in errors. */
  readonly name: string;
  /** Settles when the part works. Rejects where it cannot; the part is not stopped then. */
  start?(): Promise<void>;
  /**
   * The part takes nothing new from now on. Called on all parts, the last started first, before the first of them is stopped and
   * without waiting in between: the deadlines begin when nothing new can come, so no part is given work while another finishes its own.
   */
  drain?(): void;
  /** Settles when what the part had to do is done, and what it held is given up. */
  stop?(): Promise<void>;
  /** Milliseconds that stopping may take, a second unless told; then the next part is stopped. */
  readonly stopWithinMs?: number;
}

/** Parts that are started side by side, and stopped side by side. */
export type Stage = readonly Part[];

const STOP_WITHIN_MS = 1000;

/** Starts and stops the parts of a process, once. */
export class PartRunner {
  readonly #stages: readonly Stage[];
  readonly #log: Log;
  readonly #working = new Set<Part>();
  /** The stage that is being started, and its end. */
  #starting: { stage: Stage; settled: Promise<unknown> } | undefined;
  #stopping: Promise<void> | undefined;

  constructor(stages: readonly Stage[], log: Log) {
    this.#stages = stages;
    this.#log = log;
  }

  /**
   * Starts one stage after the other; yields false where `stop` was called meanwhile. Where a part cannot be started, those that work
   * are stopped. @throws Error that names the part.
   */
  async start(): Promise<boolean> {
    for (const stage of this.#stages) {
      if (this.#stopping !== undefined) break;
      const settled = Promise.allSettled(stage.map((part) => this.#startPart(part)));
      this.#starting = { stage, settled };
      const fault = (await settled).find(({ status }) => status === 'rejected');
      this.#starting = undefined;
      if (fault?.status === 'rejected') {
        await this.stop();
        throw fault.reason;
      }
    }
    if (this.#stopping === undefined) return true;
    await this.#stopping;
    return false;
  }

  /** Settles when all parts have stopped or had their time; a second call waits for the same. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #startPart(part: Part): Promise<void> {
    try {
      await part.start?.();
    } catch (error) {
      throw new Error(`${part.name} could not be started: ${messageOf(error)}`, { cause: error });
    }
    if (this.#stopping === undefined) {
      this.#working.add(part);
      return;
    }
    this.#drainPart(part);
    await this.#stopPart(part);
  }

  async #stop(): Promise<void> {
    const stages = this.#stages
      .map((stage) => stage.filter((part) => this.#working.has(part)).reverse())
      .reverse();
    for (const part of stages.flat()) this.#drainPart(part);
    await this.#startSettled();
    for (const stage of stages) await Promise.all(stage.map((part) => this.#stopPart(part)));
  }

  /** Parts whose start is under way stop themselves once it has ended. */
  async #startSettled(): Promise<void> {
    if (this.#starting === undefined) return;
    const { stage, settled } = this.#starting;
    const withinMs = Math.max(...stage.map(({ stopWithinMs = STOP_WITHIN_MS }) => stopWithinMs));
    await waitAtMost(withinMs, settled);
    if (this.#starting === undefined) return;
    const parts = stage.map(({ name }) => name);
    this.#log.warn({ parts, withinMs }, 'parts that were being started did not end in time');
  }

  #drainPart(part: Part): void {
    try {
      part.drain?.();
    } catch (error) {
      this.#log.error({ err: error, part: part.name }, 'a part still takes what is new');
    }
  }

  async #stopPart(part: Part): Promise<void> {
    if (part.stop === undefined) return;
    const { name, stopWithinMs: withinMs = STOP_WITHIN_MS } = part;
    let outcome: 'late' | 'stopped' | 'failed' = 'late';
    let fault: unknown;
    const stopping = (async () => part.stop?.())().then(
      () => {
        outcome = 'stopped';
      },
      (error: unknown) => {
        outcome = 'failed';
        fault = error;
      },
    );
    await waitAtMost(withinMs, stopping);
    report(this.#log, { name, outcome, withinMs, fault });
  }
}

interface Stopped {
  name: string;
  outcome: 'late' | 'stopped' | 'failed';
  withinMs: number;
  fault: unknown;
}

function report(log: Log, { name, outcome, withinMs, fault }: Stopped): void {
  if (outcome === 'late') log.warn({ part: name, withinMs }, 'a part did not stop in time');
  if (outcome === 'failed') log.error({ err: fault, part: name }, 'a part could not be stopped');
}
