/**
 * Rows that a closing reads where the readings of the previous closing are missing: for a utility that has just been
 * connected, whose customers and meters are years older than the first reading, and after a day without reports.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDatabase, readAs } from '../../db/client.ts';
import { createArea, createUtility } from '../../db/testing/fixtures.ts';
import { type PlanRecorder, recordPlans } from '../../db/testing/plans.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import type { Closing } from './closing-day.ts';
import { streamClosingRows } from './closing-queries.ts';
import type { ClosingRow } from './closing-row.ts';

const NOW = new Date('2026-12-01T00:00:00+09:00');
/** So many that the planner does not read whole tables of the register for each of them. */
const CUSTOMERS = 1_000;
/** Rows that a closing may read for each customer: register, readings of both days, and look-ups of missing ones. */
const ROWS = 20;

let database: TestDatabase;
let recorder: PlanRecorder;
let utilityId: number;

/** Customers since 2000; readings from 28 July to 24 November 2026, without 20 October. */
beforeAll(async () => {
  database = await testDatabase();
  const admin = database.adminPool;
  utilityId = await createUtility(admin);
  const areaId = await createArea(admin, utilityId);
  await admin.query(
    `with point as (
       insert into supply_point (utility_id, number, area_id, gas_kind, closing_day, opened_on)
       select $1, 'S' || n, $2, 'city', 20, '2000-01-01' from generate_series(1, ${CUSTOMERS}) n
       returning supply_point_id, number
     ), customer as (
       insert into occupancy (utility_id, supply_point_id, customer_number, from_on)
       select $1, supply_point_id, substr(number, 2), '2000-01-01' from point
     ), gauge as (
       insert into meter (utility_id, serial, gas_kind, size, dial_l)
       select $1, substr(number, 2), 'city', 6, 100000000 from point returning meter_id, serial
     )
     insert into meter_fitting (utility_id, meter_id, supply_point_id, fitted_at, start_index_l)
     select $1, g.meter_id, p.supply_point_id, '2000-01-01T00:00+09', 0
     from point p join gauge g on p.number = 'S' || g.serial`,
    [utilityId, areaId],
  );
  await admin.query(
    `insert into series.meter_day (utility_id, meter_id, day, index_l, pressure_pa, closing_index_l, closing_hour,
       terminal_id, counter, frame_check, received_at, arrival)
     select $1, f.meter_id, d::date, array_fill(i, array[24]), array_fill(2000::smallint, array[24]), i, 24, 1, 1, 1, d, 1
     from generate_series(date '2026-07-28', date '2026-11-24', interval '1 day') with ordinality g (d, n)
     cross join lateral (select 1000000 + 500 * n::integer as i) v
     cross join meter_fitting f
     where f.utility_id = $1 and d <> date '2026-10-20'`,
    [utilityId],
  );
  await admin.query('vacuum analyze');
  recorder = await recordPlans(database);
}, 120_000);
afterAll(async () => {
  await recorder.close();
  await database.close();
});

async function closingOf(
  closing: Closing,
): Promise<{ rows: ClosingRow[]; read: number; scans: string[] }> {
  const actor = { kind: 'system', utilityId, name: 'test' } as const;
  const db = createDatabase(recorder.pool);
  recorder.take();
  const rows = await readAs(db, utilityId, async (read) => {
    const all: ClosingRow[] = [];
    const selection = { closingDay: 20, closings: [closing], now: NOW };
    for await (const row of streamClosingRows(read, actor, selection)) all.push(row);
    return all;
  });
  const costs = recorder.take();
  return {
    rows,
    read: costs.reduce((sum, cost) => sum + cost.rows, 0),
    scans: costs.toSorted((a, b) => b.rows - a.rows)[0]?.scans.slice(0, 3) ?? [],
  };
}

it.each([
  {
    what: 'the first one, which counts from the fitting of the meter years ago',
    closing: { closesOn: '2026-08-20', previousOn: '2026-07-20' },
    row: { quality: 'actual', usageL: 1_012_000, previousAt: '2000-01-01T00:00:00+09:00' },
    reads: ROWS,
  },
  {
    what: 'the second one',
    closing: { closesOn: '2026-09-20', previousOn: '2026-08-20' },
    row: { quality: 'actual', usageL: 15_500 },
    reads: ROWS,
  },
  {
    what: 'one on a day without reports',
    closing: { closesOn: '2026-10-20', previousOn: '2026-09-20' },
    row: { quality: 'substituted', usageL: 14_500 },
    // Its days within the maximum age.
    reads: ROWS + 45,
  },
  {
    what: 'the one after a day without reports',
    closing: { closesOn: '2026-11-20', previousOn: '2026-10-20' },
    row: { quality: 'actual', usageL: 16_000, previousAt: '2026-10-20T00:00:00+09:00' },
    reads: ROWS + 62,
  },
])('$what reads no more than that', async ({ closing, row, reads }) => {
  const { rows, read, scans } = await closingOf(closing);
  expect(rows).toHaveLength(CUSTOMERS);
  for (const each of rows) expect(each).toMatchObject(row);
  expect(read, scans.join('; ')).toBeLessThanOrEqual(CUSTOMERS * reads);
});
