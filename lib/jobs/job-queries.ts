import { sql } from 'kysely';
import type pg from 'pg';
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { elementAt } from '../certain.ts';
import { DomainError } from '../errors.ts';

/**
 * `waiting`: not due yet. `retrying`: failed, and will be tried again. `failed`: out of attempts; a person has to act.
 */
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
  /** Next start; for one that failed for good, the time of its last due start. */
  runAt: Date;
  runningSince: Date | null;
  attempts: number;
  maxAttempts: number;
  /** Message of the latest failed attempt; null without one. */
  lastError: string | null;
}

type JobRow = Omit<Job, 'scope' | 'state'> & { ofUtility: boolean };

/** Jobs that are not done, oldest first. Errors: forbidden. */
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

/** Number of live workers. */
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

/** Ids of all utilities, for jobs of the cloud that enter one for each; read before any utility is set. */
export async function listUtilityIds(db: Pick<pg.Pool, 'query'>): Promise<number[]> {
  const { rows } = await db.query<{ utility_id: number }>(
    'select utility_id from utilities_to_poll()',
  );
  return rows.map(({ utility_id }) => utility_id);
}
