/** Handlers of the kinds of jobs. A handler completes or throws; it may run again after it was done, without harm. */
import { pruneChanges } from '../../lib/changes/change-commands.ts';
import { pruneRunChanges } from '../../lib/closing/run-since-commands.ts';
import type { enqueueJob } from '../../lib/jobs/job-commands.ts';
import type { JobInput, JobKind, UtilityJobKind } from '../../lib/jobs/job-kinds.ts';
import { listUtilityIds } from '../../lib/jobs/job-queries.ts';
import type { Transact } from '../ingest-database.ts';
import type { Log } from '../log.ts';
import { announceClosings } from './announce-closings.ts';
import { type IssueInName, issueClosings } from './issue-closings.ts';
import { planPolling } from './plan-polling.ts';
import { pruneUtilityFrames } from './prune-taken-frames.ts';
import { rollUpAreaDays } from './roll-up-area-days.ts';
import { type MailSending, sendMail } from './send-mail.ts';
import { validateReadings } from './validate-readings.ts';

export interface RunningJob<K extends JobKind> {
  jobId: number;
  /** 0 for a job of the cloud, which has no utility. */
  utilityId: number;
  input: JobInput<K>;
  /** If it fails this time, it is run no more until it is retried by hand. */
  isLast: boolean;
  /** Aborted when the worker has to end before the job. */
  signal: AbortSignal | undefined;
}

export type JobHandlers = { [K in JobKind]: (job: RunningJob<K>) => Promise<void> };

export interface HandlerOptions {
  transact: Transact;
  /** Runs work in the name of the one who asked for an issue of closings. */
  inNameOf: IssueInName;
  /** Runs statements that belong to no utility. */
  query: Parameters<typeof listUtilityIds>[0];
  /** Enters a job in a transaction. */
  enqueue: typeof enqueueJob;
  log: Log;
  now: () => number;
  /** Address of the site, for links in mails; undefined: mails name the page. */
  siteUrl?: string | undefined;
  /** Undefined without a mail server: then no mail is taken from the queue. */
  mail: MailSending | undefined;
}

export function jobHandlers(options: HandlerOptions): JobHandlers {
  const { transact, query, enqueue, log, now, mail } = options;
  const enterForEach = async (kind: UtilityJobKind): Promise<void> => {
    const faults: unknown[] = [];
    for (const utilityId of await listUtilityIds(query)) {
      const entering = transact(utilityId, (tx) =>
        enqueue(tx, { utilityId }, { kind, input: {}, key: 'all', keep: true }),
      );
      // A failure of one utility does not affect the others.
      await entering.catch((fault: unknown) => faults.push(fault));
    }
    if (faults.length > 0) throw faults[0];
  };
  return {
    'schedule-polling': () => enterForEach('plan-polling'),
    'plan-polling': ({ utilityId }) => planPolling(utilityId, options),
    'schedule-area-days': () => enterForEach('roll-up-area-days'),
    'roll-up-area-days': ({ utilityId, signal }) => rollUpAreaDays(utilityId, options, signal),
    'schedule-validation': () => enterForEach('validate-readings'),
    'validate-readings': ({ utilityId, signal }) => validateReadings(utilityId, options, signal),
    'schedule-readiness': () => enterForEach('announce-closings'),
    'announce-closings': ({ utilityId, signal }) => announceClosings(utilityId, options, signal),
    'issue-closings': ({ utilityId, signal }) => issueClosings(utilityId, options, signal),
    'schedule-pruning': () => enterForEach('prune-changes'),
    'prune-changes': async ({ utilityId }) => {
      const rows = await transact(utilityId, (tx) => pruneChanges(tx, utilityId));
      await transact(utilityId, (tx) => pruneRunChanges(tx, utilityId, new Date(now())));
      if (rows > 0)
        log.info({ utilityId, rows }, 'changes that all readers are done with are removed');
    },
    'schedule-frame-pruning': () => enterForEach('prune-taken-frames'),
    'prune-taken-frames': async ({ utilityId, signal }) => {
      const rows = await pruneUtilityFrames(utilityId, options, signal);
      if (rows > 0)
        log.info({ utilityId, rows }, 'taken frames that cannot come again are removed');
    },
    'send-mail': async ({ utilityId, input: { mailId }, isLast, signal }) => {
      if (!mail) throw new Error('this worker has no mail server');
      await sendMail({ utilityId, mailId, isLast, signal }, { ...mail, transact, log, now });
    },
    'tidy-queue': async () => {
      await query.query(TIDY_QUEUES);
    },
  };
}

/**
 * Removes names of queues without jobs, except locked ones. Waits, two seconds at most, for transactions that are
 * entering a job:
 * such a job is not visible yet, and would never run without its queue. Sent as one text, it is one transaction.
 */
const TIDY_QUEUES = `
  set local lock_timeout = '2s';
  lock table graphile_worker._private_job_queues in share row exclusive mode;
  delete from graphile_worker._private_job_queues q
  where q.locked_at is null
    and not exists (select from graphile_worker._private_jobs j where j.job_queue_id = q.id)`;
