/**
 * Property of closings: the rows of a supply point and its vacant stretches, in the order of time, each begin at the
 * register at which the one before ended, from the first known reading to the last; and their litres add up to what the
 * registers of its meters say.
 */
import type pg from 'pg';
import { readAs } from '../../db/client.ts';
import type { TestDatabase } from '../../db/testing/database.ts';
import { createArea, createUtility } from '../../db/testing/fixtures.ts';
import { certain } from '../certain.ts';
import type { BatchProperty } from '../testing/history.ts';
import { addDays, instantOf } from '../time.ts';
import { closingCalendar } from './closing-day.ts';
import { streamClosingRows } from './closing-queries.ts';
import {
  CLOSING_DAYS,
  DIAL_L,
  FIRST_DAY,
  liveSupplyPoint,
  SUBSTITUTE_MAX_DAYS,
  type SupplyPointEvent,
  type SupplyPointHistory,
  supplyPointHistories,
  totalAt,
} from './testing-supply-point-history.ts';
import { faultOfSupplyPoint, type ShownSupplyPoint } from './testing-telescoping-check.ts';
import { listVacantStretches } from './vacant-usage-queries.ts';

const BATCH = 1000;
const NOW = new Date('2025-07-01T00:00:00+09:00');
const BASE_MS = instantOf(FIRST_DAY, 0).getTime();

const dateOf = (number: number) => addDays(FIRST_DAY, number);
const atOf = (hour: number | null) =>
  hour === null ? null : new Date(BASE_MS + hour * 3_600_000).toISOString();

export function telescopingHistories(database: TestDatabase): BatchProperty<SupplyPointEvent> {
  return {
    histories: supplyPointHistories,
    batchSize: BATCH,
    live: async (histories) => {
      const supplyPoints = histories.map(liveSupplyPoint);
      const shown = new Map<SupplyPointHistory, ShownSupplyPoint>();
      for (const maxDays of SUBSTITUTE_MAX_DAYS) {
        const of = supplyPoints.filter((supplyPoint) => supplyPoint.maxDays === maxDays);
        await showSupplyPoints(database, of, maxDays, shown);
      }
      return supplyPoints.map((supplyPoint) =>
        faultOfSupplyPoint(
          supplyPoint,
          certain(shown.get(supplyPoint), 'what is shown of each supplyPoint'),
        ),
      );
    },
  };
}

/** Registers supply points in a utility of their own, and asks each view of each closing day once for all of them. */
async function showSupplyPoints(
  database: TestDatabase,
  supplyPoints: readonly SupplyPointHistory[],
  maxDays: number,
  shown: Map<SupplyPointHistory, ShownSupplyPoint>,
): Promise<void> {
  if (supplyPoints.length === 0) return;
  const { adminPool } = database;
  const utilityId = await createUtility(adminPool);
  await adminPool.query(
    'update utility set closing_substitute_max_days = $2 where utility_id = $1',
    [utilityId, maxDays],
  );
  const ids = await register(adminPool, utilityId, supplyPoints);
  const byId = new Map(
    ids.map((id): [number, ShownSupplyPoint] => [id, { rows: [], stretches: [] }]),
  );
  for (const [at, supplyPoint] of supplyPoints.entries()) {
    const of = byId.get(ids[at] ?? 0);
    if (of) shown.set(supplyPoint, of);
  }
  const actor = { kind: 'system', utilityId, name: 'test' } as const;
  for (const closingDay of CLOSING_DAYS) {
    const period = { closingDay, fromMonth: '2025-01', toMonth: '2025-05' };
    const { closings } = closingCalendar(period, NOW);
    await readAs(database.db, utilityId, async (read) => {
      for await (const row of streamClosingRows(read, actor, { closingDay, closings, now: NOW })) {
        byId.get(row.supplyPointId)?.rows.push(row);
      }
      for (const each of await listVacantStretches(read, actor, { closingDay, closings })) {
        byId.get(each.supplyPointId)?.stretches.push(each);
      }
    });
  }
}

/** Inserts supply points with all that belongs to them; returns the ids of their supply points. */
async function register(
  admin: pg.Pool,
  utilityId: number,
  supplyPoints: readonly SupplyPointHistory[],
): Promise<number[]> {
  const areaId = await createArea(admin, utilityId);
  const ids = await insertPoints(admin, { utilityId, areaId }, supplyPoints);
  await insertRows(
    admin,
    `insert into former_closing_day (utility_id, supply_point_id, until_on, closing_day)
     select $1, r.supply_point_id, r.until_on, r.closing_day from jsonb_populate_recordset(null::former_closing_day, $2) r`,
    utilityId,
    supplyPoints.flatMap(({ former }, at) =>
      former.map(({ closingDay, untilDay }) => ({
        ...{ supply_point_id: ids[at], until_on: dateOf(untilDay), closing_day: closingDay },
      })),
    ),
  );
  const fittings = supplyPoints.flatMap((supplyPoint, at) =>
    supplyPoint.fittings.map((fitting) => ({ fitting, supplyPointId: ids[at] })),
  );
  const stays = supplyPoints.flatMap((supplyPoint, at) =>
    supplyPoint.stays.map((stay, nth) => ({
      ...{ supply_point_id: ids[at], customer_number: `${ids[at]}-${nth}` },
      ...{ from_on: dateOf(stay.fromDay), to_on: stay.toDay === null ? null : dateOf(stay.toDay) },
    })),
  );
  await insertRows(
    admin,
    `insert into occupancy (utility_id, supply_point_id, customer_number, from_on, to_on)
     select $1, r.supply_point_id, r.customer_number, r.from_on, r.to_on from jsonb_populate_recordset(null::occupancy, $2) r`,
    utilityId,
    stays,
  );
  const { rows: meters } = await admin.query<{ meter_id: number }>(
    `insert into meter (utility_id, serial, gas_kind, size, dial_l)
     select $1, n::text, 'city', 6, ${DIAL_L} from generate_series(1, $2::integer) n returning meter_id`,
    [utilityId, fittings.length],
  );
  const fitted = fittings.map((each, nth) => ({ ...each, meterId: meters[nth]?.meter_id }));
  await insertFittings(admin, utilityId, fitted);
  return ids;
}

async function insertPoints(
  admin: pg.Pool,
  { utilityId, areaId }: { utilityId: number; areaId: number },
  supplyPoints: readonly SupplyPointHistory[],
): Promise<number[]> {
  const points = supplyPoints.map(({ closingDay, closedDay }, at) => ({
    ...{ number: String(at), closing_day: closingDay },
    closed_on: closedDay === null ? null : dateOf(closedDay),
  }));
  const { rows } = await admin.query<{ supply_point_id: number; number: string }>(
    `insert into supply_point (utility_id, number, area_id, gas_kind, closing_day, opened_on, closed_on)
     select $1, r.number, $3, 'city', r.closing_day, '2020-01-01', r.closed_on
     from jsonb_populate_recordset(null::supply_point, $2) r
     returning supply_point_id, number`,
    [utilityId, JSON.stringify(points), areaId],
  );
  const ids = new Map(rows.map(({ number, supply_point_id }) => [number, supply_point_id]));
  return supplyPoints.map((_, at) => ids.get(String(at)) ?? 0);
}

type Fitted = {
  fitting: SupplyPointHistory['fittings'][number];
  supplyPointId: number | undefined;
  meterId: number | undefined;
};

async function insertFittings(admin: pg.Pool, utilityId: number, fitted: Fitted[]): Promise<void> {
  const rows = fitted.map(({ fitting, supplyPointId, meterId }) => ({
    ...{ supply_point_id: supplyPointId, meter_id: meterId },
    ...{ fitted_at: atOf(fitting.fittedAt), removed_at: atOf(fitting.removedAt) },
    ...notedOf(fitting),
  }));
  await insertRows(
    admin,
    `insert into meter_fitting (utility_id, meter_id, supply_point_id, fitted_at, removed_at, start_index_l, final_index_l)
     select $1, r.meter_id, r.supply_point_id, r.fitted_at, r.removed_at, r.start_index_l, r.final_index_l
     from jsonb_populate_recordset(null::meter_fitting, $2) r`,
    utilityId,
    rows,
  );
  const days = fitted.flatMap(({ fitting, meterId }) =>
    [...fitting.reports].map(([day, values]) => {
      const last = values.findLastIndex((value) => value !== null);
      return {
        ...{ meter_id: meterId, day: dateOf(day), index_l: values },
        ...{ closing_index_l: values[last], closing_hour: last + 1 },
      };
    }),
  );
  await insertRows(
    admin,
    `insert into series.meter_day (utility_id, meter_id, day, index_l, pressure_pa, closing_index_l, closing_hour,
       terminal_id, counter, frame_check, received_at, arrival)
     select $1, r.meter_id, r.day, r.index_l, array_fill(2000::smallint, array[24]), r.closing_index_l, r.closing_hour,
       1, 1, 1, r.day + 1, 1
     from jsonb_populate_recordset(null::series.meter_day, $2) r`,
    utilityId,
    days,
  );
}

/** The registers noted at the fitting and at the removal. */
function notedOf(fitting: Fitted['fitting']) {
  const { startNoted, startL, finalNoted, removedAt } = fitting;
  const isNoted = finalNoted && removedAt !== null;
  return {
    start_index_l: startNoted ? startL : null,
    final_index_l: isNoted ? totalAt(fitting, removedAt) % DIAL_L : null,
  };
}

/** Runs a statement of the utility and of rows as JSON. */
async function insertRows(
  admin: pg.Pool,
  statement: string,
  utilityId: number,
  rows: readonly unknown[],
): Promise<void> {
  if (rows.length > 0) await admin.query(statement, [utilityId, JSON.stringify(rows)]);
}
