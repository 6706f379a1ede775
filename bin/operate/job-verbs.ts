import { retryJob } from '../../lib/jobs/job-commands.ts';
import { isJobKind, JOB_KINDS } from '../../lib/jobs/job-kinds.ts';
import { countWorkers, getJob, type Job, listJobs } from '../../lib/jobs/job-queries.ts';
import { formatJst } from '../../lib/time.ts';
import { required, whole } from './option.ts';
import { counted } from './outcome-text.ts';
import { type Noun, utilityVerb } from './verb.ts';

const NUMBER = required(
  'ID',
  'the number of the job, as job list shows it',
  whole(1, Number.MAX_SAFE_INTEGER),
);

const list = utilityVerb({
  summary: 'jobs that wait, run or have failed, of the utility and of the whole cloud',
  explanation: `A job is work that the worker (npm run worker) does after the act that asked for it. One that is done is gone from the list.
waiting: its time comes, or no worker runs. running: a worker has it. retrying: it failed and is tried again, later each time.
failed: it failed for good; see job show for the reason, and job retry once the reason is gone.`,
  options: {},
  examples: ['--utility minato'],
  isReading: true,
  async run({ tx, actor }) {
    const jobs = await listJobs(tx, actor);
    const workers = await countWorkers(tx);
    const running =
      workers === 0 ? 'NO WORKER RUNS: start one (npm run worker)' : counted(workers, 'worker');
    const headings = ['jobId', 'kind', 'scope', 'state', 'attempts', 'runAt', 'lastError'];
    const rows = jobs.map((job) => ({ ...job, lastError: shortened(job.lastError) }));
    return {
      said: `${counted(jobs.length, 'job')}; ${running}`,
      data: { workers },
      table: { headings, rows },
    };
  },
});

const show = utilityVerb({
  summary: 'one job: what it is for, its input, and why it failed',
  options: { job: NUMBER },
  examples: ['--utility minato --job 17'],
  isReading: true,
  async run({ tx, actor }, { job: jobId }) {
    const job = await getJob(tx, actor, jobId);
    const purpose = isJobKind(job.kind)
      ? JOB_KINDS[job.kind].purpose
      : 'a kind that this version does not know';
    const lines = [
      `job ${job.jobId}, ${job.kind}: ${purpose}`,
      `${job.state}, attempt ${job.attempts} of ${job.maxAttempts}; entered ${shown(job.createdAt)}, ${when(job)}`,
      `input: ${JSON.stringify(job.input)}`,
      ...(job.lastError === null ? [] : [`the latest attempt failed: ${job.lastError}`]),
    ];
    return {
      said: lines.join('\n'),
      data: { ...job },
      ...(job.state === 'failed' ? { next: `job retry --job ${job.jobId}` } : {}),
    };
  },
});

const retry = utilityVerb({
  summary: 'has a job that failed or waits run again at once',
  explanation:
    'It has all its attempts before it again. Look first whether the reason why it failed is gone: job show.',
  options: { job: NUMBER },
  examples: ['--utility minato --job 17'],
  async run({ tx, actor }, { job: jobId }) {
    await retryJob(tx, actor, jobId);
    return { said: `job ${jobId} is run again at once`, data: { jobId } };
  },
});

function shown(at: Date): string {
  return formatJst(at).slice(0, 16).replace('T', ' ');
}

function when({ state, runAt, runningSince }: Job): string {
  if (runningSince !== null) return `running since ${shown(runningSince)}`;
  return state === 'failed' ? 'run no more' : `next at ${shown(runAt)}`;
}

function shortened(text: string | null): string | null {
  return text !== null && text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

export const JOB: Noun = {
  name: 'job',
  summary: 'work that is done after the act that asked for it',
  verbs: { list, show, retry },
};
