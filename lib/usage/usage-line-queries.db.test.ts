import { afterAll, beforeAll, expect, test } from 'vitest';
import { readAs } from '../../db/client.ts';
import type { Household } from '../../db/testing/fixtures.ts';
import {
  createSupplyPoint,
  createUtility,
  fitHousehold,
  fitMeter,
  rising,
  storeDay,
} from '../../db/testing/fixtures.ts';
import type { TestDatabase } from '../../db/testing/testing.ts';
import { testDatabase } from '../../db/testing/testing.ts';
import { hourNumber } from './usage-line.ts';
import { getUsageLine, listFittedMeters } from './usage-line-queries.ts';
import { gapsOf, hoursOf, usageOfDay } from './usage-totals.ts';

let database: TestDatabase;
let utilityId: number;
let home: Household;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

async function household(): Promise<void> {
  utilityId = await createUtility(database.adminPool);
  home = await fitHousehold(database.adminPool, utilityId);
}

function store(day: string, indexL: (number | null)[], meterId = home.meterId): Promise<void> {
  const { terminalId } = home;
  return storeDay(database.adminPool, utilityId, { meterId, terminalId, day, indexL });
}

function lineOf(fromDay: string, toDay: string, supplyPointId = home.supplyPointId) {
  return readAs(database.db, utilityId, async (db) => {
    const meters = await listFittedMeters(db, { utilityId, supplyPointId });
    return getUsageLine(db, { utilityId, fromDay, toDay }, meters);
  });
}

test("a day in the middle of a long gap has the gap's ends and its sum", async () => {
  await household();
  await store('2026-03-01', rising(10, 10));
  await store('2026-07-20', rising(5_010, 10));
  const line = await lineOf('2026-05-05', '2026-05-05');
  expect(gapsOf(line, '2026-05-05')).toEqual([
    {
      from: { day: '2026-03-01', hourEnding: 24 },
      to: { day: '2026-07-20', hourEnding: 1 },
      usageL: 5_010 - 240,
      marks: [],
    },
  ]);
  expect(new Set(hoursOf(line, '2026-05-05').map(({ state }) => state))).toEqual(
    new Set(['spanned']),
  );
});

test('a line begins at the last register before the requested days and ends at the first after', async () => {
  await household();
  await store('2026-03-01', rising(10, 10));
  await store('2026-03-02', rising(250, 10));
  await store('2026-03-03', rising(490, 10));
  const line = await lineOf('2026-03-02', '2026-03-02');
  expect(line.stretches[0]?.from).toBe(hourNumber('2026-03-02', 0));
  expect(line.stretches.at(-1)?.to).toBe(hourNumber('2026-03-02', 24));
  expect(usageOfDay(line, '2026-03-02')).toMatchObject({ usageL: 240, untilHour: 24 });
});

test('a meter fitted elsewhere now brings nothing from there', async () => {
  await household();
  const admin = database.adminPool;
  await admin.query(
    'update meter_fitting set removed_at = $1, final_index_l = 300 where utility_id = $2 and meter_id = $3',
    ['2026-03-02T12:00:00+09:00', utilityId, home.meterId],
  );
  const elsewhere = await createSupplyPoint(admin, utilityId);
  await admin.query(
    'insert into meter_fitting (utility_id, meter_id, supply_point_id, fitted_at, start_index_l) values ($1, $2, $3, $4, 300)',
    [utilityId, home.meterId, elsewhere, '2026-03-04T12:00:00+09:00'],
  );
  const { meterId } = await fitMeter(admin, utilityId, {
    supplyPointId: home.supplyPointId,
    fittedAt: '2026-03-02T12:00:00+09:00',
    startIndexL: 0,
  });
  await store('2026-03-01', rising(10, 10));
  await store('2026-03-04', rising(9_010, 10));
  await store('2026-03-09', rising(9_500, 10));
  await store('2026-03-10', rising(110, 10), meterId);
  const here = await lineOf('2026-03-08', '2026-03-08');
  expect(gapsOf(here, '2026-03-08')).toEqual([
    {
      from: { day: '2026-03-02', hourEnding: 12 },
      to: { day: '2026-03-10', hourEnding: 1 },
      usageL: 110,
      marks: ['exchanged'],
    },
  ]);
  const there = await lineOf('2026-03-09', '2026-03-09', elsewhere);
  expect(there.stretches[0]).toMatchObject({ from: hourNumber('2026-03-04', 24) });
});

test('a supply point without a meter has an empty line', async () => {
  await household();
  const bare = await createSupplyPoint(database.adminPool, utilityId);
  expect(await lineOf('2026-03-01', '2026-03-31', bare)).toEqual({ stretches: [] });
});
