import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { transactAs, transactByClaim } from '../../db/client.ts';
import { JOB_QUEUE_REVISION } from '../../db/job-queue.ts';
import type { Tx } from '../../db/schema.ts';
import { createUtility } from '../../db/testing/fixtures.ts';
import { openStaffSession } from '../../db/testing/sessions.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import type { SystemActor } from '../actor.ts';
import { enqueueJob, retryJob } from './job-commands.ts';
import { JOB_KIND_NAMES, JOB_KINDS } from './job-kinds.ts';
import { countWorkers, getJob, listJobs } from './job-queries.ts';

let database: TestDatabase;
let utilityId: number;
let actor: SystemActor;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  utilityId = await createUtility(database.adminPool);
  actor = { kind: 'system', utilityId, name: 'test' };
});

const plan = (key?: string) => ({ kind: 'plan-polling', input: {}, ...(key && { key }) }) as const;
const inOwn = <T>(fn: Parameters<typeof transactAs<T>>[2]) =>
  transactAs(database.db, utilityId, fn);
const listed = () => inOwn((tx) => listJobs(tx, actor));
/** Sets the columns that the worker sets when an attempt fails. */
const failed = (jobId: number, attempts: number) =>
  database.adminPool.query(
    `update graphile_worker._private_jobs set attempts = $2, last_error = 'the mail server is away' where id = $1`,
    [jobId, attempts],
  );

describe('a job that is entered', () => {
  it('waits in the queue of its utility, visible to no other', async () => {
    const jobId = await inOwn((tx) => enqueueJob(tx, actor, plan()));
    expect(await listed()).toMatchObject([
      { jobId, kind: 'plan-polling', scope: 'utility', state: 'waiting', input: {}, key: null },
    ]);
    const other = { ...actor, utilityId: await createUtility(database.adminPool) };
    expect(await transactAs(database.db, other.utilityId, (tx) => listJobs(tx, other))).toEqual([]);
    await expect(
      transactAs(database.db, other.utilityId, (tx) => retryJob(tx, other, jobId)),
    ).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is removed by a rollback of its transaction', async () => {
    const work = inOwn(async (tx) => {
      await enqueueJob(tx, actor, plan());
      throw new Error('undone');
    });
    await expect(work).rejects.toThrow('undone');
    expect(await listed()).toEqual([]);
  });

  it('is one for each key of a utility, with the latest time', async () => {
    const runAt = new Date('2099-01-01T00:00:00Z');
    const first = await inOwn((tx) => enqueueJob(tx, actor, plan('all')));
    expect(await inOwn((tx) => enqueueJob(tx, actor, { ...plan('all'), runAt }))).toBe(first);
    await inOwn((tx) => enqueueJob(tx, actor, plan('other')));
    const other = await createUtility(database.adminPool);
    await transactAs(database.db, other, (tx) => enqueueJob(tx, { utilityId: other }, plan('all')));
    expect(
      (await listed()).map(({ key, runAt: at }) => [key, at > new Date('2098-01-01')]),
    ).toEqual([
      ['all', true],
      ['other', false],
    ]);
  });

  it('is entered by commands and worker through the one function', async () => {
    await transactAs(database.db, utilityId, (tx) => enqueueJob(tx, actor, plan()));
    await transactAs(database.workerDb, utilityId, (tx) => enqueueJob(tx, actor, plan()));
    expect(await listed()).toHaveLength(2);
  });

  it('cannot be entered by the web process or the sidecar, which have no verb for it yet', async () => {
    const { token: sessionToken } = await openStaffSession(database.adminPool, utilityId, 'admin');
    const enter = (tx: Tx) => enqueueJob(tx, actor, plan());
    const refused = 'permission denied for function enqueue_job';
    await expect(transactByClaim(database.webDb, { sessionToken }, enter)).rejects.toThrow(refused);
    await expect(transactAs(database.ingestDb, utilityId, enter)).rejects.toThrow(refused);
  });

  it('keeps an existing job of its key with its failures, on request', async () => {
    const runAt = new Date('2099-01-01T00:00:00Z');
    const first = await inOwn((tx) => enqueueJob(tx, actor, { ...plan('all'), runAt }));
    await database.adminPool.query(
      `update graphile_worker._private_jobs set attempts = 3, last_error = 'no' where id = $1`,
      [first],
    );
    const again = { ...plan('all'), keep: true };
    expect(await inOwn((tx) => enqueueJob(tx, actor, again))).toBe(first);
    const [job] = await listed();
    expect(job).toMatchObject({ jobId: first, attempts: 3, lastError: 'no', runAt });
    expect(await inOwn((tx) => enqueueJob(tx, actor, { ...again, key: 'other' }))).not.toBe(first);
  });

  it('does not overtake waiting ones, whatever its instant', async () => {
    await inOwn((tx) => enqueueJob(tx, actor, { ...plan(), runAt: new Date('1999-01-01') }));
    const [job] = await listed();
    expect(job?.runAt.getTime()).toBeGreaterThan(new Date('2020-01-01').getTime());
  });
});

describe('the database refuses', () => {
  const attempt = (
    kind: string,
    forUtility: number | null,
    input = '{}',
    key: string | null = null,
  ) =>
    inOwn((tx) =>
      sql`select enqueue_job(${kind}, ${forUtility}::integer, ${input}::jsonb, ${key}, null)`.execute(
        tx,
      ),
    );

  it('a job of another utility than its transaction', async () => {
    const other = await createUtility(database.adminPool);
    await expect(attempt('plan-polling', other)).rejects.toThrow('for no other');
    await expect(attempt('plan-polling', null)).rejects.toThrow('for no other');
    await expect(
      database.pool.query(`select enqueue_job('plan-polling', $1, '{}', null, null)`, [utilityId]),
    ).rejects.toThrow('for no other');
  });

  it('an unknown kind, or one of the whole cloud', async () => {
    await expect(attempt('rob-the-bank', utilityId)).rejects.toThrow('is no kind of job');
    await expect(attempt('tidy-queue', utilityId)).rejects.toThrow('is no kind of job');
  });

  it('an input and a key that are out of bounds', async () => {
    await expect(attempt('plan-polling', utilityId, '[]')).rejects.toThrow('an object');
    const long = JSON.stringify({ text: 'x'.repeat(9000) });
    await expect(attempt('plan-polling', utilityId, long)).rejects.toThrow('8192 bytes');
    await expect(attempt('plan-polling', utilityId, '{}', 'a b')).rejects.toThrow(
      'the key of a job',
    );
  });
});

describe('a job that failed', () => {
  it('stays in the list with its reason and is retried by hand, recorded in the audit', async () => {
    const jobId = await inOwn((tx) => enqueueJob(tx, actor, plan('all')));
    await failed(jobId, 3);
    expect(await listed()).toMatchObject([{ state: 'retrying', attempts: 3 }]);
    await failed(jobId, 25);
    expect(await inOwn((tx) => getJob(tx, actor, jobId))).toMatchObject({
      state: 'failed',
      lastError: 'the mail server is away',
    });
    await inOwn((tx) => retryJob(tx, actor, jobId));
    expect(await listed()).toMatchObject([{ state: 'waiting', attempts: 0 }]);
    const { rows } = await database.adminPool.query(
      'select act, subject, detail from audit where utility_id = $1',
      [utilityId],
    );
    expect(rows).toEqual([
      {
        act: 'job.retried',
        subject: `job:${jobId}`,
        detail: { kind: 'plan-polling', attempts: 25 },
      },
    ]);
  });

  it('cannot be retried while it runs', async () => {
    const jobId = await inOwn((tx) => enqueueJob(tx, actor, plan()));
    await database.adminPool.query(
      `update graphile_worker._private_jobs set locked_at = now(), locked_by = 'pool-x' where id = $1`,
      [jobId],
    );
    await expect(inOwn((tx) => retryJob(tx, actor, jobId))).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  it("is not visible to a reader's role", async () => {
    const reader = {
      kind: 'staff',
      utilityId,
      accountId: 1,
      role: 'analyst',
      sessionId: '',
    } as const;
    await expect(inOwn((tx) => listJobs(tx, reader))).rejects.toMatchObject({ code: 'forbidden' });
    await expect(inOwn((tx) => retryJob(tx, reader, 1))).rejects.toMatchObject({
      code: 'forbidden',
    });
  });
});

describe('the queue', () => {
  it('has the kinds of the code', async () => {
    const { rows } = await database.adminPool.query<{ kind: string }>(
      'select kind, of_utility, max_attempts from job_kind order by kind',
    );
    const known = JOB_KIND_NAMES.map((kind) => ({
      kind,
      of_utility: JOB_KINDS[kind].scope === 'utility',
      max_attempts: JOB_KINDS[kind].maxAttempts,
    }));
    expect(rows).toEqual(known.sort((a, b) => (a.kind < b.kind ? -1 : 1)));
  });

  it('has the revision of the library that was reviewed', async () => {
    const { rows } = await database.adminPool.query(
      'select max(id) as revision from graphile_worker.migrations',
    );
    expect(rows).toEqual([{ revision: JOB_QUEUE_REVISION }]);
  });

  it('releases the jobs of a dead worker, and of no other', async () => {
    const jobs = [
      await inOwn((tx) => enqueueJob(tx, actor, plan('a'))),
      await inOwn((tx) => enqueueJob(tx, actor, plan('b'))),
    ];
    for (const [at, worker] of ['pool-dead', 'pool-living'].entries()) {
      await database.adminPool.query(
        `with j as (update graphile_worker._private_jobs set locked_at = now(), locked_by = $2 where id = $1 returning job_queue_id)
         update graphile_worker._private_job_queues q set locked_at = now(), locked_by = $2 from j where q.id = j.job_queue_id`,
        [jobs[at], worker],
      );
    }
    const living = await database.workerPool.connect();
    try {
      await living.query(`select hold_worker('pool-living'), hold_as_any_worker()`);
      expect(await inOwn((tx) => countWorkers(tx))).toBe(1);
      await database.workerPool.query('select release_dead_workers()');
      expect((await listed()).map(({ state }) => state)).toEqual(['waiting', 'running']);
    } finally {
      living.release(true);
    }
  });

  it('runs again at once after its worker ended, and later after several workers ended during it', async () => {
    const jobs: number[] = [];
    for (const attempts of [1, 2, 25]) {
      const jobId = await inOwn((tx) => enqueueJob(tx, actor, plan(`${attempts}`)));
      await database.adminPool.query(
        `update graphile_worker._private_jobs set locked_at = now(), locked_by = 'pool-ended', attempts = $2 where id = $1`,
        [jobId, attempts],
      );
      jobs.push(jobId);
    }
    await database.workerPool.query('select release_dead_workers()');
    const { rows } = await database.adminPool.query(
      `select locked_by, last_error, round(extract(epoch from run_at - now()))::integer as waits
       from graphile_worker._private_jobs where id = any ($1) order by id`,
      [jobs],
    );
    const released = { locked_by: null, last_error: 'its worker ended while it ran' };
    expect(rows).toMatchObject([released, released, released]);
    const [first, second, last] = rows.map(({ waits }) => waits);
    expect(first).toBeLessThanOrEqual(0);
    // e² and e¹⁰ seconds, less what the queries took.
    expect(second).toBeGreaterThan(0);
    expect(second).toBeLessThanOrEqual(7);
    expect(last).toBeGreaterThan(20_000);
    expect(last).toBeLessThanOrEqual(22_026);
  });
});
