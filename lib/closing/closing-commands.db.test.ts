import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { transactAs } from '../../db/client.ts';
import { type TestDatabase, testDatabase } from '../../db/testing.ts';
import {
  createArea,
  createUtility,
  fitHousehold,
  rising,
  storeDay,
} from '../../db/testing-fixtures.ts';
import type { Actor, StaffActor } from '../actor.ts';
import { exportClosing } from './closing-commands.ts';
import type { ClosingFormat } from './closing-file.ts';

let database: TestDatabase;
let utilityId: number;

const SELECTION = {
  closingDay: 20,
  closings: [{ closesOn: '2025-04-20', previousOn: '2025-03-20' }],
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

async function extract(format: ClosingFormat, actor: Actor = staff('billing')) {
  const blocks: Buffer[] = [];
  const counts = await transactAs(database.db, utilityId, (tx) =>
    exportClosing(tx, actor, { selection: SELECTION, kind: { format } }, async (bytes) => {
      blocks.push(bytes);
    }),
  );
  return { counts, text: Buffer.concat(blocks).toString('utf8') };
}

async function audited(): Promise<Record<string, unknown>[]> {
  const { rows } = await database.adminPool.query(
    'select actor, act, subject, detail from audit where utility_id = $1',
    [utilityId],
  );
  return rows;
}

describe('extracting a closing', () => {
  test('yields the whole file and its counts, and is recorded', async () => {
    for (let home = 0; home < 3; home += 1) await homeIn('港町地区');
    const { counts, text } = await extract('machine');
    expect(text.trimEnd().split('\n')).toHaveLength(4);
    expect(counts).toEqual({
      total: 3,
      quality: { actual: 3, substituted: 0, none: 0 },
      remarks: {},
    });
    expect(await audited()).toEqual([
      {
        actor: 'staff:7',
        act: 'closing.exported',
        subject: 'closing-day:20',
        detail: {
          format: 'machine',
          identifiers: null,
          customerNumber: null,
          rounding: null,
          closings: ['2025-04-20'],
          ...counts,
        },
      },
    ]);
  });

  test('is refused to who may not, and nothing is written', async () => {
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
        places: [{ column: 'エリア', value: '𠮷野地区', characters: ['𠮷'] }],
        faults: [{ field: expect.stringMatching(/^[23]\.エリア$/), message: '𠮷 (𠮷野地区)' }],
      },
    });
    expect(await audited()).toEqual([]);
    expect((await extract('office-utf8')).text).toContain('𠮷野地区');
  });

  test('as CP932 is whole where the name that cannot be written is in no row', async () => {
    await homeIn('港町地区');
    await createArea(database.adminPool, utilityId, { name: '𠮷野地区' });
    expect((await extract('office-cp932')).counts.total).toBe(1);
  });

  test('is not recorded when its receiver has gone', async () => {
    await homeIn('港町地区');
    const broken = transactAs(database.db, utilityId, (tx) =>
      exportClosing(tx, staff('admin'), { selection: SELECTION, kind: { format: 'machine' } }, () =>
        Promise.reject(new Error('the receiver has gone')),
      ),
    );
    await expect(broken).rejects.toThrow('the receiver has gone');
    expect(await audited()).toEqual([]);
  });
});
