// Layouts of closing files: stored in versions, removed and brought back, and files of runs written with each version.
import iconv from 'iconv-lite';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readAs, transactAs } from '../../db/client.ts';
import { createUtility, fitHousehold } from '../../db/testing/fixtures.ts';
import { openStaffSession, workInSession } from '../../db/testing/sessions.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import type { Actor, StaffRole } from '../actor.ts';
import { exportClosing } from '../closing/closing-commands.ts';
import { closingCalendar } from '../closing/closing-day.ts';
import { getFileKind } from '../closing/file-choice-queries.ts';
import type { FileKind } from '../closing/file-kind.ts';
import type { ExportWork } from '../closing/recorded-export-commands.ts';
import { exportRun } from '../closing/run-file-commands.ts';
import { getRun } from '../closing/run-queries.ts';
import type { LayoutBody } from './layout.ts';
import { removeLayout, restoreLayout, saveLayout } from './layout-commands.ts';
import { LAYOUT_PRESETS } from './layout-presets.ts';
import { getLayoutIdByName, getStoredLayout, listLayouts } from './layout-queries.ts';

let database: TestDatabase;
let utilityId: number;
const NOW = new Date('2026-12-24T09:00:00+09:00');
const minutes = (count: number) => new Date(NOW.getTime() + count * 60_000);
const office = (): Actor => ({ kind: 'system', utilityId, name: 'test' });

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  utilityId = await createUtility(database.adminPool);
});

const BODY: LayoutBody = {
  ...LAYOUT_PRESETS['import-cp932'],
  columns: [{ field: 'customerNumber', header: 'お客様番号' }],
};
const WIDE: LayoutBody = {
  ...BODY,
  columns: [{ field: 'customerNumber', header: '顧客', digits: 12 }],
};

const save = (name: string, body = BODY, of?: { layoutId: number; version: number }) =>
  transactAs(database.db, utilityId, (tx) =>
    saveLayout(tx, office(), { name, body, now: NOW, of }),
  );
const list = () => readAs(database.db, utilityId, (db) => listLayouts(db, office()));
const remove = (layoutId: number) =>
  transactAs(database.db, utilityId, (tx) => removeLayout(tx, office(), { layoutId, now: NOW }));
const restore = (layoutId: number) =>
  transactAs(database.db, utilityId, (tx) => restoreLayout(tx, office(), { layoutId }));

async function actsOf(): Promise<string[]> {
  const { rows } = await database.adminPool.query<{ act: string }>(
    `select act from audit where utility_id = $1 and act like 'closing-layout.%' order by audit_id`,
    [utilityId],
  );
  return rows.map(({ act }) => act);
}

describe('a layout', () => {
  it('is stored in versions, of which each can be asked for', async () => {
    const first = await save('販売管理');
    expect(first).toMatchObject({ name: '販売管理', version: 1, body: BODY, madeName: 'test' });
    const second = await save('会計', WIDE, first);
    expect(second).toMatchObject({
      layoutId: first.layoutId,
      name: '会計',
      version: 2,
      body: WIDE,
    });
    const version = (number?: number) =>
      readAs(database.db, utilityId, (db) =>
        getStoredLayout(db, office(), { layoutId: first.layoutId, version: number }),
      );
    expect(await version(1)).toMatchObject({ version: 1, name: '販売管理', body: BODY });
    expect(await version()).toMatchObject({ version: 2, name: '会計', body: WIDE });
    await expect(version(3)).rejects.toMatchObject({ code: 'not_found' });
    expect(await actsOf()).toEqual(['closing-layout.saved', 'closing-layout.saved']);
  });

  it('is not changed by a person who saw an older version', async () => {
    const first = await save('販売管理');
    await save('販売管理', WIDE, first);
    await expect(save('販売管理', BODY, first)).rejects.toMatchObject({
      ...{ code: 'conflict', details: { constraint: 'closing_layout_latest' } },
    });
    expect(await list()).toMatchObject([{ version: 2, body: WIDE }]);
  });

  it('has a name of its own among those that are offered', async () => {
    const first = await save('販売管理');
    await expect(save('販売管理')).rejects.toMatchObject({ code: 'conflict' });
    await remove(first.layoutId);
    await save('販売管理');
    await expect(restore(first.layoutId)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('is removed and brought back; once removed no new file is made with it', async () => {
    const { layoutId } = await save('販売管理');
    expect(await remove(layoutId)).toMatchObject({ removedAt: NOW });
    const kind = (layoutVersion?: number) =>
      readAs(database.db, utilityId, (db) =>
        getFileKind(db, office(), { format: 'layout', layout: layoutId, layoutVersion }),
      );
    await expect(kind()).rejects.toMatchObject({ code: 'not_found' });
    expect(await kind(1)).toMatchObject({ layout: { version: 1 } });
    await expect(remove(layoutId)).rejects.toMatchObject({ code: 'conflict' });
    expect(await restore(layoutId)).toMatchObject({ removedAt: null });
    expect(await kind()).toMatchObject({ layout: { version: 1 } });
  });

  it('with a fault is refused at its field, and leaves nothing', async () => {
    const body: LayoutBody = { ...BODY, form: 'fixed' };
    await expect(save('販売管理', body)).rejects.toMatchObject({
      ...{ code: 'invalid_input', details: { faults: [{ field: 'body.columns.0.width' }] } },
    });
    expect(await list()).toEqual([]);
  });

  it('that cannot be read is listed without its body, writes no file, and can be removed', async () => {
    const { layoutId } = await save('販売管理');
    const spoil = (body: string) =>
      transactAs(database.db, utilityId, (tx) =>
        sql<{
          layoutId: number;
        }>`select save_closing_layout(null::integer, null::integer, ${body.slice(0, 9)}::text, ${body}::json,
          ${NOW}, 'system:test') as "layoutId"`.execute(tx),
      );
    const [spoiled] = (await spoil('{"columns": 7}')).rows;
    const named = { layoutId: spoiled?.layoutId ?? 0 };
    expect(await list()).toMatchObject([
      { ...named, body: null },
      { layoutId, body: BODY },
    ]);
    await expect(
      readAs(database.db, utilityId, (db) => getStoredLayout(db, office(), named)),
    ).rejects.toMatchObject({ code: 'conflict' });
    expect(await remove(named.layoutId)).toMatchObject({ body: null, removedAt: NOW });
    await expect(spoil(`["${'x'.repeat(200_000)}"]`)).rejects.toThrow(/check constraint/);
  });

  it('is found by its name, and an unknown name is told with those that there are', async () => {
    const { layoutId } = await save('販売管理');
    const byName = (name: string) =>
      readAs(database.db, utilityId, (db) => getLayoutIdByName(db, office(), { name }));
    expect(await byName('販売管理')).toBe(layoutId);
    await expect(byName('会計')).rejects.toThrow(/"会計".*販売管理/);
  });

  it('is changed by administrators and billing alone, and by no other utility', async () => {
    const tries = async (role: StaffRole) => {
      const { accountId, sessionId, token } = await openStaffSession(
        database.adminPool,
        utilityId,
        role,
      );
      const actor = { kind: 'staff', utilityId, accountId, role, sessionId } as const;
      return workInSession(database, token).transact((tx) =>
        saveLayout(tx, actor, { name: role, body: BODY, now: NOW }),
      );
    };
    expect(await tries('admin')).toMatchObject({ name: 'admin' });
    expect(await tries('billing')).toMatchObject({ name: 'billing' });
    await expect(tries('analyst')).rejects.toMatchObject({ code: 'forbidden' });
    const own = await save('販売管理');
    const other = await createUtility(database.adminPool);
    const stranger: Actor = { kind: 'system', utilityId: other, name: 'test' };
    await expect(
      transactAs(database.db, other, (tx) => removeLayout(tx, stranger, { ...own, now: NOW })),
    ).rejects.toMatchObject({ code: 'not_found' });
    const key: Actor = { kind: 'key', utilityId, keyId: 1, name: 'x', scopes: ['closing.export'] };
    await expect(
      transactAs(database.db, utilityId, (tx) =>
        saveLayout(tx, key, { name: 'x', body: BODY, now: NOW }),
      ),
    ).rejects.toMatchObject({ code: 'forbidden' });
  });
});

describe('the file of a run', () => {
  const work = (): ExportWork => ({
    read: (fn) => readAs(database.db, utilityId, fn),
    record: (fn) => transactAs(database.db, utilityId, fn),
    issue: (fn) => transactAs(database.db, utilityId, fn),
  });
  const kindOf = (layout: number, layoutVersion?: number): Promise<FileKind> =>
    readAs(database.db, utilityId, (db) =>
      getFileKind(db, office(), { format: 'layout', layout, layoutVersion }),
    );
  const { closings } = closingCalendar(
    { closingDay: 20, fromMonth: '2026-10', toMonth: '2026-10' },
    NOW,
  );

  async function issue(kind: FileKind) {
    let bytes = Buffer.alloc(0);
    const input = { selection: { closingDay: 20, closings, now: NOW }, kind, now: NOW };
    const { runs } = await exportClosing(work(), office(), input, async (part) => {
      bytes = Buffer.concat([bytes, part]);
    });
    return { runs, bytes };
  }

  async function again(runId: number, kind: FileKind, now: Date): Promise<Buffer> {
    let bytes = Buffer.alloc(0);
    await exportRun(work(), office(), { runId, kind, now }, async (part) => {
      bytes = Buffer.concat([bytes, part]);
    });
    return bytes;
  }

  it('notes the version it was written with, by which it is written again byte for byte', async () => {
    const { customerNumber } = await fitHousehold(database.adminPool, utilityId, {
      closingDay: 20,
    });
    const layout = await save('販売管理');
    const { layoutId } = layout;
    const first = await issue(await kindOf(layoutId));
    expect(iconv.decode(first.bytes, 'cp932')).toBe(`お客様番号\r\n${customerNumber}\r\n`);
    const runId = first.runs[0]?.runId ?? 0;
    await save('販売管理', WIDE, layout);
    expect(await again(runId, await kindOf(layoutId, 1), minutes(1))).toEqual(first.bytes);
    const second = await again(runId, await kindOf(layoutId), minutes(2));
    expect(second).not.toEqual(first.bytes);
    const run = await readAs(database.db, utilityId, (db) => getRun(db, office(), runId));
    const named = (version: number) => ({ layoutId, version, name: '販売管理' });
    expect(run.files.map((file) => file.layout)).toEqual([named(2), named(1), named(1)]);
  });

  it('of rows that do not fit is refused before anything is issued', async () => {
    await fitHousehold(database.adminPool, utilityId, { closingDay: 20 });
    const { layoutId } = await save('販売管理', {
      ...BODY,
      ...{ form: 'fixed', header: false },
      columns: [{ field: 'customerNumber', header: '顧客', width: 2 }],
    });
    await expect(issue(await kindOf(layoutId))).rejects.toMatchObject({
      code: 'invalid_input',
      details: { faults: [{ field: '1.顧客' }] },
    });
    const { rowCount } = await database.adminPool.query(
      'select from closing_run where utility_id = $1',
      [utilityId],
    );
    expect(rowCount).toBe(0);
  });
});
