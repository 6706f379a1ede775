/**
 * Closings of a utility whose tables were filled a moment ago, so that the planner knows nothing of them: it takes the
 * customers for one. Each closing still reads a number of rows that grows with the number of customers, not with its square.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDatabase, readAs, transactAs } from '../../db/client.ts';
import { createArea, createUtility } from '../../db/testing/fixtures.ts';
import { type PlanRecorder, recordPlans } from '../../db/testing/plans.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import { closingCalendar } from './closing-day.ts';
import { getClosingPreview } from './closing-preview-queries.ts';
import { type IssuedRun, issueClosings } from './run-commands.ts';

const NOW = new Date('2026-12-01T00:00:00+09:00');
const CUSTOMERS = 1_000;
/** Rows that a closing may read for each customer, and pairs of rows that it may compare and drop. */
const ROWS = 60;
/** Closing days: the last one is that of the customers. */
const DAYS = ['2026-08-20', '2026-09-20', '2026-10-20', '2026-11-20'];
const NEVER_ANALYZED = ['supply_point', 'occupancy', 'meter', 'meter_fitting', 'closing_run_row'];

let database: TestDatabase;
let recorder: PlanRecorder;
let utilityId: number;

beforeAll(async () => {
  database = await testDatabase();
  const admin = database.adminPool;
  for (const table of [...NEVER_ANALYZED, 'closing_run_figure', 'series.meter_day']) {
    await admin.query(`alter table ${table} set (autovacuum_enabled = false)`);
  }
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
     select $1, f.meter_id, d.day, array_fill(v.i, array[24]), array_fill(2000::smallint, array[24]), v.i, 24, 1, 1, 1, d.day, 1
     from unnest($2::date[]) with ordinality d (day, n)
     cross join lateral (select 1000000 + 15000 * d.n::integer as i) v
     cross join meter_fitting f
     where f.utility_id = $1`,
    [utilityId, DAYS],
  );
  recorder = await recordPlans(database);
}, 120_000);
afterAll(async () => {
  await recorder.close();
  await database.close();
});

/** Rows read, and pairs compared and dropped, since the last call, for a customer. */
function taken(): { rows: number; dropped: number; scans: string } {
  const costs = recorder.take();
  const total = (of: (cost: (typeof costs)[number]) => number) =>
    Math.ceil(costs.reduce((sum, cost) => sum + of(cost), 0) / CUSTOMERS);
  const heaviest = costs.toSorted((a, b) => b.rows - a.rows)[0]?.scans.slice(0, 3) ?? [];
  return {
    rows: total(({ rows }) => rows),
    dropped: total(({ dropped }) => dropped),
    scans: heaviest.join('; '),
  };
}

function expectLinear(what: string): void {
  const { rows, dropped, scans } = taken();
  expect(rows, `${what}: ${scans}`).toBeLessThanOrEqual(ROWS);
  expect(dropped, what).toBeLessThanOrEqual(ROWS);
}

it('is issued, and issued again below a later one, without reading all for each customer', async () => {
  const actor = { kind: 'system', utilityId, name: 'test' } as const;
  const db = createDatabase(recorder.pool);
  const issue = async (month: string): Promise<IssuedRun | undefined> => {
    const { closings } = closingCalendar({ closingDay: 20, fromMonth: month, toMonth: month }, NOW);
    const selection = { closingDay: 20, closings, now: NOW };
    const kind = { format: 'machine' } as const;
    const input = { selection, kind, exportId: randomUUID(), now: NOW };
    const runs = await transactAs(db, utilityId, (tx) => issueClosings(tx, actor, input));
    return runs[0];
  };
  recorder.take();
  await readAs(db, utilityId, (read) =>
    getClosingPreview(read, actor, {
      ...{ closingDay: 20, month: '2026-09', now: NOW },
      ...{ show: 'all', offset: 0, limit: 10 },
    }),
  );
  expectLinear('preview');
  for (const month of ['2026-09', '2026-10', '2026-11']) {
    expect(await issue(month)).toMatchObject({ isNew: true, missing: 0 });
    expectLinear(`issue of ${month}`);
  }
  await database.adminPool.query(
    `update series.meter_day set index_l = array_fill(1000001, array[24]), closing_index_l = 1000001
     where utility_id = $1 and day = '2026-08-20' and meter_id = (select min(meter_id) from meter where utility_id = $1)`,
    [utilityId],
  );
  const again = await issue('2026-09');
  expectLinear('issue of 2026-09 again');
  expect(again?.counts.total).toBe(CUSTOMERS);
});
