// Closings issued by the worker: once, whatever becomes of worker and client, and not at all once they are cancelled.
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { transactAs } from '../../db/client.ts';
import { CLOCK_IS_SHIFTED } from '../../db/testing/clock.ts';
import { createUtility } from '../../db/testing/fixtures.ts';
import { database, issue as issueByFile, NOW, utilityId } from '../../lib/closing/testing-runs.ts';
import { enqueueJob } from '../../lib/jobs/job-commands.ts';
import {
  acts,
  arrangeIssues,
  childWorker,
  count,
  desk,
  ended,
  holdFigures,
  household,
  until,
  waitingStatements,
  worker,
} from '../testing/closing-issues.ts';
import { eventually } from '../testing/ingest.ts';

arrangeIssues();

describe('an issue of closings', () => {
  it('waits without a worker, which then issues it in the name of the one who asked', async () => {
    await household();
    const own = await desk();
    const { issue, isNew } = await own.ask({ to: '2026-11' });
    expect([isNew, issue]).toMatchObject([
      true,
      {
        ...{ state: 'waiting', closings: ['2026-10-20', '2026-11-20'], hasWorker: false },
        ...{ runs: [], attempts: 0, askedBy: `staff:${own.accountId}`, askedAt: NOW },
      },
    ]);
    await worker();
    const done = await ended(own, issue.issueId);
    expect(done).toMatchObject({ state: 'issued', attempts: 1, failure: null, hasWorker: true });
    expect(done.runs).toMatchObject([
      { closesOn: '2026-10-20', rows: 1, isNew: true },
      { closesOn: '2026-11-20', rows: 1, isNew: true },
    ]);
    const [last, first] = await own.runs();
    expect([first, last]).toMatchObject(
      done.runs.map(({ runId }) => ({
        runId,
        state: 'issued',
        issuedBy: issue.askedBy,
        files: [],
      })),
    );
    expect(await acts()).toEqual([
      ...['staff closing.issue-asked', 'staff closing.issue-begun', 'staff closing.issue-done'],
      ...['staff closing.issued', 'staff closing.issued'],
    ]);
  });

  it('has the very rows of the file that is issued by a download, and is not issued again', async () => {
    await household();
    const byFile = await issueByFile({ from: '2026-10' });
    const own = await desk();
    await worker();
    const { issue } = await own.ask();
    const done = await ended(own, issue.issueId);
    const { runId } = byFile.runs[0]!;
    expect(done.runs).toEqual([{ runId, closesOn: '2026-10-20', rows: 1, isNew: false }]);
    expect(await own.runs()).toHaveLength(1);
  });

  it('is one for the same closing, however often it is pressed', async () => {
    await household();
    const [own, colleague] = [await desk(), await desk()];
    const asked = await Promise.all([own.ask(), colleague.ask(), own.ask()]);
    const issueIds = new Set(asked.map(({ issue }) => issue.issueId));
    expect(issueIds.size).toBe(1);
    expect(asked.filter(({ isNew }) => isNew)).toHaveLength(1);
    await expect(own.ask({ to: '2026-11' })).rejects.toMatchObject({ code: 'conflict' });
    await expect(own.ask({ rounding: 'floor-of-difference' })).rejects.toMatchObject({
      code: 'conflict',
    });
    await expect(own.ask({ from: '2027-01', to: '2027-02' })).rejects.toMatchObject({
      code: 'invalid_input',
    });
    await worker();
    await ended(own, [...issueIds][0]!);
    expect(await own.runs()).toHaveLength(1);
    expect((await own.ask()).isNew).toBe(true);
  });

  it('is issued exactly once when its worker is killed in the middle', async () => {
    await household();
    const own = await desk();
    const held = await holdFigures();
    try {
      const { child, exited } = await childWorker();
      const { issue } = await own.ask();
      await eventually(waitingStatements, (waiting) => waiting === 1, 30_000);
      const making = await until(own, issue.issueId, ({ rowsTotal }) => rowsTotal === 1);
      expect(making).toMatchObject({ state: 'making', makingOn: '2026-10-20' });
      child.kill('SIGKILL');
      await exited;
      // The server ends the statement of a client that is gone, though what it waits for is still held. Its timer for that
      // does not fire where the clock is shifted; there the statement ends once it goes on.
      if (!CLOCK_IS_SHIFTED)
        await eventually(waitingStatements, (waiting) => waiting === 0, 30_000);
      expect(await count(database.adminPool, 'closing_run')).toBe(0);
      await held.release();
      await worker();
      const done = await ended(own, issue.issueId);
      expect(done).toMatchObject({ state: 'issued', attempts: 2, runs: [{ rows: 1 }] });
      expect(await own.runs()).toHaveLength(1);
      expect((await acts()).filter((act) => act.endsWith('closing.issued'))).toHaveLength(1);
    } finally {
      await held.release().catch(() => undefined);
    }
  }, 90_000);

  it('that was committed is not issued again when the job runs again', async () => {
    await household();
    const own = await desk();
    await worker();
    const { issue } = await own.ask();
    await ended(own, issue.issueId);
    const before = await acts();
    await transactAs(database.db, utilityId, (tx) =>
      enqueueJob(tx, { utilityId }, { kind: 'issue-closings', input: {}, key: 'all' }),
    );
    await eventually(
      () => database.adminPool.query('select from graphile_worker._private_jobs'),
      ({ rowCount }) => rowCount === 0,
    );
    expect(await acts()).toEqual(before);
  });

  it('that is cancelled in the middle stops its statement at once, and leaves nothing', async () => {
    await household();
    const [own, colleague] = [await desk(), await desk()];
    await worker();
    const held = await holdFigures();
    try {
      const { issue } = await own.ask();
      await eventually(waitingStatements, (waiting) => waiting === 1, 30_000);
      const cancelled = await colleague.cancel(issue.issueId);
      expect(cancelled).toMatchObject({ state: 'cancelled', endedAt: NOW, runs: [] });
      // While what the statement waits for is still held.
      await eventually(waitingStatements, (waiting) => waiting === 0);
      await held.release();
      await eventually(
        () => database.adminPool.query('select from graphile_worker._private_jobs'),
        ({ rowCount }) => rowCount === 0,
      );
      for (const table of ['closing_run', 'closing_run_row', 'closing_run_figure']) {
        expect(await count(database.adminPool, table)).toBe(0);
      }
      expect(await own.get(issue.issueId)).toMatchObject({ state: 'cancelled', failure: null });
      expect((await acts()).at(-1)).toBe('staff closing.issue-cancelled');
      await expect(own.cancel(issue.issueId)).rejects.toMatchObject({ code: 'conflict' });
    } finally {
      await held.release().catch(() => undefined);
    }
  });

  it('is seen and cancelled by its own utility alone', async () => {
    await household();
    const own = await desk();
    const { issue } = await own.ask();
    const other = await desk(await createUtility(database.adminPool));
    await expect(other.get(issue.issueId)).rejects.toMatchObject({ code: 'not_found' });
    await expect(other.cancel(issue.issueId)).rejects.toMatchObject({ code: 'not_found' });
    expect(await other.list()).toEqual([]);
    expect((await other.ask()).isNew).toBe(true);
    expect((await own.list()).map(({ issueId, state }) => [issueId, state])).toEqual([
      [issue.issueId, 'waiting'],
    ]);
  });

  it('bars the undoing of register changes while it is made and once it is done, and not when it was cancelled', async () => {
    const { supplyPointId } = await household();
    const own = await desk();
    /** Closings of which rows may have been read after an act. */
    const filed = (afterAct = 0) =>
      transactAs(database.db, utilityId, async (tx) => {
        const { rows } = await sql<{ closesOn: string }>`
          select closes_on as "closesOn" from closing_files_of(${supplyPointId}::integer, '2026-10-01', ${afterAct}::bigint)`.execute(
          tx,
        );
        return rows.map(({ closesOn }) => closesOn);
      });
    await worker();
    const held = await holdFigures();
    try {
      const first = await own.ask();
      await eventually(waitingStatements, (waiting) => waiting === 1, 30_000);
      // Also for an act that came while its rows were read.
      expect([await filed(), await filed((await acts()).length)]).toEqual([
        ['2026-10-20'],
        ['2026-10-20'],
      ]);
      await own.cancel(first.issue.issueId);
      expect(await filed()).toEqual([]);
      await eventually(waitingStatements, (waiting) => waiting === 0);
      const second = await own.ask();
      await eventually(waitingStatements, (waiting) => waiting === 1, 30_000);
      const meanwhile = (await acts()).length;
      await held.release();
      await ended(own, second.issue.issueId);
      expect([await filed(), await filed(meanwhile)]).toEqual([['2026-10-20'], ['2026-10-20']]);
      expect(await filed((await acts()).length)).toEqual([]);
    } finally {
      await held.release().catch(() => undefined);
    }
  });

  it('that is cancelled before its worker comes is never begun', async () => {
    await household();
    const own = await desk();
    const { issue } = await own.ask();
    await own.cancel(issue.issueId);
    await worker();
    await eventually(
      () => database.adminPool.query('select from graphile_worker._private_jobs'),
      ({ rowCount }) => rowCount === 0,
    );
    expect(await acts()).toEqual(['staff closing.issue-asked', 'staff closing.issue-cancelled']);
    expect(await own.runs()).toEqual([]);
  });

  it('fails in words when a row does not fit the wanted file, and issues nothing', async () => {
    await household({ areaName: '髙橋😀' });
    const own = await desk();
    await worker();
    const { issue } = await own.ask({ format: 'office-cp932' });
    expect(await ended(own, issue.issueId)).toMatchObject({
      ...{ state: 'failed', failure: 'does-not-fit', runs: [], endedName: 'worker' },
      faults: [{ field: '2.地区', message: expect.stringContaining('😀') }],
    });
    expect(await own.runs()).toEqual([]);
    expect((await acts()).at(-1)).toBe('system closing.issue-failed');
  });

  it('fails when there is nothing to issue', async () => {
    const own = await desk();
    await worker();
    const { issue } = await own.ask();
    expect(await ended(own, issue.issueId)).toMatchObject({ state: 'failed', failure: 'no-rows' });
  });

  it('fails when the one who asked has no right any more', async () => {
    await household();
    const own = await desk();
    const colleague = await desk();
    const { issue } = await own.ask();
    await database.adminPool.query(
      'update account set disabled_at = now() where utility_id = $1 and account_id = $2',
      [utilityId, own.accountId],
    );
    await worker();
    expect(await ended(colleague, issue.issueId)).toMatchObject({
      ...{ state: 'failed', failure: 'right-ended', attempts: 0 },
    });
    expect(await colleague.runs()).toEqual([]);
  });

  it('is given up when its worker ended again and again', async () => {
    await household();
    const own = await desk();
    const { issue } = await own.ask();
    await database.adminPool.query(
      `update closing_issue set state = 'making', attempts = 5, begun_at = now() where utility_id = $1`,
      [utilityId],
    );
    await worker();
    expect(await ended(own, issue.issueId)).toMatchObject({
      ...{ state: 'failed', failure: 'worker-ended' },
    });
  });

  it('is tried again after a fault, and fails after the third', async () => {
    await household();
    const own = await desk();
    // A row that no query of a closing can read.
    await database.adminPool.query(
      `create function refuse_figures() returns trigger language plpgsql as $$ begin raise exception 'the disk is full'; end $$;
       create trigger refuse_figures before insert on closing_run_figure for each statement execute function refuse_figures()`,
    );
    try {
      await worker();
      const { issue } = await own.ask();
      expect(await ended(own, issue.issueId)).toMatchObject({
        ...{ state: 'failed', failure: 'fault', failureDetail: 'the disk is full', attempts: 3 },
      });
      expect(await own.runs()).toEqual([]);
    } finally {
      await database.adminPool.query('drop function refuse_figures cascade');
    }
  });
});
