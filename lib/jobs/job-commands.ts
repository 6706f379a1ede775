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
   * Small letters, digits and `: . _ -`, up to 60. A job that waits under the same key takes the new input and time; two of
   * one key never run at one time. Without a key each call is a job of its own.
   */
  key?: string;
  /** Not before this instant; at once without it. */
  runAt?: Date;
  /** A job that is there under the key, be it waiting, running or failed, stays as it is. */
  keep?: boolean;
}

/**
 * Enters a job for the utility of the transaction, in that transaction: a rollback takes the job with it. Yields its number.
 * The right to have it done is that of the verb which calls this.
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
 * Has a job that waits or has failed run again at once, with all its attempts before it.
 * Errors: not_found, conflict (it runs just now), forbidden.
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
