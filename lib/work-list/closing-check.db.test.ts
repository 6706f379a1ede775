// Rows to check of closings beside the readings in doubt: together they are all that the closing says cannot be billed as
// it stands.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAs, transactAs } from '../../db/client.ts';
import {
  createUtility,
  fitHousehold,
  fitMeter,
  type Household,
} from '../../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import { getClosingPreview } from '../closing/closing-preview-queries.ts';
import { issueClosings } from '../closing/run-commands.ts';
import { validateAll } from '../validation/testing-validate.ts';
import { listClosingChecks } from './closing-check-queries.ts';
import { spoil, storeHours } from './testing-work-list.ts';
import { listWork } from './work-list-queries.ts';

const NOW = new Date('2026-11-15T12:00:00+09:00');

let database: TestDatabase;
let utilityId: number;
/** Customer numbers by what is wrong with their readings. */
const customers: Record<string, string> = {};

const system = () => ({ kind: 'system', utilityId, name: 'test' }) as const;

async function home(name: string): Promise<Household> {
  const fitted = await fitHousehold(database.adminPool, utilityId, { closingDay: 31 });
  customers[name] = fitted.customerNumber;
  return fitted;
}

beforeAll(async () => {
  database = await testDatabase();
  const admin = database.adminPool;
  utilityId = await createUtility(admin);
  const sound = (_day: string, _hour: number, soundL: number) => soundL;
  await storeHours(admin, utilityId, await home('sound'), sound);
  const ones = await home('all ones at the closing');
  await storeHours(admin, utilityId, ones, spoil({ '2026-10-31 24': 16_777_215 }));
  const step = await home('step');
  await storeHours(admin, utilityId, step, (day, _hour, soundL) =>
    day >= '2026-10-05' ? soundL + 500_000 : soundL,
  );
  // In doubt within the month, which changes no sum: on the list, and nothing to check of the row.
  const within = await home('all ones within');
  await storeHours(admin, utilityId, within, spoil({ '2026-10-10 5': 16_777_215 }));
  await home('never read');
  const corrected = await home('corrected');
  await storeHours(admin, utilityId, corrected, sound);
  await admin.query(
    `insert into meter_day_revision (utility_id, meter_id, day, revision, change, index_l, pressure_pa, terminal_id, counter, frame_check, received_at,
                                     arrival, superseded_at)
     select utility_id, meter_id, day, 0, 'corrected', index_l, pressure_pa, terminal_id, 1, 0, received_at, 1, '2026-11-10'
     from series.meter_day where meter_id = $1 and day = '2026-10-31'`,
    [corrected.meterId],
  );
  // An exchange whose registers were not noted, and no hour is known of the new meter before the closing.
  const exchanged = await home('exchanged without registers');
  await storeHours(admin, utilityId, exchanged, sound);
  await admin.query(
    `update meter_fitting set removed_at = '2026-10-20T10:00:00+09:00' where meter_id = $1`,
    [exchanged.meterId],
  );
  await fitMeter(admin, utilityId, {
    supplyPointId: exchanged.supplyPointId,
    fittedAt: '2026-10-20T10:00:00+09:00',
  });
  await admin.query('update meter set dial_l = 100000000, size = 6 where utility_id = $1', [
    utilityId,
  ]);
  await validateAll(database, utilityId, NOW);
});
afterAll(() => database.close());

const checks = () =>
  readAs(database.db, utilityId, (read) =>
    listClosingChecks(read, system(), { now: NOW, offset: 0, limit: 50 }),
  );

function preview() {
  const input = { closingDay: 31, month: '2026-10', show: 'check', offset: 0, limit: 50 } as const;
  return readAs(database.db, utilityId, (read) =>
    getClosingPreview(read, system(), { ...input, now: NOW }),
  );
}

describe('what a closing says is to be checked', () => {
  it('is on the work-list whole: as a reading in doubt, or as a row', async () => {
    const { rows: toCheck, toCheck: count } = await preview();
    const rows = await checks();
    const readings = await readAs(database.db, utilityId, (read) =>
      listWork(read, system(), { order: 'litres', limit: 50, now: NOW }),
    );
    const listed = new Set([
      ...rows.rows.map(({ row }) => row.customerNumber),
      ...readings.rows.map(({ customerNumber }) => customerNumber),
    ]);
    expect(toCheck.map(({ customerNumber }) => listed.has(customerNumber))).toEqual(
      toCheck.map(() => true),
    );
    const names = Object.entries(customers);
    const nameOf = (customer: string) => names.find(([, number]) => number === customer)?.[0];
    expect(toCheck.map(({ customerNumber }) => nameOf(customerNumber)).toSorted()).toEqual([
      ...['all ones at the closing', 'corrected', 'exchanged without registers', 'never read'],
      'step',
    ]);
    expect(rows.rows.map((each) => [nameOf(each.row.customerNumber), each.reasons])).toEqual([
      ['never read', ['none']],
      ['corrected', ['corrected']],
      ['exchanged without registers', expect.arrayContaining(['none'])],
    ]);
    expect({ count, listed: rows.toCheck }).toEqual({ count: 5, listed: 5 });
    expect(rows.closings).toEqual([{ closingDay: 31, closesOn: '2026-10-31' }]);
    expect(rows.shown).toEqual(rows.closings[0]);
  });

  it('is on it no longer once the closing was issued', async () => {
    const closing = { closesOn: '2026-10-31', previousOn: '2026-09-30' };
    await transactAs(database.db, utilityId, (tx) =>
      issueClosings(tx, system(), {
        selection: { closingDay: 31, closings: [closing], now: NOW },
        kind: { format: 'machine' },
        ...{ exportId: randomUUID(), now: NOW },
      }),
    );
    expect(await checks()).toMatchObject({ closings: [], shown: null, total: 0, rows: [] });
  });

  it('is for those who may read closings', async () => {
    const actor = { kind: 'staff', utilityId, accountId: 1, role: 'analyst', sessionId: 'x' };
    await expect(
      readAs(database.db, utilityId, (read) =>
        listClosingChecks(read, actor as never, { now: NOW, offset: 0, limit: 1 }),
      ),
    ).rejects.toMatchObject({ code: 'forbidden' });
  });
});
