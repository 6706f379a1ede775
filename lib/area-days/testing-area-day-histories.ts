// Compares the roll-up with a full scan over random histories: late, completed and corrected days, sensor faults,
// exchanges, moves between areas, supply points that close or change their area, other limits. The job runs at random
// times, so that at each comparison some changes are rolled up, some are due and some are only in the feed.
import { deepStrictEqual, ok } from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import * as fc from 'fast-check';
import { readAs, transactAs } from '../../db/client.ts';
import type { ReadDb } from '../../db/schema.ts';
import type { TestDatabase } from '../../db/testing/database.ts';
import {
  createArea,
  createSupplyPoint,
  createUtility,
  fitMeter,
  fitTerminal,
} from '../../db/testing/fixtures.ts';
import type { SystemActor } from '../actor.ts';
import { findPosition, listUnreadChanges } from '../changes/change-queries.ts';
import { NO_COLLECTION } from '../collection/collection.ts';
import { listCollectionHistory } from '../collection/collection-history-queries.ts';
import { getCollection } from '../collection/collection-queries.ts';
import { getAreaPressure, scanBand } from '../pressure/area-pressure-queries.ts';
import { pressurePeriod } from '../pressure/pressure-band.ts';
import { readRolledBand } from '../pressure/rolled-band-queries.ts';
import { getArea, listTree } from '../register/area-queries.ts';
import type { HistoryProperty } from '../testing/history.ts';
import { addDays } from '../time.ts';
import type { Resolution } from '../wire.ts';
import { AREA_DAYS_READER } from './area-day.ts';
import { enterDueDays, rollUpDueDays } from './area-day-commands.ts';

const FROM = '2026-11-10';
const DAYS = 6;
const TO = addDays(FROM, DAYS - 1);
const NOW = new Date('2026-11-17T12:00:00+09:00');
const dayAt = (at: number) => addDays(FROM, at);

interface SupplyPoint {
  supplyPointId: number;
  meterId: number;
  terminalId: number;
}
interface World {
  database: TestDatabase;
  /** Reports so far: each has its own counter. */
  reports: number;
  utilityId: number;
  areas: number[];
  root: number;
  supplyPoints: SupplyPoint[];
}

/** Two areas below a third one with the same limits; three supply points in the first, two in the second. */
async function world(database: TestDatabase): Promise<World> {
  const admin = database.adminPool;
  const utilityId = await createUtility(admin);
  const limits = { pressureMinPa: 1000, pressureMaxPa: 2500 };
  const root = await createArea(admin, utilityId, limits);
  const areas = [
    await createArea(admin, utilityId, { ...limits, parentAreaId: root }),
    await createArea(admin, utilityId, { ...limits, parentAreaId: root }),
  ];
  const supplyPoints: SupplyPoint[] = [];
  for (const at of [0, 0, 0, 1, 1]) {
    const supplyPointId = await createSupplyPoint(admin, utilityId, { areaId: areas[at]! });
    const { meterId } = await fitMeter(admin, utilityId, { supplyPointId });
    const { terminalId } = await fitTerminal(admin, utilityId, { supplyPointId });
    supplyPoints.push({ supplyPointId, meterId, terminalId });
  }
  return { database, reports: 0, utilityId, areas, root, supplyPoints };
}

export type RollUpEvent =
  | {
      kind: 'report';
      nth: number;
      day: number;
      pressurePa: (number | null)[];
      hours: number;
      arrival: number;
    }
  | {
      kind: 'exchange' | 'remove' | 'close' | 'moveMeter' | 'untend';
      nth: number;
      day: number;
      hour: number;
    }
  | { kind: 'moveArea'; nth: number; area: number }
  | { kind: 'limits'; area: number; lowPa: number; highPa: number }
  | { kind: 'enter' | 'rollSome' | 'rollAll' };

const nth = fc.nat({ max: 4 });
const day = fc.nat({ max: DAYS - 1 });
const pressure = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 980, max: 2520 }) },
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.constantFrom(-32_768, -1_001, -1_000, -7, 0, 10_000, 10_001, 32_767) },
);
const pressures = fc.oneof(
  { weight: 6, arbitrary: fc.array(pressure, { minLength: 24, maxLength: 24 }) },
  { weight: 1, arbitrary: fc.constant(Array.from({ length: 24 }, () => null)) },
);
const event: fc.Arbitrary<RollUpEvent> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      ...{ kind: fc.constant('report' as const), nth, day, pressurePa: pressures },
      ...{ hours: fc.constantFrom(24, 24, 24, 12), arrival: fc.integer({ min: 1, max: 4 }) },
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('exchange', 'remove', 'close', 'moveMeter', 'untend'),
      ...{ nth, day, hour: fc.constantFrom(0, 0.5, 1, 10, 23.5) },
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('moveArea' as const),
      nth,
      area: fc.nat({ max: 1 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      ...{ kind: fc.constant('limits' as const), area: fc.nat({ max: 2 }) },
      ...{ lowPa: fc.constantFrom(990, 1000, 1500), highPa: fc.constantFrom(2000, 2500, 2510) },
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constantFrom('enter', 'rollSome', 'rollAll') }),
  },
);

async function run(w: World, s: RollUpEvent): Promise<void> {
  const admin = w.database.adminPool;
  switch (s.kind) {
    case 'report':
      return store(w, s);
    case 'enter':
    case 'rollSome':
    case 'rollAll':
      return roll(w, s.kind);
    case 'moveArea':
      await admin.query('update supply_point set area_id = $2 where supply_point_id = $1', [
        w.supplyPoints[s.nth]!.supplyPointId,
        w.areas[s.area],
      ]);
      return;
    case 'limits':
      await admin.query(
        'update area set pressure_min_pa = $2, pressure_max_pa = $3 where area_id = $1',
        [[...w.areas, w.root][s.area], s.lowPa, s.highPa],
      );
      return;
    default:
      return runRegister(w, s);
  }
}

async function store(w: World, s: Extract<RollUpEvent, { kind: 'report' }>): Promise<void> {
  const { meterId, terminalId } = w.supplyPoints[s.nth]!;
  w.reports += 1;
  const report = {
    ...{ meter_id: meterId, terminal_id: terminalId, day: dayAt(s.day), arrival: s.arrival },
    ...{ counter: w.reports, frame_check: w.reports, pressure_pa: s.pressurePa },
    index_l: Array.from({ length: 24 }, (_, at) => (at < s.hours ? 1000 + at : null)),
    ...{ closing_index_l: 999 + s.hours, closing_hour: s.hours },
  };
  await w.database.ingestPool.query(
    `select store_day_reports($1, (select array_agg(r) from jsonb_populate_recordset(null::day_report_row, $2) r), '{}', now())`,
    [w.utilityId, JSON.stringify([report])],
  );
}

async function roll({ database, utilityId }: World, how: 'enter' | 'rollSome' | 'rollAll') {
  if (how === 'enter') await enterDue(database, utilityId);
  else if (how === 'rollSome') await rollUpDue(database, utilityId);
  else await rollUpAll(database, utilityId);
}

/** Brings the roll-up of a utility to the end of the feed. */
export async function rollUpAll(database: TestDatabase, utilityId: number): Promise<void> {
  while (await transactAs(database.workerDb, utilityId, (tx) => isBehind(tx, utilityId))) {
    // Transactions of other suites on this server hold the feed back while they run.
    if (!(await enterDue(database, utilityId))) await setTimeout(HELD_BACK_MS);
  }
  while ((await rollUpDue(database, utilityId)) > 0);
}

const enterDue = ({ workerDb }: TestDatabase, utilityId: number) =>
  transactAs(workerDb, utilityId, (tx) => enterDueDays(tx, utilityId));
const rollUpDue = ({ workerDb }: TestDatabase, utilityId: number) =>
  transactAs(workerDb, utilityId, (tx) => rollUpDueDays(tx, utilityId));

const HELD_BACK_MS = 10;

async function isBehind(tx: ReadDb, utilityId: number): Promise<boolean> {
  const after = await findPosition(tx, utilityId, AREA_DAYS_READER);
  return (await listUnreadChanges(tx, utilityId, { after, limit: 1 })).length > 0;
}

/** A change that the register's constraints refuse is skipped. */
async function runRegister(w: World, s: Extract<RollUpEvent, { hour: number }>): Promise<void> {
  const admin = w.database.adminPool;
  const home = w.supplyPoints[s.nth]!;
  const { supplyPointId } = home;
  const at = new Date(new Date(`${dayAt(s.day)}T00:00:00+09:00`).getTime() + s.hour * 3_600_000);
  const remove = (supplyPoint: SupplyPoint) =>
    admin.query(
      'update meter_fitting set removed_at = $2 where supply_point_id = $1 and removed_at is null',
      [supplyPoint.supplyPointId, at],
    );
  const acts = {
    close: () =>
      admin.query('update supply_point set closed_on = $2 where supply_point_id = $1', [
        supplyPointId,
        dayAt(s.day),
      ]),
    untend: () =>
      admin.query('update terminal_fitting set to_at = $2 where supply_point_id = $1', [
        supplyPointId,
        at,
      ]),
    remove: () => remove(home),
    exchange: async () => {
      await remove(home);
      home.meterId = (await fitMeter(admin, w.utilityId, { supplyPointId, fittedAt: at })).meterId;
    },
    // To the supply point of another meter, which is removed; two days later, so that no day has the meter twice.
    moveMeter: async () => {
      const other = w.supplyPoints[(s.nth + 2) % 5]!;
      await remove(home);
      await remove(other);
      await admin.query(
        `insert into meter_fitting (utility_id, meter_id, supply_point_id, fitted_at) values ($1, $2, $3, $4)`,
        [w.utilityId, home.meterId, other.supplyPointId, new Date(at.getTime() + 2 * 86_400_000)],
      );
      other.meterId = home.meterId;
    },
  };
  await acts[s.kind]().catch((error: { code?: string }) => {
    if (!/^23/.test(error.code ?? '')) throw error;
  });
}

/** Compares the figures of every page with the scan; returns true when the roll-up was used for any. */
async function compare(w: World): Promise<boolean> {
  const actor: SystemActor = { kind: 'system', utilityId: w.utilityId, name: 'test' };
  const used: boolean[] = [];
  await readAs(w.database.db, w.utilityId, async (db) => {
    for (const areaId of [...w.areas, w.root]) {
      for (const [from, to] of PERIODS) {
        used.push(await comparePressure(db, actor, { areaId, from, to, step: 'hour' }));
        used.push(await comparePressure(db, actor, { areaId, from, to, step: 'day' }));
      }
    }
    for (const areaId of [undefined, ...w.areas]) await compareCollection(db, actor, areaId);
  });
  return used.includes(true);
}

const PERIODS = [
  [FROM, TO],
  [dayAt(2), dayAt(3)],
] as const;

async function compareCollection(
  db: ReadDb,
  actor: SystemActor,
  areaId: number | undefined,
): Promise<void> {
  const query = { day: TO, days: DAYS, now: NOW, areaId };
  for (const { day: of, count: counted } of await listCollectionHistory(db, actor, query)) {
    const { total, areas } = await getCollection(db, actor, { day: of, now: NOW });
    const ofArea = areas.find((each) => each.areaId === areaId)?.count ?? NO_COLLECTION;
    deepStrictEqual(counted, areaId === undefined ? total : ofArea);
  }
}

async function comparePressure(
  db: ReadDb,
  actor: SystemActor,
  input: { areaId: number; from: string; to: string; step: Resolution },
): Promise<boolean> {
  const area = await getArea(db, input.areaId);
  const period = pressurePeriod(input, NOW);
  const areaIds = await listTree(db, input.areaId);
  const query = { utilityId: actor.utilityId, areaIds, ...period, limits: area.limits };
  const rolled = await readRolledBand(db, query, period);
  if (rolled === undefined) return false;
  deepStrictEqual(rolled, await scanBand(db, area, period));
  const page = await getAreaPressure(db, actor, { ...input, now: NOW });
  deepStrictEqual(page.coverage, rolled.coverage);
  return true;
}

/** All days of each supply point, so that the roll-up has data to begin with. */
const FIRST_REPORTS: RollUpEvent[] = [0, 1, 2, 3, 4].flatMap((nth) =>
  [0, 1, 2, 3, 4, 5].map((day) => ({
    ...{ kind: 'report' as const, nth, day, hours: 24, arrival: 1 },
    pressurePa: Array.from({ length: 24 }, (_, at) => 1900 + 7 * nth + at),
  })),
);

/**
 * The roll-up equals a full scan of readings and register after any history and at any state of progress. `onUse` is
 * called for each history in which a page read the roll-up before it was up to date.
 */
export function rollUpHistories(
  database: TestDatabase,
  onUse: () => void = () => undefined,
): HistoryProperty<RollUpEvent> {
  return {
    histories: fc.array(event, { minLength: 5, maxLength: 30 }),
    live: async (history) => {
      const w = await world(database);
      for (const report of FIRST_REPORTS) await run(w, report);
      await run(w, { kind: 'rollAll' });
      for (const each of history) await run(w, each);
      if (await compare(w)) onUse();
      await run(w, { kind: 'rollAll' });
      ok(await compare(w), 'the pages read the roll-up when it is up to date');
    },
  };
}
