import { type ParsedCronItem, parseCronItems } from 'graphile-worker';
import { JOB_KINDS } from '../../lib/jobs/job-kinds.ts';
import { crontabOf, type ScheduledJob } from '../../lib/jobs/job-schedule.ts';

/**
 * A schedule in the form of the queue's library, with at most one waiting job per kind. @throws Error for an invalid
 * time
 */
export function cronItemsOf(schedule: readonly ScheduledJob[]): ParsedCronItem[] {
  return parseCronItems(
    schedule.map(({ kind, at }) => ({
      task: kind,
      match: crontabOf(at),
      // A waiting job of the kind is the same work: it is not entered twice and does not run concurrently.
      options: { jobKey: kind, queueName: kind, maxAttempts: JOB_KINDS[kind].maxAttempts },
    })),
  );
}
