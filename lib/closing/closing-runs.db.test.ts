// Runs of closings: issued once, re-issued with the changed rows named, and never changed.
import { afterEach, describe, expect, it } from 'vitest';
import { readAs, transactAs } from '../../db/client.ts';
import { createUtility, fitHousehold, type Household } from '../../db/testing/fixtures.ts';
import {
  issueKey,
  openStaffSession,
  workInSession,
  workWithKey,
} from '../../db/testing/sessions.ts';
import type { Actor } from '../actor.ts';
import { exportClosing } from './closing-commands.ts';
import type { ExportWork } from './recorded-export-commands.ts';
import { issueClosings } from './run-commands.ts';
import { listRunChanges, listRunDifferences } from './run-difference-queries.ts';
import { exportRun } from './run-file-commands.ts';
import { getRun, listRunRows, listRuns } from './run-queries.ts';
import {
  arrangeRuns,
  arrive,
  database,
  exportOf,
  issue,
  NOW,
  office,
  steadyDays,
  utilityId,
  workOf,
} from './testing-runs.ts';

arrangeRuns();

const LINE = { since: '2026-09-21', fromL: 1_153_600, perHourL: 200 };
const home = (): Promise<Household> =>
  fitHousehold(database.adminPool, utilityId, { closingDay: 20 });
const days = (device: Household, from: string, to: string, line = LINE) =>
  steadyDays(device, { from, to }, line);
const PAGE = { offset: 0, limit: 10 };

const read = <T>(fn: Parameters<typeof readAs<T>>[2]): Promise<T> =>
  readAs(database.db, utilityId, fn);
const runsOf = (closesOn: string) =>
  read((db) => listRuns(db, office(), { ...PAGE, closesOn })).then(({ rows }) => rows);

async function again(runId: number): Promise<string> {
  let text = '';
  const input = { runId, kind: { format: 'machine' }, now: NOW } as const;
  await exportRun(workOf(), office(), input, async (bytes) => {
    text += bytes.toString();
  });
  return text;
}

const acts = async (): Promise<string[]> => {
  const { rows } = await database.adminPool.query<{ act: string }>(
    'select act from audit where utility_id = $1 order by audit_id',
    [utilityId],
  );
  return rows.map(({ act }) => act);
};

describe('a closing that was issued', () => {
  it('has a run with what it was made of, its counts, its checksum and its files', async () => {
    const place = await home();
    await arrive(days(place, '2026-09-20', '2026-10-20'));
    const { runs, text } = await issue({ from: '2026-10' });
    const [run] = await runsOf('2026-10-20');
    expect(run).toMatchObject({
      ...{ runId: runs[0]?.runId, closingDay: 20, previousOn: '2026-09-20', state: 'issued' },
      ...{ customerNumber: null, rounding: null, rules: 1, supersedes: null, supersededAt: null },
      ...{ issuedBy: 'system:test', issuedName: 'test', issuedAt: NOW },
      counts: { total: 1, quality: { actual: 1 } },
      checksum: runs[0]?.checksum.toString('hex'),
      files: [{ format: 'machine', identifiers: null, madeBy: 'system:test', madeAt: NOW }],
    });
    const stored = await read((db) =>
      listRunRows(db, office(), { runId: run!.runId, show: 'all', ...PAGE }),
    );
    expect(stored).toMatchObject({
      total: 1,
      rows: [{ customerNumber: place.customerNumber, indexL: 1_297_600, usageL: 144_000 }],
    });
    expect(text).toContain(`${place.customerNumber},`);
  });

  it('is issued again as the same run while nothing has changed', async () => {
    const place = await home();
    await arrive(days(place, '2026-09-20', '2026-10-20'));
    const first = await issue({ from: '2026-10' });
    const second = await issue({ from: '2026-10' });
    expect(second.runs).toMatchObject([{ runId: first.runs[0]?.runId, isNew: false }]);
    expect(second.text).toBe(first.text);
    const [run, ...others] = await runsOf('2026-10-20');
    expect(others).toEqual([]);
    expect(run?.files).toHaveLength(2);
  });

  it('lists what is different since, and is superseded by a re-issue that names it', async () => {
    const [late, whole, corrected] = [await home(), await home(), await home()];
    await arrive(days(late, '2026-09-18', '2026-10-09'));
    await arrive(days(whole, '2026-09-20', '2026-10-20'));
    await arrive(days(corrected, '2026-09-20', '2026-10-20'));
    const first = await issue({ from: '2026-10' });
    const { runId } = first.runs[0]!;
    const since = () =>
      read((db) => listRunDifferences(db, office(), { runId, ...PAGE, now: NOW }));
    expect(await since()).toEqual({ total: 0, rows: [] });
    await arrive(days(late, '2026-10-10', '2026-10-20'));
    await arrive(days(corrected, '2026-10-20', '2026-10-20', { ...LINE, fromL: LINE.fromL - 100 }));
    const differences = await since();
    expect(differences.total).toBe(2);
    expect(differences.rows).toMatchObject([
      {
        ...{ customerNumber: late.customerNumber, reasons: ['late'] },
        before: { indexL: 1_244_800, usageL: 91_200, quality: 'substituted' },
        after: { indexL: 1_297_600, usageL: 144_000, quality: 'actual' },
      },
      {
        ...{ customerNumber: corrected.customerNumber, reasons: ['corrected'] },
        before: { usageL: 144_000 },
        after: { usageL: 143_900 },
      },
    ]);
    const second = await issue({ from: '2026-10' });
    expect(second.runs).toMatchObject([{ isNew: true, supersedes: runId }]);
    const changes = await read((db) =>
      listRunChanges(db, office(), { runId: second.runs[0]!.runId, ...PAGE }),
    );
    expect(changes).toEqual(differences);
    expect((await runsOf('2026-10-20')).map(({ state }) => state)).toEqual([
      'issued',
      'superseded',
    ]);
    // The file of each run as it was.
    expect(await again(runId)).toBe(first.text);
    expect(await again(second.runs[0]!.runId)).toBe(second.text);
  });

  it('keeps a row from which a later closing was billed, in other roundings too', async () => {
    const place = await home();
    await arrive(days(place, '2026-09-18', '2026-10-09'));
    const october = await issue({ from: '2026-10' });
    await arrive(days(place, '2026-10-10', '2026-11-20'));
    const november = await issue({ from: '2026-11' });
    const both = await issue({ from: '2026-10', to: '2026-11' });
    expect(both.runs.map(({ isNew }) => isNew)).toEqual([false, false]);
    expect(both.rows).toEqual([...october.rows, ...november.rows]);
    const rounded = await issue({
      ...{ from: '2026-10', to: '2026-11', rounding: 'difference-of-floors-0.1' },
    });
    expect(rounded.rows.map((row) => [row.index_l, row.usage_l, row.usage_m3])).toEqual([
      ['1244800', '91200', '91.2'],
      ['1446400', '201600', '201.6'],
    ]);
  });

  it('may be issued anew when the closing after it billed nothing', async () => {
    const place = await home();
    await arrive(days(place, '2026-09-20', '2026-10-09'));
    const high = { ...LINE, fromL: LINE.fromL + 200_000 };
    await arrive(days(place, '2026-10-20', '2026-10-20', high));
    await issue({ from: '2026-10' });
    await arrive(days(place, '2026-10-19', '2026-11-20'), '2026-11-10T00:00:00+09:00');
    expect((await issue({ from: '2026-11' })).rows).toMatchObject([{ usage_l: '' }]);
    const [october, november] = (await issue({ from: '2026-10', to: '2026-11' })).rows;
    expect(october).toMatchObject({ usage_l: '144000' });
    expect(november).toMatchObject({ previous_index_l: '1297600', usage_l: '148800' });
  });

  it('names a row that came and one that went', async () => {
    const [stays, goes] = [await home(), await home()];
    await arrive([...days(stays, '2026-09-20', '2026-10-20')]);
    await arrive([...days(goes, '2026-09-20', '2026-10-20')]);
    const { runs } = await issue({ from: '2026-10' });
    await database.adminPool.query(
      'update supply_point set closing_day = 5 where supply_point_id = $1',
      [goes.supplyPointId],
    );
    const comes = await home();
    const { rows } = await read((db) =>
      listRunDifferences(db, office(), { runId: runs[0]!.runId, ...PAGE, now: NOW }),
    );
    expect(rows).toMatchObject([
      { customerNumber: goes.customerNumber, after: null, reasons: ['register'] },
      { customerNumber: comes.customerNumber, before: null, reasons: ['register'] },
    ]);
  });
});

describe('the file of a stored run', () => {
  it('is recorded by acts of its own, on which no exchange rests', async () => {
    const place = await home();
    await arrive(days(place, '2026-09-20', '2026-10-20'));
    const { runs } = await issue({ from: '2026-10' });
    await again(runs[0]!.runId);
    expect((await acts()).slice(-2)).toEqual([
      'closing.run-file-begun',
      'closing.run-file-exported',
    ]);
  });

  it('is broken off when its rows are not those that were issued', async () => {
    const place = await home();
    await arrive(days(place, '2026-09-20', '2026-10-20'));
    const { runs } = await issue({ from: '2026-10' });
    const { runId } = runs[0]!;
    await database.adminPool.query('alter table closing_run_figure disable trigger refuse_change');
    afterEach(() =>
      database.adminPool.query('alter table closing_run_figure enable trigger refuse_change'),
    );
    await database.adminPool.query(
      'update closing_run_figure set usage_l = 1 where utility_id = $1 and run_id = $2',
      [utilityId, runId],
    );
    await expect(again(runId)).rejects.toThrow(`rows of run ${runId} are not those`);
    expect((await acts()).at(-1)).toBe('closing.run-file-broken-off');
  });

  it('is not found for a run of another utility', async () => {
    const place = await home();
    await arrive(days(place, '2026-09-20', '2026-10-20'));
    const { runs } = await issue({ from: '2026-10' });
    const other = await createUtility(database.adminPool);
    const foreign = { ...office(), utilityId: other };
    const input = { runId: runs[0]!.runId, kind: { format: 'machine' }, now: NOW } as const;
    await expect(
      exportRun(workOf(foreign), foreign, input, async () => undefined),
    ).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('issuing', () => {
  it('twice at the same time makes one run, and both files say the same', async () => {
    const place = await home();
    await arrive(days(place, '2026-09-20', '2026-10-20'));
    const both = await Promise.all([issue({ from: '2026-10' }), issue({ from: '2026-10' })]);
    expect(both[0].text).toBe(both[1].text);
    expect(
      both.map(({ runs }) => runs[0]?.runId).filter((id, at, all) => all.indexOf(id) === at),
    ).toHaveLength(1);
    expect(both.map(({ runs }) => runs[0]?.isNew).sort()).toEqual([false, true]);
    expect((await acts()).filter((act) => act === 'closing.issued')).toHaveLength(1);
  });

  it('leaves nothing when the receiver takes not even the head', async () => {
    const place = await home();
    await arrive(days(place, '2026-09-20', '2026-10-20'));
    const broken = exportClosing(workOf(), office(), exportOf({ from: '2026-10' }), async () => {
      throw new Error('the receiver has gone');
    });
    await expect(broken).rejects.toThrow('the receiver has gone');
    expect(await runsOf('2026-10-20')).toEqual([]);
    expect(await acts()).toEqual(['closing.export-begun', 'closing.export-broken-off']);
  });

  it.each(['analyst', 'consumer'] as const)('is refused to one who may not: %s', async (role) => {
    const actor =
      role === 'analyst'
        ? ({ kind: 'staff', utilityId, accountId: 1, role, sessionId: 'x' } as const)
        : ({
            kind: 'consumer',
            utilityId,
            occupancyId: 1,
            customerNumber: '1',
            sessionId: 'x',
          } as const);
    await home();
    const refused = { code: 'forbidden' };
    await expect(issue({ from: '2026-10' }, actor)).rejects.toMatchObject(refused);
    const { selection, kind } = exportOf({ from: '2026-10' });
    const input = { selection, kind, exportId: 'e', now: NOW };
    await expect(
      transactAs(database.db, utilityId, (tx) => issueClosings(tx, actor, input)),
    ).rejects.toMatchObject(refused);
    await expect(read((db) => getRun(db, actor, 1))).rejects.toMatchObject(refused);
    await expect(
      read((db) => listRunDifferences(db, actor, { runId: 1, ...PAGE, now: NOW })),
    ).rejects.toMatchObject(refused);
  });

  it('refuses another utility’s actor', async () => {
    const foreign = { ...office(), utilityId: utilityId + 1 };
    const { selection, kind } = exportOf({ from: '2026-10' });
    const input = { selection, kind, exportId: 'e', now: NOW };
    await expect(
      transactAs(database.db, utilityId, (tx) => issueClosings(tx, foreign, input)),
    ).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('works in a session of the billing desk, and by a key that may have the file', async () => {
    const place = await home();
    await arrive(days(place, '2026-09-20', '2026-11-20'));
    const session = await openStaffSession(database.adminPool, utilityId, 'billing');
    const staff = { kind: 'staff', utilityId, role: 'billing', ...session } as const;
    const key = await issueKey(database.adminPool, utilityId, ['closing.export']);
    const program: Actor = {
      ...{ kind: 'key' as const, utilityId, keyId: key.keyId, name: 'a system' },
      scopes: ['closing.export'],
    };
    const by = async (actor: Actor, { read, transact }: ReturnType<typeof workInSession>) => {
      const work: ExportWork = { read, record: transact, issue: transact };
      const month = actor.kind === 'staff' ? '2026-10' : '2026-11';
      return exportClosing(work, actor, exportOf({ from: month }), async () => undefined);
    };
    await by(staff, workInSession(database, session.token));
    await by(program, workWithKey(database, key.key));
    const [october] = await runsOf('2026-10-20');
    expect(october).toMatchObject({ issuedBy: `staff:${session.accountId}` });
    const [november] = await runsOf('2026-11-20');
    expect(november).toMatchObject({ issuedBy: `key:${key.keyId}`, issuedName: 'a system' });
  });
});
