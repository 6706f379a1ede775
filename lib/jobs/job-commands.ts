import { sql } from 'kysely';
import type { Tx } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { recordAct } from '../audit/audit-commands.ts';
import { elementAt } from '../certain.ts';
import { DomainError } from '../errors.ts';
import { JOB_KINDS, type JobInput, type UtilityJobKind } from './job-kinds.ts';
import { getJob } from './job-queries.ts';

export interface NewJob<K extends UtilityJobKind> {
  kind: K;
  input: JobInput<K>;
  /**
   * Small letters, digits and `: . _ -`, up to 60. A waiting job with the same key gets the new input and time; two of
   * one key never run at the same time. Without a key each call is a new job.
   */
  key?: string;
  /** Earliest start; undefined: at once. */
  runAt?: Date;
  /** Keeps an existing job with the key unchanged, whether it waits, runs or has failed. */
  keep?: boolean;
}

/**
 * Enters a job for the transaction's utility, in that transaction: a rollback removes the job. Returns its number. The
 * calling verb checks the right.
 */
export async function enqueueJob<K extends UtilityJobKind>(
  tx: Tx,
  { utilityId }: Pick<Actor, 'utilityId'>,
  { kind, input, key, runAt, keep = false }: NewJob<K>,
): Promise<number> {
  const accepted = JSON.stringify(JOB_KINDS[kind].input.parse(input));
  const { rows } = await sql<{ jobId: number }>`
    select enqueue_job(${kind}, ${utilityId}::integer, ${accepted}::jsonb, ${key ?? null}, ${runAt ?? null}::timestamptz, ${keep}) as "jobId"
  `.execute(tx);
  return elementAt(rows, 0).jobId;
}

/**
 * Runs a waiting or failed job again at once, with all its attempts. Errors: not_found, conflict (it is running),
 * forbidden.
 */
export async function retryJob(tx: Tx, actor: Actor, jobId: number): Promise<void> {
  requireCapability(actor, 'register.write');
  const job = await getJob(tx, actor, jobId);
  const { rows } = await sql<{ retried: boolean }>`
    select retry_job(${jobId}::bigint) as retried`.execute(tx);
  if (!elementAt(rows, 0).retried) {
    throw new DomainError('conflict', `job ${jobId} runs just now: look again in a minute`);
  }
  await recordAct(tx, actor, {
    act: 'job.retried',
    subject: `job:${jobId}`,
    detail: { kind: job.kind, attempts: job.attempts },
  });
}
