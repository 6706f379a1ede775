// Issues the closings that a utility's people and programs asked for: one issue in each run of the job, which is entered again while
// there are more, so that other utilities have their turn.
import { askerActor } from '../../lib/closing/issue-asker.ts';
import { findNextIssue, type IssueToMake } from '../../lib/closing/issue-queries.ts';
import { failureOf, type IssueFailure, MOST_ATTEMPTS } from '../../lib/closing/issue-state.ts';
import { beginIssue, failIssue, makeIssue } from '../../lib/closing/issue-work-commands.ts';
import { refusedBy } from '../../lib/constraint-errors.ts';
import type { enqueueJob } from '../../lib/jobs/job-commands.ts';
import type { Transact, Tx } from '../ingest-database.ts';
import type { Log } from '../log.ts';
import { IssueProgress } from './issue-progress.ts';

type Asker = Parameters<typeof askerActor>[1];

/**
 * Runs work in a transaction of the one who asked for an issue, which ends when `signal` aborts. Rejects with an error of
 * the name ClaimEnded when the issue has ended, or the right of the one who asked.
 */
export type IssueInName = <T>(
  issue: { utilityId: number; issueId: number },
  fn: (tx: Tx, asker: Asker) => Promise<T>,
  signal: AbortSignal,
) => Promise<T>;

export interface IssuingWork {
  transact: Transact;
  inNameOf: IssueInName;
  enqueue: typeof enqueueJob;
  log: Log;
  now: () => number;
}

/** @throws Error when the issue is to be tried again */
export async function issueClosings(
  utilityId: number,
  work: IssuingWork,
  signal?: AbortSignal,
): Promise<void> {
  const { transact, enqueue } = work;
  const next = () => transact(utilityId, (tx) => findNextIssue(tx, utilityId));
  const issue = await next();
  if (!issue) return;
  await new Attempt(utilityId, issue, work).run(signal);
  if (!(await next())) return;
  const rest = { kind: 'issue-closings', input: {}, key: 'all' } as const;
  await transact(utilityId, (tx) => enqueue(tx, { utilityId }, rest));
}

const WORKER_ENDED: IssueFailure = {
  ...{ failure: 'worker-ended', detail: `the worker ended ${MOST_ATTEMPTS} times`, faults: [] },
};
const RIGHT_ENDED: IssueFailure = {
  ...{ failure: 'right-ended', detail: 'the right of the one who asked has ended', faults: [] },
};

/** One attempt at an issue. */
class Attempt {
  readonly #utilityId: number;
  readonly #issue: IssueToMake;
  readonly #work: IssuingWork;
  readonly #abort = new AbortController();
  #isEnded = false;

  constructor(utilityId: number, issue: IssueToMake, work: IssuingWork) {
    this.#utilityId = utilityId;
    this.#issue = issue;
    this.#work = work;
  }

  async run(signal: AbortSignal | undefined): Promise<void> {
    const { attempts } = this.#issue;
    if (attempts >= MOST_ATTEMPTS) return this.#fail(WORKER_ENDED, attempts);
    const attempt = await this.#begin();
    if (attempt === undefined) return;
    const stop = () => this.#abort.abort(new Error('the worker is ending'));
    signal?.addEventListener('abort', stop, { once: true });
    const progress = this.#progress(attempt);
    try {
      await this.#make(attempt, progress);
    } catch (error) {
      if (!this.#isEnded) await this.#onFault(error, attempt, signal);
    } finally {
      await progress.stop();
      signal?.removeEventListener('abort', stop);
    }
  }

  /** Undefined when the issue was cancelled meanwhile, or failed because the right of the one who asked has ended. */
  async #begin(): Promise<number | undefined> {
    const { issueId } = this.#issue;
    const now = new Date(this.#work.now());
    try {
      const attempt = await this.#inName((tx) => beginIssue(tx, { issueId, now }));
      return attempt ?? undefined;
    } catch (error) {
      if (!isClaimEnded(error)) throw error;
      await this.#fail(RIGHT_ENDED, this.#issue.attempts);
      return undefined;
    }
  }

  #progress(attempt: number): IssueProgress {
    const { issueId, closings } = this.#issue;
    const [makingOn = ''] = closings;
    const { transact, log, now } = this.#work;
    return new IssueProgress(
      { utilityId: this.#utilityId, issueId, attempt, makingOn },
      {
        ...{ transact, log, now },
        onEnded: () => {
          this.#isEnded = true;
          this.#abort.abort(new Error('the issue was cancelled'));
        },
      },
    );
  }

  async #make(attempt: number, progress: IssueProgress): Promise<void> {
    const issue = this.#issue;
    const { log, now } = this.#work;
    const runs = await this.#inName((tx, asker) =>
      makeIssue(tx, askerActor(this.#utilityId, asker), {
        ...{ issue, attempt, now: new Date(now()) },
        onProgress: (at) => progress.set(at),
        beforeEnd: () => progress.stop(),
      }),
    );
    const runIds = runs.map(({ runId }) => runId);
    log.info({ utilityId: this.#utilityId, issue: issue.issueId, runs: runIds }, 'closings issued');
  }

  async #onFault(error: unknown, attempt: number, signal: AbortSignal | undefined): Promise<void> {
    // Cancelled in the moment of its end, or begun by another.
    if (refusedBy(error)?.constraint === 'closing_issue_making') return;
    const failure = isClaimEnded(error) ? RIGHT_ENDED : failureOf(error, attempt);
    if (!failure || signal?.aborted) throw error;
    const about = { utilityId: this.#utilityId, issue: this.#issue.issueId };
    if (failure.failure === 'fault')
      this.#work.log.error({ ...about, err: error }, 'an issue failed');
    await this.#fail(failure, attempt);
  }

  /** Does nothing when the issue was cancelled meanwhile. */
  async #fail(failure: IssueFailure, attempt: number): Promise<void> {
    const { issueId } = this.#issue;
    const failed = { issueId, attempt, failure, now: new Date(this.#work.now()) };
    await this.#work.transact(this.#utilityId, (tx) => failIssue(tx, failed));
  }

  #inName<T>(fn: (tx: Tx, asker: Asker) => Promise<T>): Promise<T> {
    const of = { utilityId: this.#utilityId, issueId: this.#issue.issueId };
    return this.#work.inNameOf(of, fn, this.#abort.signal);
  }
}

function isClaimEnded(error: unknown): boolean {
  return error instanceof Error && error.name === 'ClaimEnded';
}
