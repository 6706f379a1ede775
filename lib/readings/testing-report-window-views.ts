// Compares what each view says of days with and without a report with the rule of the report window.
import { deepStrictEqual } from 'node:assert/strict';
import { readAs, transactAs } from '../../db/client.ts';
import type { ReadDb } from '../../db/schema.ts';
import type { TestDatabase } from '../../db/testing/database.ts';
import {
  createArea,
  createSupplyPoint,
  createUtility,
  fitMeter,
  fitTerminal,
  occupy,
  rising,
} from '../../db/testing/fixtures.ts';
import type { ConsumerActor, SystemActor } from '../actor.ts';
import { rollUpAll } from '../area-days/testing-area-day-histories.ts';
import { streamClosingRows } from '../closing/closing-queries.ts';
import { listCollectionHistory } from '../collection/collection-history-queries.ts';
import { getCollection, listCollectionSupplyPoints } from '../collection/collection-queries.ts';
import { getMeterReadings } from '../meters/meter-reading-queries.ts';
import { planRequests } from '../polling/polling-commands.ts';
import { addDays, dayOf, daysBetween, formatJst, instantOf, monthOf } from '../time.ts';
import { getOwnMonth } from '../usage/own-usage-queries.ts';
import { type FittedTerminal, reportDueAt } from './report-window.ts';
import {
  DAYS,
  instantOfScene,
  type Scene,
  type SupplyPointPlan,
} from './testing-report-window-scenes.ts';

/** Days from the first report of each supply point, a day after its terminal, to them. */
const DAYS_BEFORE = 9;
const HOUR_MS = 3_600_000;

interface SupplyPoint {
  supplyPointId: number;
  occupancyId: number;
  customerNumber: string;
  meterId: number;
  terminals: (FittedTerminal & { terminalId: number })[];
  stored: ReadonlySet<string>;
}

interface World {
  database: TestDatabase;
  utilityId: number;
  actor: SystemActor;
  now: Date;
  /** Oldest first. */
  days: string[];
  supplyPoints: SupplyPoint[];
}

async function world(database: TestDatabase, scene: Scene): Promise<World> {
  const utilityId = await createUtility(database.adminPool);
  const now = instantOfScene(scene);
  const days = Array.from({ length: DAYS }, (_, at) => addDays(dayOf(now), at - DAYS));
  const areaId = await createArea(database.adminPool, utilityId);
  const w: World = {
    ...{ database, utilityId, now, days, supplyPoints: [] },
    actor: { kind: 'system', utilityId, name: 'test' },
  };
  for (const plan of scene.supplyPoints)
    w.supplyPoints.push(await register(w, { plan, areaId, day: scene.day }));
  await store(w);
  return w;
}

async function register(
  { database: { adminPool: admin }, utilityId, days }: World,
  { plan, areaId, day }: { plan: SupplyPointPlan; areaId: number; day: string },
): Promise<SupplyPoint> {
  const { first, exchange } = plan;
  const supplyPointId = await createSupplyPoint(admin, utilityId, { areaId });
  const { meterId } = await fitMeter(admin, utilityId, { supplyPointId });
  const goes =
    exchange &&
    instantOf(day, 24).getTime() + exchange.hoursFromDayEnd * HOUR_MS + exchange.besideMs;
  const stays: FittedTerminal[] = [
    {
      ...first,
      fromAt: instantOf(addDays(days[0]!, -DAYS_BEFORE - 1), 0),
      toAt: goes === null ? null : new Date(goes),
    },
  ];
  if (exchange?.second) {
    const fromAt = new Date(Number(goes) + exchange.gapHours * HOUR_MS);
    stays.push({ ...exchange.second, fromAt, toAt: null });
  }
  const terminals = [];
  for (const { toAt, ...stay } of stays) {
    const fixture = { ...stay, ...(toAt === null ? {} : { toAt }), supplyPointId };
    const { terminalId } = await fitTerminal(admin, utilityId, fixture);
    terminals.push({ ...stay, toAt, terminalId });
  }
  return {
    ...{ supplyPointId, meterId, terminals },
    ...(await occupy(admin, utilityId, { supplyPointId })),
    stored: new Set(days.filter((_, at) => plan.stored[at])),
  };
}

/**
 * Stores through the product's own function, so that the feed informs the roll-up; also a much earlier day for each
 * supply point.
 */
async function store({ database, utilityId, days, supplyPoints }: World): Promise<void> {
  const before = addDays(days[0]!, -DAYS_BEFORE);
  const reports = supplyPoints.flatMap(({ meterId, terminals, stored }) =>
    [before, ...stored].map((day, at) => {
      const indexL = rising(1000 + daysBetween(before, day) * 240, 10);
      return {
        ...{ meter_id: meterId, terminal_id: terminals[0]!.terminalId, day, arrival: 1 },
        ...{ counter: at + 1, frame_check: at + 1, pressure_pa: rising(2000, 1) },
        ...{ index_l: indexL, closing_index_l: indexL[23], closing_hour: 24 },
      };
    }),
  );
  await database.ingestPool.query(
    `select store_day_reports($1, (select array_agg(r) from jsonb_populate_recordset(null::day_report_row, $2) r), '{}', now())`,
    [utilityId, JSON.stringify(reports)],
  );
}

/** The terminal that has to report a day: the one fitted at its end. */
function reporterOf({ terminals }: SupplyPoint, day: string) {
  const end = instantOf(day, 24);
  return terminals.find(({ fromAt, toAt }) => fromAt < end && (toAt === null || toAt >= end));
}

/** A closing reading is awaited as long as the report of its day is. */
async function compareClosings(db: ReadDb, w: World, of: SupplyPoint): Promise<void> {
  const { actor, now, days } = w;
  const closings = days.map((day) => ({ closesOn: day, previousOn: addDays(day, -1) }));
  const { customerNumber } = of;
  const said: unknown[] = [];
  for await (const row of streamClosingRows(db, actor, {
    ...{ closingDay: 31, closings, customerNumber, now },
  })) {
    said.push([row.quality === 'awaited', row.expectedAt]);
  }
  deepStrictEqual(
    said,
    days.map((day) => {
      const isAwaited = stateOf(of, day, now) === 'notYetDue';
      const reporter = reporterOf(of, day);
      return [isAwaited, isAwaited && reporter ? formatJst(reportDueAt(day, reporter)) : null];
    }),
  );
}

type State = 'arrived' | 'notYetDue' | 'missing' | 'unexpected';

function stateOf(supplyPoint: SupplyPoint, day: string, now: Date): State {
  const reporter = reporterOf(supplyPoint, day);
  if (!reporter) return 'unexpected';
  if (supplyPoint.stored.has(day)) return 'arrived';
  return now < reportDueAt(day, reporter) ? 'notYetDue' : 'missing';
}

/** Fails when a view contradicts the rule for a day of a supply point. */
export async function compareScenes(database: TestDatabase, scene: Scene): Promise<void> {
  const w = await world(database, scene);
  const read = (fn: (db: ReadDb) => Promise<void>) => readAs(database.db, w.utilityId, fn);
  await read(async (db) => {
    for (const day of w.days) await compareCollection(db, w, day);
    await compareHistory(db, w);
    for (const each of w.supplyPoints) {
      await compareMeter(db, w, each);
      await compareHousehold(db, w, each);
      await compareClosings(db, w, each);
    }
  });
  await rollUpAll(database, w.utilityId);
  await read((db) => compareHistory(db, w));
  await comparePolling(w, reportDueAt(scene.day, scene.supplyPoints[0]!.first));
}

async function compareCollection(db: ReadDb, { actor, now, supplyPoints }: World, day: string) {
  const { rows } = await listCollectionSupplyPoints(db, actor, { day, now, limit: 10, offset: 0 });
  const said = new Map(
    rows.map((row) => [row.supplyPointId, { state: row.state, dueAt: row.dueAt }]),
  );
  for (const each of supplyPoints) {
    const state = stateOf(each, day, now);
    const reporter = reporterOf(each, day);
    deepStrictEqual(
      said.get(each.supplyPointId),
      reporter && {
        state: state === 'arrived' ? 'onTime' : state,
        dueAt: reportDueAt(day, reporter),
      },
    );
  }
  const { total } = await getCollection(db, actor, { day, now });
  deepStrictEqual(countsOf(total), countsOn(supplyPoints, day, now));
}

async function compareHistory(db: ReadDb, w: World): Promise<void> {
  const { actor, now, supplyPoints, days } = w;
  const history = await listCollectionHistory(db, actor, { now, days: DAYS });
  deepStrictEqual(
    history.map(({ day, count }) => ({ day, ...countsOf(count) })),
    days.map((day) => ({ day, ...countsOn(supplyPoints, day, now) })),
  );
}

type Counts = Record<'expected' | 'onTime' | 'missing' | 'notYetDue', number>;

function countsOf({ expected, onTime, missing, notYetDue }: Counts): Counts {
  return { expected, onTime, missing, notYetDue };
}

function countsOn(supplyPoints: readonly SupplyPoint[], day: string, now: Date): Counts {
  const states = supplyPoints.map((each) => stateOf(each, day, now));
  const count = (state: State) => states.filter((each) => each === state).length;
  return {
    expected: supplyPoints.length - count('unexpected'),
    onTime: count('arrived'),
    missing: count('missing'),
    notYetDue: count('notYetDue'),
  };
}

async function compareMeter(
  db: ReadDb,
  { actor, now, days }: World,
  of: SupplyPoint,
): Promise<void> {
  const [from, to] = [days[0]!, days.at(-1)!];
  for (const step of ['hour', 'day'] as const) {
    const input = { meterId: of.meterId, from, to, step, now };
    const said = await getMeterReadings(db, actor, input);
    deepStrictEqual(
      said.days.map(({ gap }) => gap),
      days.map((day) => {
        if (of.stored.has(day)) return null;
        return stateOf(of, day, now) === 'notYetDue' ? 'notYetDue' : 'notArrived';
      }),
    );
  }
}

/** A household's day counts as lost once its report is due and a later day has arrived. */
async function compareHousehold(db: ReadDb, { utilityId, now, days }: World, of: SupplyPoint) {
  const { occupancyId, customerNumber, stored } = of;
  const sessionId = '00000000-0000-4000-8000-000000000000';
  const consumer: ConsumerActor = {
    ...{ kind: 'consumer', utilityId, occupancyId, customerNumber, sessionId },
  };
  const states = new Map<string, string>();
  for (const month of new Set(days.map(monthOf))) {
    const { usage } = await getOwnMonth(db, consumer, { month, now });
    for (const { day, state } of usage.days) states.set(day, state);
  }
  deepStrictEqual(
    days.map((day) => states.get(day)),
    days.map((day) => {
      if (stored.has(day)) return 'whole';
      const isLater = [...stored].some((other) => other > day);
      return isLater && stateOf(of, day, now) !== 'notYetDue' ? 'missing' : 'awaited';
    }),
  );
}

interface PlannedRow {
  meter: number;
  day: string;
  terminal: number;
  due: Date;
}

/** A missing day is requested once it is due from a terminal that was fitted for an hour of it. */
async function comparePolling(
  { database, utilityId, now, days, supplyPoints }: World,
  pausedAt: Date,
): Promise<void> {
  const plan = (after: Date, until: Date) =>
    transactAs(database.workerDb, utilityId, (tx) => planRequests(tx, { after, until }, 0));
  // As the worker does: up to an instant, and later what became due since; here at the very instant of one.
  const paused = new Date(Math.min(now.getTime(), pausedAt.getTime()));
  await plan(instantOf(days[0]!, 0), paused);
  await plan(paused, now);
  const { rows } = await database.adminPool.query<PlannedRow>(
    `select meter_id as meter, day::text, terminal_id as terminal, due_at as due from reading_request
     where utility_id = $1 and day >= $2 order by 1, 2`,
    [utilityId, days[0]],
  );
  const planned = new Map(rows.map((row) => [`${row.meter} ${row.day}`, row]));
  for (const each of supplyPoints) {
    for (const day of days) {
      const row = planned.get(`${each.meterId} ${day}`);
      planned.delete(`${each.meterId} ${day}`);
      const due = each.terminals.filter(
        (terminal) => hasHour(terminal, day) && reportDueAt(day, terminal) <= now,
      );
      const isWanted = !each.stored.has(day) && due.length > 0;
      deepStrictEqual(row !== undefined, isWanted);
      if (stateOf(each, day, now) === 'missing') deepStrictEqual(isWanted, true);
      const input = due.find(({ terminalId }) => terminalId === row?.terminal);
      deepStrictEqual(row?.due, isWanted ? input && reportDueAt(day, input) : undefined);
    }
  }
  deepStrictEqual([...planned.keys()], []);
}

/** Hour k belongs to a terminal that was fitted before k:00 and removed at k:00 or later. */
function hasHour({ fromAt, toAt }: FittedTerminal, day: string): boolean {
  return Array.from({ length: 24 }, (_, at) => instantOf(day, at + 1)).some(
    (hour) => fromAt < hour && (toAt === null || toAt >= hour),
  );
}
