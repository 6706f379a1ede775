/** Scene of issues of closings: a utility's desk at the web process, workers, and a table that holds one in its middle. */
import type pg from 'pg';
import { afterEach } from 'vitest';
import { fitHousehold } from '../../db/testing/fixtures.ts';
import { openStaffSession, workInSession } from '../../db/testing/sessions.ts';
import type { Actor } from '../../lib/actor.ts';
import { askIssue, cancelIssue } from '../../lib/closing/issue-commands.ts';
import { getIssue, listIssues } from '../../lib/closing/issue-queries.ts';
import type { ClosingIssue } from '../../lib/closing/issue-wire.ts';
import { listRuns } from '../../lib/closing/run-queries.ts';
import {
  arrangeRuns,
  arrive,
  database,
  NOW,
  steadyDays,
  utilityId,
} from '../../lib/closing/testing-runs.ts';
import { createLog } from '../log.ts';
import { startWorker, type Worker } from '../start-worker.ts';
import { type RunningProcess, startProcess } from './child-process.ts';
import { eventually } from './ingest.ts';

const LINE = { since: '2026-09-21', fromL: 1_153_600, perHourL: 200 };
const PAGE = { limit: 20, offset: 0 };
const workers: Worker[] = [];
const children: RunningProcess['child'][] = [];

/** Provides a database and a new utility for each test, after which its workers and their jobs end. */
export function arrangeIssues(): void {
  arrangeRuns();
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    for (const worker of workers.splice(0)) await worker.stop();
    await database.adminPool.query('delete from graphile_worker._private_jobs');
  });
}

export async function worker(now = NOW): Promise<Worker> {
  const started = await startWorker({
    ...{ pool: database.workerPool, log: createLog('silent'), healthPort: 0, schedule: [] },
    ...{ releaseEveryMs: 50, now: () => now.getTime() },
  });
  workers.push(started);
  return started;
}

export const childWorker = () =>
  startProcess(
    'worker.ts',
    { DATABASE_URL: database.workerUrl, KENSHIN_WORKER_HEALTH_PORT: '0' },
    children,
  );

/** Billing staff at the web process. */
export async function desk(of = utilityId) {
  const { adminPool } = database;
  const { token, accountId, sessionId } = await openStaffSession(adminPool, of, 'billing');
  const actor: Actor = { kind: 'staff', utilityId: of, accountId, role: 'billing', sessionId };
  const { read, transact } = workInSession(database, token);
  return {
    ...{ actor, accountId },
    ask: (more: Partial<Parameters<typeof askIssue>[2]> = {}) => {
      const asked = { closingDay: 20, from: '2026-10', to: '2026-10', format: 'machine' } as const;
      return transact((tx) => askIssue(tx, actor, { ...asked, now: NOW, ...more }));
    },
    cancel: (issueId: number) => transact((tx) => cancelIssue(tx, actor, { issueId, now: NOW })),
    get: (issueId: number) => read((db) => getIssue(db, actor, { issueId, now: NOW })),
    list: () => read((db) => listIssues(db, actor, { ...PAGE, now: NOW })).then(({ rows }) => rows),
    runs: () => read((db) => listRuns(db, actor, PAGE)).then(({ rows }) => rows),
  };
}
type Desk = Awaited<ReturnType<typeof desk>>;

export async function household(name?: { areaName: string }) {
  const place = await fitHousehold(database.adminPool, utilityId, { closingDay: 20 });
  if (name) {
    await database.adminPool.query('update area set name = $2 where utility_id = $1', [
      utilityId,
      name.areaName,
    ]);
  }
  await arrive(steadyDays(place, { from: '2026-09-20', to: '2026-11-20' }, LINE));
  return place;
}

export const until = (of: Desk, issueId: number, isRight: (issue: ClosingIssue) => boolean) =>
  eventually(() => of.get(issueId), isRight, 30_000);
export const ended = (of: Desk, issueId: number) =>
  until(of, issueId, ({ state }) => state !== 'waiting' && state !== 'making');

export const acts = async (): Promise<string[]> => {
  const { rows } = await database.adminPool.query<{ act: string }>(
    `select split_part(actor, ':', 1) || ' ' || act as act from audit where utility_id = $1 and act like 'closing.%' order by audit_id`,
    [utilityId],
  );
  return rows.map(({ act }) => act);
};

/** Holds the table of figures, so that an issue stands in the middle, with its rows written and not committed. */
export async function holdFigures(): Promise<{ release: () => Promise<void> }> {
  const blocker = await database.adminPool.connect();
  await blocker.query('begin');
  await blocker.query('lock table closing_run_figure in exclusive mode');
  return {
    release: async () => {
      await blocker.query('rollback');
      blocker.release();
    },
  };
}

/** Statements of workers that wait for the table of figures. */
export async function waitingStatements(): Promise<number> {
  const { rows } = await database.adminPool.query<{ waiting: number }>(
    `select count(*)::integer as waiting from pg_locks
     where relation = 'closing_run_figure'::regclass and not granted
       and database = (select oid from pg_database where datname = current_database())`,
  );
  return rows[0]!.waiting;
}

export const count = async (client: Pick<pg.Pool, 'query'>, table: string): Promise<number> => {
  const { rows } = await client.query<{ rows: number }>(
    `select count(*)::integer as rows from ${table} where utility_id = $1`,
    [utilityId],
  );
  return rows[0]!.rows;
};
