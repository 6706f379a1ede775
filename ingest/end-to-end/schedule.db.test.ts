/** The schedule in real workers over a real queue: each job is entered once at its time, however many workers run. */
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { openPool } from '../../db/client.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import { createLog } from '../log.ts';
import { startWorker, type Worker } from '../start-worker.ts';

/** The statement with which the queue's library enters scheduled jobs. */
const ENTERS = /_private_known_crontabs[\s\S]*last_execution < excluded\.last_execution/;

let database: TestDatabase;
const workers: Worker[] = [];
const pools: pg.Pool[] = [];

beforeAll(async () => {
  database = await testDatabase();
  // A job entered twice under one key is one row; the trigger records each entering.
  await database.adminPool.query(
    `create table entered (kind text, at timestamptz);
     create function note_entered() returns trigger language plpgsql security definer set search_path = public as $$
     begin
       insert into entered select t.identifier, (new.payload -> '_cron' ->> 'ts')::timestamptz
       from graphile_worker._private_tasks t where t.id = new.task_id;
       return null;
     end $$;
     create trigger note_entered after insert or update of run_at on graphile_worker._private_jobs
       for each row when (new.payload -> '_cron' is not null) execute function note_entered();
     grant execute on function note_entered to public`,
  );
});
afterEach(async () => {
  vi.useRealTimers();
  for (const worker of workers.splice(0)) await worker.stop();
  for (const pool of pools.splice(0)) await pool.end();
  await database.adminPool.query(
    'truncate entered; delete from graphile_worker._private_jobs; delete from graphile_worker._private_known_crontabs',
  );
});
afterAll(() => database?.close());

/**
 * Starts a worker with the product's schedule; returns a count of the times it entered scheduled jobs or found them
 * entered.
 */
async function scheduledWorker(): Promise<() => number> {
  const pool = openPool(database.workerUrl, { applicationName: 'kenshin worker', max: 10 });
  pools.push(pool);
  const query = vi.spyOn(pool, 'query');
  workers.push(await startWorker({ pool, log: createLog('silent'), healthPort: 0 }));
  return () =>
    query.mock.calls.filter(
      ([statement], at) =>
        ENTERS.test(String((statement as unknown as pg.QueryConfig).text)) &&
        query.mock.settledResults[at]?.type === 'fulfilled',
    ).length;
}

async function entered(): Promise<[string, string][]> {
  const { rows } = await database.adminPool.query<{ kind: string; at: Date }>(
    'select kind, at from entered order by kind',
  );
  return rows.map(({ kind, at }) => [kind, at.toISOString()]);
}

const EVERY_MINUTE = [
  ...['schedule-polling', 'schedule-pruning', 'schedule-readiness', 'schedule-validation'],
];

/** Instants years ahead of every clock, so that entered jobs are not due and stay in the queue. */
it.each([
  ['in a minute of nothing else', '2045-01-31T12:03:00+09:00', EVERY_MINUTE],
  ['every five minutes', '2045-01-31T12:05:00+09:00', [...EVERY_MINUTE, 'schedule-area-days']],
  [
    'at midnight of the first of a month',
    '2045-03-01T00:00:00+09:00',
    [...EVERY_MINUTE, 'schedule-area-days'],
  ],
  [
    'in the early morning of the first of a month, which is still the month before in UTC',
    '2045-05-01T03:40:00+09:00',
    [...EVERY_MINUTE, 'schedule-area-days', 'tidy-queue'],
  ],
  [
    'in the early morning of the last of a month',
    '2045-04-30T04:10:00+09:00',
    [...EVERY_MINUTE, 'schedule-area-days', 'schedule-frame-pruning'],
  ],
])('two workers enter the jobs of the schedule once each: %s', async (_, instant, kinds) => {
  const at = new Date(instant);
  vi.useFakeTimers({ toFake: ['Date'], now: at.getTime() - 20 });
  const turns = [await scheduledWorker(), await scheduledWorker()];
  expect(await entered()).toEqual([]);
  vi.setSystemTime(at.getTime() + 5);
  await vi.waitUntil(() => turns.every((count) => count() > 0), { timeout: 30_000 });
  expect(turns.map((count) => count())).toEqual([1, 1]);
  expect(await entered()).toEqual(kinds.sort().map((kind) => [kind, at.toISOString()]));
});
