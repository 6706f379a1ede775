// Progress of an issue of closings while its transaction is open: written beside it, and with each note the worker learns
// whether the issue was cancelled.

import type { IssueAt } from '../../lib/closing/issue-state.ts';
import { noteIssueProgress } from '../../lib/closing/issue-work-commands.ts';
import type { Transact } from '../ingest-database.ts';
import type { Log } from '../log.ts';

/** Interval of the notes, and so the longest time until a cancelled issue stops its statement, milliseconds. */
const NOTE_EVERY_MS = 500;

export interface NotedAttempt {
  utilityId: number;
  issueId: number;
  attempt: number;
  /** The closing that is made first. */
  makingOn: string;
}

interface NotingWork {
  transact: Transact;
  log: Log;
  now: () => number;
  /** Called once the issue was cancelled, or another attempt has begun. */
  onEnded: () => void;
}

export class IssueProgress {
  readonly #of: NotedAttempt;
  readonly #work: NotingWork;
  readonly #timer: NodeJS.Timeout;
  #at: IssueAt;
  #noting: Promise<void> | undefined;

  constructor(of: NotedAttempt, work: NotingWork) {
    this.#of = of;
    this.#work = work;
    this.#at = { phase: 'reading', makingOn: of.makingOn, rowsDone: null, rowsTotal: null };
    this.#timer = setInterval(() => this.#note(), NOTE_EVERY_MS);
  }

  /** Written with the next note. */
  set(at: IssueAt): void {
    this.#at = at;
  }

  /** Resolves when no note is being written any more. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#noting;
  }

  #note(): void {
    this.#noting ??= this.#write().finally(() => {
      this.#noting = undefined;
    });
  }

  /** A note that fails is followed by the next one: the transaction of the issue decides what becomes of it. */
  async #write(): Promise<void> {
    const { transact, log, now, onEnded } = this.#work;
    const { utilityId, issueId, attempt } = this.#of;
    const noted = { issueId, attempt, at: this.#at, now: new Date(now()) };
    try {
      const isOpen = await transact(utilityId, (tx) => noteIssueProgress(tx, utilityId, noted));
      if (!isOpen) onEnded();
    } catch (error) {
      log.warn({ err: error, utilityId, issue: issueId }, 'progress of an issue was not noted');
    }
  }
}
