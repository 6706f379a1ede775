/**
 * Property of closings: whatever is registered late, arrives late, is left out or issued again, each occupancy that was
 * open since its last issued closing stands in exactly one row of a run, the product's own account says the same, and
 * each litre is billed once.
 */
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { transactAs } from '../../db/client.ts';
import type { TestDatabase } from '../../db/testing/database.ts';
import { createArea, createUtility } from '../../db/testing/fixtures.ts';
import type { SystemActor } from '../actor.ts';
import { certain } from '../certain.ts';
import type { BatchProperty } from '../testing/history.ts';
import { instantOf } from '../time.ts';
import { type Closing, closingCalendar } from './closing-day.ts';
import { type IssuedRun, issueClosings } from './run-commands.ts';
import { PlaceRuns, type RunRow } from './testing-completeness-check.ts';
import {
  COURSES,
  type Course,
  dateOf,
  livePlace,
  monthText,
  type OccupancyEvent,
  type OccupancyPlace,
  occupancyHistories,
  PLACE_CLOSING_DAYS,
  RUN_MONTHS,
} from './testing-occupancy-history.ts';
import { createPlaces, knowMonth } from './testing-occupancy-rows.ts';

const NOW = new Date('2025-07-01T00:00:00+09:00');

/** A place of each closing day where nothing happens: a history alone then has the closings that it has beside others. */
const NEIGHBOURS = PLACE_CLOSING_DAYS.map((closingDay) =>
  livePlace([{ kind: 'place', closingDay, course: COURSES[0], occupied: true, startNoted: false }]),
);

export function completenessHistories(database: TestDatabase): BatchProperty<OccupancyEvent> {
  return {
    histories: occupancyHistories,
    batchSize: 2500,
    live: async (histories) => {
      const places = histories.map(livePlace);
      const faults = new Map<OccupancyPlace, string | undefined>();
      for (const course of COURSES) {
        const of = places.filter((place) => place.course === course);
        if (of.length > 0) await live(database, course, [...of, ...NEIGHBOURS], faults);
      }
      return places.map((place) => faults.get(place));
    },
  };
}

interface Scene {
  database: TestDatabase;
  actor: SystemActor;
  places: readonly OccupancyPlace[];
  /** Ids of their supply points, place by place. */
  ids: readonly number[];
  runs: ReadonlyMap<number, PlaceRuns>;
  faults: Map<OccupancyPlace, string | undefined>;
  /** By closing day the day before the first period that was issued. */
  firstOn: Map<number, string>;
}

async function live(
  database: TestDatabase,
  course: Course,
  places: readonly OccupancyPlace[],
  faults: Scene['faults'],
): Promise<void> {
  const { adminPool } = database;
  const utilityId = await createUtility(adminPool);
  const areaId = await createArea(adminPool, utilityId);
  const ids = await createPlaces(adminPool, { utilityId, areaId }, places);
  const runs = new Map(ids.map((id) => [id, new PlaceRuns()]));
  const actor: SystemActor = { kind: 'system', utilityId, name: 'test' };
  const scene = { database, actor, places, ids, runs, faults, firstOn: new Map() };
  await knowMonth(adminPool, { utilityId, places, ids, month: 0 });
  for (const month of RUN_MONTHS) {
    await knowMonth(adminPool, { utilityId, places, ids, month });
    // What autovacuum does within minutes: without it the planner takes a thousand rows for one.
    await adminPool.query(
      'analyze supply_point, occupancy, meter, meter_fitting, closing_run_row, closing_run_figure',
    );
    for (const issued of monthsToIssue(course, month)) await issueMonth(scene, issued, month);
  }
  for (const [at, place] of places.entries()) {
    const of = certain(runs.get(ids[at] ?? 0), 'runs of each place');
    faults.set(place, faults.get(place) ?? of.faultOfLitres());
  }
}

/** Months whose closings are issued in a month, in order. */
function monthsToIssue(course: Course, month: number): number[] {
  if (month === RUN_MONTHS[0]) return [month];
  if (course === 'skipped') return [[month], [], [month, 2], [month]][month - 1] ?? [];
  return course === 'again' ? [month - 1, month] : [month, month - 1];
}

/** Issues the closings of a month, and looks at the rows of each place as it is known in `known`. */
async function issueMonth(scene: Scene, month: number, known: number): Promise<void> {
  const { database, actor } = scene;
  for (const closingDay of PLACE_CLOSING_DAYS) {
    const text = monthText(month);
    const period = { closingDay, fromMonth: text, toMonth: text };
    const closing = certain(closingCalendar(period, NOW).closings[0], 'a closing of each month');
    const selection = { closingDay, closings: [closing], now: NOW };
    const input = {
      selection,
      kind: { format: 'machine' } as const,
      exportId: randomUUID(),
      now: NOW,
    };
    const [run] = await transactAs(database.db, actor.utilityId, (tx) =>
      issueClosings(tx, actor, input),
    );
    if (run) await look(scene, { closingDay, closing, run, known });
  }
}

interface Look {
  closingDay: number;
  closing: Closing;
  run: IssuedRun;
  known: number;
}

async function look(scene: Scene, { closingDay, closing, run, known }: Look): Promise<void> {
  const { places, ids, runs, faults, firstOn } = scene;
  const rows = await rowsOf(scene.database.adminPool, scene.actor.utilityId, run.runId);
  const since = [firstOn.get(closingDay), closing.previousOn].filter((on) => on !== undefined);
  const first = certain(since.sort()[0], 'the first period');
  let missing = 0;
  for (const [at, place] of places.entries()) {
    const id = ids[at] ?? 0;
    const of = { closingDay, closing, rows: rows.get(id) ?? [] };
    const as = certain(place.known[known], 'what is known in each month');
    const found = certain(runs.get(id), 'runs of each place').add(of, as, first);
    missing += found.missing;
    faults.set(place, faults.get(place) ?? found.fault);
  }
  if (run.missing !== missing) {
    const told = `the account misses ${run.missing} occupancies, not ${missing}`;
    for (const place of places) faults.set(place, faults.get(place) ?? told);
  }
  firstOn.set(closingDay, first);
}

const BASE_S = instantOf(dateOf(0), 0).getTime() / 1000;

/** The rows of a run by supply point. */
async function rowsOf(
  admin: pg.Pool,
  utilityId: number,
  runId: number,
): Promise<Map<number, RunRow[]>> {
  const hour = (column: string) =>
    `((extract(epoch from r.${column}) - ${BASE_S}) / 3600)::double precision`;
  const { rows } = await admin.query<RunRow & { id: number }>(
    `select r.supply_point_id as id, o.from_on - $3::date as "fromDay", r.kind, r.closes_on - $3::date as day,
       ${hour('previous_at')} as "previousAt", ${hour('read_at')} as "readAt", g.usage_l as "usageL",
       'issued-beyond' = any (g.remarks) as "isBeyond"
     from closing_run_row r join closing_run_figure g using (utility_id, run_id, row_number)
     join occupancy o using (utility_id, occupancy_id)
     where r.utility_id = $1 and r.run_id = $2`,
    [utilityId, runId, dateOf(0)],
  );
  const byPlace = new Map<number, RunRow[]>();
  for (const { id, ...row } of rows) {
    const own = byPlace.get(id) ?? [];
    own.push(row);
    byPlace.set(id, own);
  }
  return byPlace;
}
