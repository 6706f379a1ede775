/**
 * `npm run -s bench -- rollup`: a year of the pressure of a whole utility, and a month of its collection, from the
 * roll-up by area and day, against the scan of the readings: 100,000 meters in 100 areas under one. The readings are
 * those of `scanDays` days; the scan is measured over them and multiplied to the year. Two days are rolled up by the
 * job, as it is timed; the others are filled with rows of the same form. Milliseconds; medians where there are several
 * runs.
 */
import { isDeepStrictEqual } from 'node:util';
import pg from 'pg';
import { createDatabase, openPool, readByClaim, transactAs } from '../db/client.ts';
import { urlOfDatabase, urlOfRole } from '../db/database-url.ts';
import { migrate } from '../db/migrate.ts';
import type { ReadDb } from '../db/schema.ts';
import { openStaffSession } from '../db/testing/sessions.ts';
import type { StaffActor } from '../lib/actor.ts';
import { rollUpDueDays } from '../lib/area-days/area-day-commands.ts';
import {
  listCollectionHistory,
  scanCollection,
} from '../lib/collection/collection-history-queries.ts';
import { getAreaPressure, scanBand } from '../lib/pressure/area-pressure-queries.ts';
import { pressurePeriod } from '../lib/pressure/pressure-band.ts';
import { getArea } from '../lib/register/area-queries.ts';
import { addDays, dayOf } from '../lib/time.ts';

const METERS = 100_000;
const AREAS = 100;
const YEAR = 365;
const SCAN_DAYS = 30;
const ROLLED_DAYS = 2;
const RUNS = 9;

export interface RollUpFigures {
  meters: number;
  areas: number;
  areaYearMs: number;
  areaYearScanMs: number;
  /** The year when the roll-up lacks one day of all areas. */
  areaYearStaleDayMs: number;
  collectionMonthMs: number;
  collectionMonthScanMs: number;
  /** Duration of the job for one day of all areas. */
  rollUpDayMs: number;
  scanDays: number;
}

/** Runs on a scratch database of the server and drops it again. The URL's role may create databases. */
export async function benchRollUp(adminUrl: string): Promise<RollUpFigures> {
  const name = `kenshin_bench_rollup_${process.pid}`;
  const url = urlOfDatabase(adminUrl, name);
  const server = new pg.Client({ connectionString: adminUrl });
  await server.connect();
  await server.query(`create database ${name}`);
  try {
    await migrate(url);
    return await measure(url);
  } finally {
    await server.query(`drop database ${name} with (force)`);
    await server.end();
  }
}

async function measure(url: string): Promise<RollUpFigures> {
  const now = new Date();
  const to = addDays(dayOf(now), -1);
  const admin = openPool(url, { applicationName: 'kenshin bench', max: 2 });
  const web = openPool(urlOfRole(url, 'kenshin_web'), { applicationName: 'kenshin bench', max: 2 });
  const worker = openPool(urlOfRole(url, 'kenshin_worker'), {
    ...{ applicationName: 'kenshin bench', max: 2 },
  });
  try {
    const { utilityId, root } = await createFleet(admin, to);
    const workerDb = createDatabase(worker);
    const rollUpDayMs = await timed(async () => {
      while ((await transactAs(workerDb, utilityId, (tx) => rollUpDueDays(tx, utilityId))) > 0);
    });
    await fill(admin, utilityId, to);
    const { accountId, sessionId, token } = await openStaffSession(admin, utilityId, 'analyst');
    const actor: StaffActor = { kind: 'staff', utilityId, accountId, role: 'analyst', sessionId };
    const webDb = createDatabase(web);
    const read = <T>(fn: (db: ReadDb) => Promise<T>) =>
      readByClaim(webDb, { sessionToken: token }, fn);
    const year = { areaId: root, from: addDays(to, 1 - YEAR), to, step: 'day' as const, now };
    const askYear = () => read((db) => getAreaPressure(db, actor, year));
    const askMonth = () =>
      read((db) => listCollectionHistory(db, actor, { day: to, days: SCAN_DAYS, now }));
    const from = addDays(to, 1 - SCAN_DAYS);
    const scanYear = () =>
      read(async (db) => {
        const period = pressurePeriod({ from, to, step: 'day' }, now);
        return scanBand(db, await getArea(db, root), period);
      });
    const scanMonth = () => read((db) => scanCollection(db, { from, to, areaId: undefined, now }));
    await assertSame(read, actor, { root, to, now });
    const figures = {
      areaYearMs: await median(askYear),
      areaYearScanMs: ((await timed(scanYear)) / SCAN_DAYS) * YEAR,
      collectionMonthMs: await median(askMonth),
      collectionMonthScanMs: await timed(scanMonth),
    };
    await admin.query(
      'insert into area_day_due select utility_id, area_id, $2 from area where utility_id = $1',
      [utilityId, to],
    );
    return {
      ...{ meters: METERS, areas: AREAS, scanDays: SCAN_DAYS },
      ...rounded({
        ...figures,
        areaYearStaleDayMs: await median(askYear, 3),
        rollUpDayMs: rollUpDayMs / ROLLED_DAYS,
      }),
    };
  } finally {
    await Promise.all([admin, web, worker].map((pool) => pool.end()));
  }
}

/** Asserts that both ways give the same result over the days that the job rolled up. */
async function assertSame(
  read: <T>(fn: (db: ReadDb) => Promise<T>) => Promise<T>,
  actor: StaffActor,
  { root, to, now }: { root: number; to: string; now: Date },
): Promise<void> {
  const period = pressurePeriod({ from: addDays(to, 1 - ROLLED_DAYS), to, step: 'day' }, now);
  const { points, coverage } = await read((db) =>
    getAreaPressure(db, actor, { areaId: root, ...period, now }),
  );
  const scanned = await read(async (db) => scanBand(db, await getArea(db, root), period));
  const values = points.map((point) => [point.lowPa, point.highPa, point.values, point.below]);
  const expected = scanned.slots.map((slot) => [slot.lowPa, slot.highPa, slot.values, slot.below]);
  if (!isDeepStrictEqual([values, coverage], [expected, scanned.coverage])) {
    throw new Error('the roll-up and the scan tell different figures');
  }
}

/**
 * Households with city gas and readings of the last days, made in SQL; only the latest days are due for the roll-up.
 */
async function createFleet(
  admin: pg.Pool,
  to: string,
): Promise<{ utilityId: number; root: number }> {
  const { rows } = await admin.query<{ utility_id: number }>(
    "insert into utility (code, name) values ('bench', 'bench') returning utility_id",
  );
  const utilityId = rows[0]?.utility_id ?? 0;
  const area = await admin.query<{ area_id: number }>(
    `insert into area (utility_id, code, name, gas_kind, pressure_min_pa, pressure_max_pa)
     values ($1, 'all', 'all', 'city', 1000, 2500) returning area_id`,
    [utilityId],
  );
  const root = area.rows[0]?.area_id ?? 0;
  // The seed's changes are entered as due days by hand below.
  await admin.query('alter table meter_fitting disable trigger note_change');
  await admin.query('alter table terminal_fitting disable trigger note_change');
  for (const statement of REGISTER) await admin.query(statement, [utilityId, METERS, root]);
  await admin.query('alter table meter_fitting enable trigger note_change');
  await admin.query('alter table terminal_fitting enable trigger note_change');
  for (let back = SCAN_DAYS - 1; back >= 0; back -= 1) {
    await admin.query(READINGS, [utilityId, addDays(to, -back), SCAN_DAYS - back]);
  }
  await admin.query('delete from day_change');
  await admin.query(`insert into change_position values ($1, 'area-days', '3', 1)`, [utilityId]);
  await admin.query(
    `insert into area_day_due select utility_id, area_id, $2::date - n
     from area cross join generate_series(0, $3::integer - 1) n where utility_id = $1`,
    [utilityId, to, ROLLED_DAYS],
  );
  await admin.query('vacuum analyze');
  return { utilityId, root };
}

const REGISTER = [
  `insert into area (utility_id, parent_area_id, code, name, gas_kind, pressure_min_pa, pressure_max_pa)
   select $1, $3, lpad(n::text, 4, '0'), 'area ' || n, 'city', 1000, 2500
   from generate_series(1, ${AREAS}) n where $2::integer > 0`,
  `insert into supply_point (utility_id, number, area_id, gas_kind, closing_day, opened_on)
   select $1, lpad(n::text, 6, '0'), $3::integer + 1 + (n - 1) % ${AREAS}, 'city', 31, '2020-01-01'
   from generate_series(1, $2::integer) n`,
  `insert into meter (utility_id, serial, gas_kind, size, dial_l)
   select $1, lpad(n::text, 8, '0'), 'city', 4, 100000000 from generate_series(1, $2::integer) n where $3::integer > 0`,
  `insert into meter_fitting (utility_id, meter_id, supply_point_id, fitted_at, start_index_l)
   select $1, m.meter_id, s.supply_point_id, '2020-01-01T00:00+09', 0
   from meter m join supply_point s on s.number::integer = m.serial::integer where $2::integer > 0 and $3::integer > 0`,
  `insert into terminal (utility_id, number, model, secret_hash)
   select $1, lpad(n::text, 10, '0'), 'external', sha256(n::text::bytea) from generate_series(1, $2::integer) n where $3::integer > 0`,
  `insert into terminal_fitting (utility_id, terminal_id, supply_point_id, from_at)
   select $1, t.terminal_id, s.supply_point_id, '2020-01-01T00:00+09'
   from terminal t join supply_point s on s.number::integer = t.number::integer where $2::integer > 0 and $3::integer > 0`,
];

/** One day of the fleet: one meter in two hundred does not report, the sensor of one in a thousand is broken. */
const READINGS = `
  insert into series.meter_day (utility_id, meter_id, day, index_l, pressure_pa, closing_index_l, closing_hour,
                                terminal_id, counter, frame_check, received_at, arrival)
  select $1, m.meter_id, $2, x.index_l, case when m.meter_id % 1000 = 0 then '{${'null,'.repeat(23)}null}' else x.pressure_pa end,
         $3::integer * 2000 + 1920, 24, 1, $3, $3, now(), 1
  from meter m
  cross join (
    select v, array_agg($3::integer * 2000 + h * 80 order by h) as index_l,
           array_agg((2050 + 150 * sin(v + $3::integer * 0.7 + h))::smallint order by h) as pressure_pa
    from generate_series(0, 96) v cross join generate_series(1, 24) h group by v
  ) x
  where x.v = m.meter_id % 97 and (m.meter_id + $3::integer) % 200 <> 0`;

/** Copies the roll-up of the last day to the days of the year that the job did not roll up. */
async function fill(admin: pg.Pool, utilityId: number, to: string): Promise<void> {
  for (const table of ['area_day', 'area_day_hours']) {
    const { rows } = await admin.query<{ columns: string }>(
      `select string_agg(column_name, ', ') as columns from information_schema.columns
       where table_name = $1 and column_name <> 'day'`,
      [table],
    );
    const columns = rows[0]?.columns ?? '';
    await admin.query(
      `insert into ${table} (day, ${columns})
       select day - n, ${columns} from ${table} cross join generate_series(${ROLLED_DAYS}, ${YEAR - 1}) n
       where utility_id = $1 and day = $2`,
      [utilityId, to],
    );
  }
  await admin.query('vacuum analyze');
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

async function median(work: () => Promise<unknown>, runs = RUNS): Promise<number> {
  await work();
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) times.push(await timed(work));
  return times.sort((a, b) => a - b)[Math.floor(runs / 2)] ?? Number.NaN;
}

function rounded<T extends Record<string, number>>(figures: T): T {
  // Each value is still a number under its own key.
  return Object.fromEntries(
    Object.entries(figures).map(([key, value]) => [key, Math.round(value * 10) / 10]),
  ) as T;
}
