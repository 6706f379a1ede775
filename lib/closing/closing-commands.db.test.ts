import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readAs, transactAs } from '../../db/client.ts';
import {
  createArea,
  createUtility,
  fitHousehold,
  rising,
  storeDay,
} from '../../db/testing/fixtures.ts';
import { openStaffSession, workInSession } from '../../db/testing/sessions.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import type { Actor, StaffActor } from '../actor.ts';
import { exportClosing } from './closing-commands.ts';
import type { ClosingFormat } from './closing-file.ts';
import type { ExportWork } from './recorded-export-commands.ts';

let database: TestDatabase;
let utilityId: number;

const SELECTION = {
  closingDay: 20,
  closings: [{ closesOn: '2025-04-20', previousOn: '2025-03-20' }],
  now: new Date('2025-05-01T00:00:00+09:00'),
};

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  utilityId = await createUtility(database.adminPool);
});

async function homeIn(areaName: string): Promise<void> {
  const areaId = await createArea(database.adminPool, utilityId, { name: areaName });
  const home = await fitHousehold(database.adminPool, utilityId, { closingDay: 20, areaId });
  for (const day of ['2025-03-20', '2025-04-20']) {
    await storeDay(database.adminPool, utilityId, { ...home, day, indexL: rising(1_000, 10) });
  }
}

const staff = (role: StaffActor['role']): StaffActor => ({
  kind: 'staff',
  utilityId,
  accountId: 7,
  role,
  sessionId: 's',
});

const work: ExportWork = {
  read: (fn) => readAs(database.db, utilityId, fn),
  record: (fn) => transactAs(database.db, utilityId, fn),
  issue: (fn) => transactAs(database.db, utilityId, fn),
};

const NOW = new Date('2025-04-21T09:00:00+09:00');
const MACHINE = { selection: SELECTION, kind: { format: 'machine' }, now: NOW } as const;

async function extract(format: ClosingFormat, actor: Actor = staff('billing')) {
  const blocks: Buffer[] = [];
  const input = { selection: SELECTION, kind: { format }, now: NOW };
  const { counts } = await exportClosing(work, actor, input, async (bytes) => {
    blocks.push(bytes);
  });
  return { counts, text: Buffer.concat(blocks).toString('utf8') };
}

interface Audited {
  act: string;
  detail: Record<string, unknown>;
}

async function audited(): Promise<Audited[]> {
  const { rows } = await database.adminPool.query(
    'select actor, act, subject, detail from audit where utility_id = $1',
    [utilityId],
  );
  return rows;
}

describe('exporting a closing', () => {
  const NONE_BUT_ACTUAL = {
    ...{ actual: 3, awaited: 0, substituted: 0, none: 0, estimated: 0, certified: 0, entered: 0 },
  };

  test('writes the whole file and its counts, and is recorded', async () => {
    for (let home = 0; home < 3; home += 1) await homeIn('港町地区');
    const { counts, text } = await extract('machine');
    expect(text.trimEnd().split('\n')).toHaveLength(4);
    expect(counts).toEqual({
      ...{ total: 3, final: 0, toCheck: 0, reasons: {}, remarks: {}, awaitedUntil: null },
      quality: NONE_BUT_ACTUAL,
      account: { ...NONE_BUT_ACTUAL, final: 0, held: 0, nothing: 0 },
    });
    const input = {
      export: expect.stringMatching(/^[0-9a-f-]{36}$/),
      format: 'machine',
      identifiers: null,
      customerNumber: null,
      rounding: null,
      closings: ['2025-04-20'],
    };
    const [begun, issued, finished] = await audited();
    const common = { actor: 'staff:7', subject: 'closing-day:20' };
    expect(begun).toEqual({ ...common, act: 'closing.export-begun', detail: input });
    const { run } = issued!.detail;
    const ofRun = { export: begun?.detail.export, rows: 3, supersedes: null };
    expect(issued).toMatchObject({ ...common, act: 'closing.issued', detail: ofRun });
    const detail = { ...input, export: begun?.detail.export, ...counts, runs: [run] };
    expect(finished).toEqual({ ...common, act: 'closing.exported', detail });
  });

  test('is refused without the right, and nothing is written', async () => {
    await homeIn('港町地区');
    await expect(extract('machine', staff('analyst'))).rejects.toMatchObject({ code: 'forbidden' });
    expect(await audited()).toEqual([]);
  });

  test('refuses another utility’s actor', async () => {
    const foreign: Actor = { kind: 'system', utilityId: utilityId + 1, name: 'test' };
    await expect(extract('machine', foreign)).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('as CP932 names each row with a character that it lacks, before anything is written', async () => {
    await homeIn('港町地区');
    await homeIn('𠮷野地区');
    await expect(extract('office-cp932')).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('choose UTF-8'),
      details: {
        encodingFaults: [{ column: '地区', value: '𠮷野地区', characters: ['𠮷'] }],
        faults: [{ field: expect.stringMatching(/^[23]\.地区$/), message: '𠮷 (𠮷野地区)' }],
      },
    });
    expect(await audited()).toEqual([]);
    expect((await extract('office-utf8')).text).toContain('𠮷野地区');
  });

  test('as CP932 is complete when the name that cannot be written is in no row', async () => {
    await homeIn('港町地区');
    await createArea(database.adminPool, utilityId, { name: '𠮷野地区' });
    expect((await extract('office-cp932')).counts.total).toBe(1);
  });

  test('is recorded in the audit before its first byte, and issued before its first row', async () => {
    await homeIn('港町地区');
    const seen: string[][] = [];
    await exportClosing(work, staff('admin'), MACHINE, async () => {
      seen.push((await audited()).map(({ act }) => act));
    });
    expect(seen).toEqual([['closing.export-begun'], ['closing.export-begun', 'closing.issued']]);
  });

  test.each([
    ['whole', ['closing.issued', 'closing.exported']],
    ['broken off', ['closing.export-broken-off']],
  ])('is recorded to its end when its actor signs out meanwhile: %s', async (how, acts) => {
    await homeIn('港町地区');
    const session = await openStaffSession(database.adminPool, utilityId, 'billing');
    const { read, transact } = workInSession(database, session.token);
    const actor = { ...staff('billing'), accountId: session.accountId };
    const made = exportClosing(
      { read, record: transact, issue: transact },
      actor,
      MACHINE,
      async () => {
        await database.adminPool.query(
          'update session set revoked_at = now() where session_id = $1',
          [session.sessionId],
        );
        if (how === 'broken off') throw new Error('the receiver has gone');
      },
    );
    await made.catch(({ message }: Error) => expect(message).toBe('the receiver has gone'));
    expect((await audited()).map((one) => one.act)).toEqual(['closing.export-begun', ...acts]);
  });

  test('is recorded to its end once when its connection was lost', async () => {
    await homeIn('港町地区');
    const pids: number[] = [];
    const record: ExportWork['record'] = (fn) =>
      work.record(async (tx) => {
        const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
        pids.push(rows[0]!.pid);
        await fn(tx);
      });
    const { counts } = await exportClosing(
      { ...work, record },
      staff('admin'),
      MACHINE,
      async () => {
        await database.adminPool.query('select pg_terminate_backend($1)', [pids.at(-1)]);
      },
    );
    expect(counts.total).toBe(1);
    expect((await audited()).map(({ act }) => act)).toEqual([
      'closing.export-begun',
      'closing.issued',
      'closing.exported',
    ]);
  });

  test.each([
    [0, 0],
    [1, 1_000],
    [2, 1_500],
  ])(
    'that is aborted after %i blocks is recorded with the %i rows that were handed over',
    async (blocks, rows) => {
      const areaId = await createArea(database.adminPool, utilityId);
      await manySupplyPoints(areaId, 1_500);
      let written = 0;
      const broken = exportClosing(work, staff('admin'), MACHINE, async () => {
        if (written >= blocks) throw new Error('the receiver has gone');
        written += 1;
      });
      await expect(broken).rejects.toThrow('the receiver has gone');
      const acts = await audited();
      const [begun, off] = [acts[0], acts.at(-1)];
      expect(begun?.act).toBe('closing.export-begun');
      // Nothing is issued of which the receiver took nothing.
      expect(acts.some(({ act }) => act === 'closing.issued')).toBe(blocks > 0);
      expect(off).toMatchObject({
        act: 'closing.export-broken-off',
        detail: {
          export: begun?.detail.export,
          givenRows: rows,
          reason: 'the receiver has gone',
        },
      });
    },
  );
});

/** Inserts supply points with a customer and nothing else, in one statement. */
async function manySupplyPoints(areaId: number, count: number): Promise<void> {
  await database.adminPool.query(
    `with place as (
       insert into supply_point (utility_id, number, area_id, gas_kind, closing_day, opened_on)
       select $1, 'P' || k, $2, 'city', 20, '2020-01-01' from generate_series(1, $3::integer) k
       returning supply_point_id, number
     )
     insert into occupancy (utility_id, supply_point_id, customer_number, from_on)
     select $1, supply_point_id, 'C' || number, '2020-01-01' from place`,
    [utilityId, areaId, count],
  );
}
