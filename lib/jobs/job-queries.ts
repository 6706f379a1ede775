import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { elementAt } from '../certain.ts';
import { DomainError } from '../errors.ts';

/** `waiting`: its time comes. `retrying`: it failed and is tried again. `failed`: it failed for good and waits for a person. */
export type JobState = 'waiting' | 'running' | 'retrying' | 'failed';

/** A job that is not done: of the actor's utility, or of the whole cloud. */
export interface Job {
  jobId: number;
  kind: string;
  scope: 'utility' | 'cloud';
  state: JobState;
  key: string | null;
  input: unknown;
  createdAt: Date;
  /** When it is run next; for one that failed for good, when it last should have been. */
  runAt: Date;
  runningSince: Date | null;
  attempts: number;
  maxAttempts: number;
  /** The message of the latest attempt that failed; null where none did. */
  lastError: string | null;
}

type JobRow = Omit<Job, 'scope' | 'state'> & { ofUtility: boolean };

/** The jobs that are not done, oldest first. Errors: forbidden. */
export async function listJobs(db: ReadDb, actor: Actor): Promise<Job[]> {
  requireCapability(actor, 'register.write');
  const { rows } = await sql<JobRow>`
    select job_id as "jobId", kind, of_utility as "ofUtility", key, input, created_at as "createdAt", run_at as "runAt",
           running_since as "runningSince", attempts, max_attempts as "maxAttempts", last_error as "lastError"
    from list_jobs()`.execute(db);
  return rows.map(({ ofUtility, ...row }) => ({
    ...row,
    scope: ofUtility ? 'utility' : 'cloud',
    state: jobState(row),
  }));
}

/** Errors: not_found (none, done, or another utility's), forbidden. */
export async function getJob(db: ReadDb, actor: Actor, jobId: number): Promise<Job> {
  const job = (await listJobs(db, actor)).find((each) => each.jobId === jobId);
  if (job) return job;
  throw new DomainError(
    'not_found',
    `there is no job ${jobId} that waits, runs or has failed: it is done, or the number is wrong`,
    { jobId },
  );
}

/** How many workers live now. */
export async function countWorkers(db: ReadDb): Promise<number> {
  const { rows } = await sql<{ workers: number }>`
    select count_workers() as workers`.execute(db);
  return elementAt(rows, 0).workers;
}

function jobState({
  runningSince,
  attempts,
  maxAttempts,
}: Pick<Job, 'runningSince' | 'attempts' | 'maxAttempts'>): JobState {
  if (runningSince !== null) return 'running';
  if (attempts >= maxAttempts) return 'failed';
  return attempts > 0 ? 'retrying' : 'waiting';
}
