// Stores frames outside the batch of day reports. Each has a command: statements that are committed together with
// taking the frame's counter, before the frame is acknowledged. Waiting frames of a utility share a transaction, and a
// failing one does not fail the others. A terminal's frames keep their order: it always has the same queue, and a queue
// one transaction at a time.

import type { SystemActor } from '../../lib/actor.ts';
import { elementAt } from '../../lib/certain.ts';
import { Limiter } from '../../lib/limiter.ts';
import type {
  FrameVerdict,
  takeUplinkFrames,
  UplinkFrameKey,
} from '../../lib/terminals/taken-frame-commands.ts';
import type { CommittedFrames, Quarantine } from '../frame-hops.ts';
import type { Transact, Tx } from '../ingest-database.ts';
import type { Log } from '../log.ts';
import type { IngestMetrics } from '../metrics.ts';
import type { UplinkFrame } from '../session/terminal-session.ts';
import { CommandFault, isFaultOfCommand, isPassing } from './store-fault.ts';

/**
 * Statements of a message: verbs of lib on the transaction, as the actor. It may run more than once before a commit, so
 * it does nothing else; its result is called after the commit.
 */
export type UplinkCommand = (tx: Tx, actor: SystemActor) => Promise<AfterCommit | undefined>;
export type AfterCommit = (log: Log) => void;

const TRANSACTIONS_AT_ONCE = 2;
/** Queues of one utility, which thus can use process and database at the same time. */
const QUEUES_OF_UTILITY = 2;
/** Attempts after a deadlock. */
const ATTEMPTS = 3;
const UNANSWERED = 'a frame could not be answered';

export interface CommandLimits {
  /** Frames of a transaction. */
  commandMaxFrames: number;
  /** Maximum of waiting frames, in all and in one of a utility's queues; one more closes its connection. */
  commandMaxWaiting: number;
  commandMaxWaitingOfQueue: number;
  /** Time without an answer after which a transaction counts as failed. */
  commitTimeoutMs: number;
}

export const COMMAND_LIMITS: CommandLimits = {
  commandMaxFrames: 100,
  commandMaxWaiting: 20_000,
  commandMaxWaitingOfQueue: 7500,
  commitTimeoutMs: 10_000,
};

export interface CommandWriterOptions {
  transact: Transact;
  take: typeof takeUplinkFrames;
  /** Keeps a frame that was not stored. */
  quarantine: Quarantine;
  /** Is handed the frames of each commit after it. */
  acknowledger: CommittedFrames;
  metrics: IngestMetrics;
  log: Log;
  limits: CommandLimits;
}

interface Queue {
  utilityId: number;
  waiting: Waiting[];
}

interface Waiting {
  frame: UplinkFrame;
  key: UplinkFrameKey;
  run: UplinkCommand;
}

/** A frame after the commit of its transaction. */
interface Judged {
  frame: UplinkFrame;
  verdict: FrameVerdict;
  after: AfterCommit | undefined;
}

export class CommandWriter {
  readonly #options: CommandWriterOptions;
  readonly #limiter = new Limiter(TRANSACTIONS_AT_ONCE);
  /** Queues with frames waiting or in a transaction. */
  readonly #queues = new Map<string, Queue>();
  readonly #running = new Set<Promise<void>>();
  /** Frames accepted and not finished, oldest first. */
  readonly #unfinished = new Set<UplinkFrame>();

  constructor(options: CommandWriterOptions) {
    this.#options = options;
  }

  get queued(): number {
    return this.#unfinished.size;
  }

  /** When the oldest waiting frame was received, or undefined. */
  get oldestAtMs(): number | undefined {
    const [oldest] = this.#unfinished;
    return oldest?.receivedAtMs;
  }

  accept(frame: UplinkFrame, type: number, run: UplinkCommand): void {
    const { session, counter, check, fresh, receivedAtMs } = frame;
    const name = `${session.utilityId} ${session.terminalId % QUEUES_OF_UTILITY}`;
    const queue = this.#queues.get(name);
    const { commandMaxWaiting, commandMaxWaitingOfQueue } = this.#options.limits;
    const isFull = this.#unfinished.size >= commandMaxWaiting;
    if (isFull || (queue?.waiting.length ?? 0) >= commandMaxWaitingOfQueue) {
      frame.abandon('overloaded');
      return;
    }
    session.pending.set(counter, frame);
    this.#unfinished.add(frame);
    const key = {
      ...{ terminalId: session.terminalId, counter, frameCheck: check, type },
      ...{ arrivedFresh: fresh, receivedAt: new Date(receivedAtMs) },
    };
    if (queue !== undefined) queue.waiting.push({ frame, key, run });
    else this.#begin(name, { utilityId: session.utilityId, waiting: [{ frame, key, run }] });
  }

  /** Resolves when no frame waits or is being stored. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  #begin(name: string, queue: Queue): void {
    this.#queues.set(name, queue);
    const running = this.#serve(name, queue).finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Queues take turns with one transaction each. */
  async #serve(name: string, { utilityId, waiting }: Queue): Promise<void> {
    const { commandMaxFrames } = this.#options.limits;
    while (waiting.length > 0) {
      await this.#limiter.run(() =>
        this.#commitOrAbandon(utilityId, waiting.splice(0, commandMaxFrames)),
      );
    }
    this.#queues.delete(name);
  }

  /** An error of this process ends the connections of these frames; the queue goes on. */
  async #commitOrAbandon(utilityId: number, batch: readonly Waiting[]): Promise<void> {
    try {
      await this.#commit(utilityId, batch);
    } catch (error) {
      this.#abandon(
        batch.filter(({ frame }) => this.#unfinished.has(frame)),
        error,
      );
    }
  }

  /** Stores frames in one transaction; when it fails because of one of them, in two halves. */
  async #commit(utilityId: number, batch: readonly Waiting[]): Promise<void> {
    const startedAt = performance.now();
    const judged = await this.#attempt(utilityId, batch, ATTEMPTS).catch((error: unknown) => error);
    if (Array.isArray(judged)) {
      this.#options.metrics.commandSeconds.observe((performance.now() - startedAt) / 1000);
      this.#answerAll(judged);
    } else if (!isFaultOfCommand(judged)) {
      this.#abandon(batch, judged);
    } else if (batch.length === 1) {
      this.#refuseFault(elementAt(batch, 0).frame, judged);
    } else {
      const half = batch.length >> 1;
      await this.#commit(utilityId, batch.slice(0, half));
      await this.#commit(utilityId, batch.slice(half));
    }
  }

  async #attempt(
    utilityId: number,
    batch: readonly Waiting[],
    attempts: number,
  ): Promise<Judged[]> {
    const { transact, limits } = this.#options;
    try {
      return await answered(
        limits.commitTimeoutMs,
        transact(utilityId, (tx) => this.#runAll(tx, utilityId, batch)),
      );
    } catch (error) {
      if (!isPassing(error) || attempts <= 1) throw error;
      return this.#attempt(utilityId, batch, attempts - 1);
    }
  }

  /** Takes the frames and runs the commands of the new ones in sequence. */
  async #runAll(tx: Tx, utilityId: number, batch: readonly Waiting[]): Promise<Judged[]> {
    const actor: SystemActor = { kind: 'system', utilityId, name: 'ingest' };
    const verdicts = await this.#options.take(
      tx,
      batch.map(({ key }) => key),
    );
    const judged: Judged[] = [];
    for (const [at, { frame, run }] of batch.entries()) {
      const verdict = verdicts[at] ?? 'replayed';
      const after = verdict === 'taken' ? await runOne(tx, actor, run) : undefined;
      judged.push({ frame, verdict, after });
    }
    return judged;
  }

  /** After the commit: each frame is answered even when another's answer fails, and the queue goes on. */
  #answerAll(judged: readonly Judged[]): void {
    const { metrics, log, acknowledger } = this.#options;
    metrics.committed += judged.filter(({ verdict }) => verdict === 'taken').length;
    metrics.repeated += judged.filter(({ verdict }) => verdict === 'repeated').length;
    for (const { frame } of judged) this.#unfinished.delete(frame);
    for (const { frame, verdict, after } of judged) {
      if (after !== undefined)
        this.#guard(frame, 'what follows a stored frame failed', () => after(log));
      if (verdict === 'replayed') this.#refuse(frame, 'replay');
      else this.#answer(frame, () => acknowledger.committed([frame]));
    }
  }

  #refuse(frame: UplinkFrame, reason: 'not_storable' | 'replay'): void {
    this.#unfinished.delete(frame);
    frame.session.pending.delete(frame.counter);
    this.#answer(frame, () => this.#options.quarantine.quarantine(frame, reason, null));
  }

  /** Answers a frame, or ends its connection: its terminal resends the frame, and the resent one gets the answer. */
  #answer(frame: UplinkFrame, answer: () => void): void {
    if (this.#guard(frame, UNANSWERED, answer)) return;
    this.#guard(frame, UNANSWERED, () => frame.abandon('unanswered'));
  }

  /** Runs `follow`; false when it threw, which is logged. */
  #guard(frame: UplinkFrame, message: string, follow: () => void): boolean {
    try {
      follow();
      return true;
    } catch (error) {
      const terminal = frame.session.number;
      this.#options.log.error({ err: error, terminal }, message);
      return false;
    }
  }

  #refuseFault(frame: UplinkFrame, error: unknown): void {
    const terminal = frame.session.number;
    const cause = error instanceof CommandFault ? error.cause : error;
    this.#options.log.error({ err: cause, terminal }, 'a frame is not storable');
    this.#refuse(frame, 'not_storable');
  }

  /** Acknowledges nothing: the connections are closed, and the terminals send the frames again [TERM-8.7]. */
  #abandon(batch: readonly Waiting[], error: unknown): void {
    this.#options.log.error(
      { err: error, frames: batch.length },
      'the database did not take frames; they stay unacknowledged and their connections end',
    );
    for (const { frame } of batch) {
      this.#unfinished.delete(frame);
      frame.session.pending.delete(frame.counter);
      this.#guard(frame, UNANSWERED, () => frame.abandon('database_away'));
    }
  }
}

/** @throws CommandFault when the command failed over a working connection */
async function runOne(
  tx: Tx,
  actor: SystemActor,
  run: UplinkCommand,
): Promise<AfterCommit | undefined> {
  try {
    return await run(tx, actor);
  } catch (error) {
    throw new CommandFault(error);
  }
}

/**
 * Result of the work. @throws Error when it takes longer; the transaction may still commit, and a resent frame finds
 * that out.
 */
async function answered<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}
