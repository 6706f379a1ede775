// Runs the parts of a process: starts them in order and stops them in reverse, each within its own deadline.
import { messageOf } from '../lib/errors.ts';
import type { Log } from './log.ts';
import { waitAtMost } from './wait-at-most.ts';

/** A part of a process, which is started, works, and is stopped. */
export interface Part {
  /** Name in the log and in errors. */
  readonly name: string;
  /** Resolves when the part works. Rejects when it cannot; the part is then not stopped. */
  start?(): Promise<void>;
  /**
   * The part accepts nothing new from now on. Called on all parts, the last started first, before the first of them is
   * stopped and without waiting in between: the deadlines begin when nothing new can come, so that no part gets work
   * while another finishes.
   */
  drain?(): void;
  /** Resolves when the part's work is done and its resources are released. */
  stop?(): Promise<void>;
  /** Time limit of `stop` in milliseconds, default one second; then the next part is stopped. */
  readonly stopWithinMs?: number;
}

/** Parts that are started at the same time, and stopped at the same time. */
export type Stage = readonly Part[];

const STOP_WITHIN_MS = 1000;

/** Starts and stops the parts of a process, once. */
export class PartRunner {
  readonly #stages: readonly Stage[];
  readonly #log: Log;
  readonly #working = new Set<Part>();
  /** The stage being started, and the promise of its end. */
  #starting: { stage: Stage; ended: Promise<unknown> } | undefined;
  #stopping: Promise<void> | undefined;

  constructor(stages: readonly Stage[], log: Log) {
    this.#stages = stages;
    this.#log = log;
  }

  /**
   * Starts one stage after the other; resolves with false when `stop` was called meanwhile. When a part cannot be
   * started, those that work are stopped. @throws Error that names the part.
   */
  async start(): Promise<boolean> {
    for (const stage of this.#stages) {
      if (this.#stopping !== undefined) break;
      const ended = Promise.allSettled(stage.map((part) => this.#startPart(part)));
      this.#starting = { stage, ended };
      const fault = (await ended).find(({ status }) => status === 'rejected');
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

  /** Resolves when all parts have stopped or reached their deadlines; a second call waits for the same. */
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

  /** Parts that are still starting stop once their start has ended. */
  async #startSettled(): Promise<void> {
    if (this.#starting === undefined) return;
    const { stage, ended } = this.#starting;
    const withinMs = Math.max(...stage.map(({ stopWithinMs = STOP_WITHIN_MS }) => stopWithinMs));
    await waitAtMost(withinMs, ended);
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
