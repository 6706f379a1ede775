import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import type { AreaDaysInput } from '../area-days/area-day.ts';
import { findStaleDays, listHeldDays, remakeDays } from '../area-days/area-day-queries.ts';
import { elementAt } from '../certain.ts';
import { invalidField } from '../errors.ts';
import { lastDueDaySql } from '../readings/report-window-sql.ts';
import { addDays, daysBetween, instantOf } from '../time.ts';
import { type CollectionCount, dayOver, NO_COLLECTION } from './collection.ts';
import { arrivals, firstHour } from './collection-queries.ts';
import type { CollectionDay } from './collection-wire.ts';

interface Period {
  from: string;
  to: string;
  areaId: number | undefined;
  now: Date;
}

type ArrivedCount = Pick<
  CollectionCount,
  'onTime' | 'late' | 'backFill' | 'requested' | 'incomplete'
>;

const LIMIT_DAYS = 62;

/**
 * Counts of each of the last `days` days up to `day`, oldest first, of all areas or of one; each equals the result of
 * `getCollection` for its day. Days on which nothing is expected are included with zeros.
 */
export async function listCollectionHistory(
  db: ReadDb,
  actor: Actor,
  input: { day?: string | undefined; days: number; areaId?: number | undefined; now: Date },
): Promise<CollectionDay[]> {
  requireCapability(actor, 'collection.read');
  const to = dayOver(input.day, input.now);
  if (input.days < 1 || input.days > LIMIT_DAYS) {
    throw invalidField('days', `days is 1 to ${LIMIT_DAYS}`);
  }
  const period = { ...input, from: addDays(to, 1 - input.days), to, areaId: input.areaId };
  const collected =
    (await readRolled(db, actor.utilityId, period)) ?? (await scanCollection(db, period));
  const awaited = await listAwaited(db, period, collected);
  const { expected, arrived } = collected;
  return Array.from({ length: daysBetween(period.from, to) + 1 }, (_, at) => {
    const day = addDays(period.from, at);
    const count = {
      ...NO_COLLECTION,
      ...arrived.get(day),
      expected: expected.get(day) ?? 0,
      notYetDue: awaited.get(day) ?? 0,
    };
    count.missing = count.expected - count.notYetDue - arrivedOf(count);
    return { day, count };
  });
}

interface Collected {
  expected: Map<string, number>;
  /** Those that were expected. */
  arrived: Map<string, ArrivedCount>;
}

/** From the roll-up of the areas, with stale parts recomputed; undefined when a scan is faster. */
async function readRolled(
  db: ReadDb,
  utilityId: number,
  period: Period,
): Promise<Collected | undefined> {
  const areaIds = period.areaId === undefined ? await listAreaIds(db) : [period.areaId];
  const input: AreaDaysInput = { utilityId, areaIds, from: period.from, to: period.to };
  const stale = await findStaleDays(db, input);
  if (stale === undefined) return undefined;
  const parts = [
    ...(await listHeldDays(db, input, stale)),
    ...(await remakeDays(db, input, stale)),
  ];
  const collected: Collected = { expected: new Map(), arrived: new Map() };
  let rows = 0;
  for (const part of parts) {
    const { day, areas, expected, onTime, late, backFill, requested, incomplete } = part;
    const before = collected.arrived.get(day);
    const arrived = { onTime, late, backFill, requested, incomplete };
    collected.arrived.set(day, before ? added(before, arrived) : arrived);
    collected.expected.set(day, (collected.expected.get(day) ?? 0) + expected);
    rows += areas;
  }
  // A day without a row has no reading, and its reports are expected all the same.
  const isWhole = rows === areaIds.length * (daysBetween(period.from, period.to) + 1);
  return isWhole ? collected : { ...collected, expected: await listExpected(db, period) };
}

/** The same from all readings of the period. */
export async function scanCollection(db: ReadDb, period: Period): Promise<Collected> {
  const expected = await listExpected(db, period);
  const all = await listArrived(db, period);
  const unexpected = await listUnexpected(db, period);
  const whole = await listWholeSinceFitting(db, period);
  const arrived = new Map<string, ArrivedCount>();
  for (const day of new Set([...all.keys(), ...unexpected.keys()])) {
    const count = difference(all.get(day), unexpected.get(day));
    arrived.set(day, { ...count, incomplete: count.incomplete - (whole.get(day) ?? 0) });
  }
  return { expected, arrived };
}

async function listAreaIds(db: ReadDb): Promise<number[]> {
  const rows = await db.selectFrom('area').select('area_id').orderBy('area_id').execute();
  return rows.map(({ area_id }) => area_id);
}

/** Number of expected supply points by day; grouped into few periods, however many meters there are. */
async function listExpected(db: ReadDb, period: Period): Promise<Map<string, number>> {
  const { rows } = await sql<{ day: string; n: number }>`
    select g::date as day, sum(n)::int as n
    from (select first_day, last_day, count(*) as n from (${spans(period)}) s group by first_day, last_day) z
    cross join lateral generate_series(first_day, last_day, interval '1 day') g
    group by g::date
  `.execute(db);
  return new Map(rows.map(({ day, n }) => [day, n]));
}

/** Number of awaited reports: neither arrived nor due. Only the last days can have any. */
async function listAwaited(
  db: ReadDb,
  period: Period,
  { expected, arrived }: Collected,
): Promise<Map<string, number>> {
  const due = await findDueDays(db, period.now);
  if (due === undefined || due.fromAll >= period.to) return new Map();
  const first = max(period.from, addDays(due.fromAll, 1));
  const last = min(period.to, due.fromSome);
  const awaited =
    first <= last
      ? await countAwaited(db, { ...period, from: first, to: last })
      : new Map<string, number>();
  // After `fromSome` no report is due: every report that has not arrived is awaited.
  for (let day = max(first, addDays(due.fromSome, 1)); day <= period.to; day = addDays(day, 1)) {
    awaited.set(day, (expected.get(day) ?? 0) - arrivedOf(arrived.get(day) ?? NO_COLLECTION));
  }
  return awaited;
}

/**
 * Number of awaited reports counted meter by meter, for days on which some terminals' reports are due and others' are
 * not.
 */
async function countAwaited(db: ReadDb, period: Period): Promise<Map<string, number>> {
  const { rows } = await sql<{ day: string; n: number }>`
    select g::date as day, count(*)::int as n
    from (${spans(period)}) s
    cross join lateral generate_series(first_day, last_day, interval '1 day') g
    left join meter_day d on d.meter_id = s.meter_id and d.day = g::date
      and d.day between ${period.from} and ${period.to} and ${metersOfArea(period)}
    where d.meter_id is null and g::date > s.last_due_day
    group by g::date
  `.execute(db);
  return new Map(rows.map(({ day, n }) => [day, n]));
}

/** Latest days on which the reports of all terminals, and of any terminal, are due; undefined without terminals. */
async function findDueDays(
  db: ReadDb,
  now: Date,
): Promise<{ fromAll: string; fromSome: string } | undefined> {
  const { rows } = await sql<{ fromAll: string | null; fromSome: string | null }>`
    select min(${lastDueDaySql(now)}) as "fromAll", max(${lastDueDaySql(now)}) as "fromSome"
    from (select distinct report_minute, report_window_minutes from terminal) t
  `.execute(db);
  const { fromAll, fromSome } = elementAt(rows, 0);
  return fromAll === null || fromSome === null ? undefined : { fromAll, fromSome };
}

/** Arrivals by day, expected or not: one scan of the days, or a look-up of each meter of the area. */
async function listArrived(db: ReadDb, period: Period): Promise<Map<string, ArrivedCount>> {
  const { rows } = await sql<ArrivedCount & { day: string }>`
    select d.day, ${arrivals(isWholeDay)} from meter_day d
    where d.day between ${period.from} and ${period.to} and ${metersOfArea(period)}
    group by d.day
  `.execute(db);
  return new Map(rows.map(({ day, ...count }) => [day, count]));
}

/** The part of `listArrived` that was not expected: an exchanged meter's last hours, a closed supply point. */
async function listUnexpected(db: ReadDb, period: Period): Promise<Map<string, ArrivedCount>> {
  const { rows } = await sql<ArrivedCount & { day: string }>`
    with span as materialized (${spans(period)}), partial as (
      select meter_id from (${fittings(period)}) f
      except
      select meter_id from span where first_day = ${period.from} and last_day = ${period.to}
    )
    select d.day, ${arrivals(isWholeDay)}
    from meter_day d
    where d.meter_id = any (array(select meter_id from partial)) and d.day between ${period.from} and ${period.to}
      and not exists (
        select from span s where s.meter_id = d.meter_id and d.day between s.first_day and s.last_day
      )
    group by d.day
  `.execute(db);
  return new Map(rows.map(({ day, ...count }) => [day, count]));
}

/** Days of fitting that are complete since the fitting, and so are not incomplete although hours are missing. */
async function listWholeSinceFitting(db: ReadDb, period: Period): Promise<Map<string, number>> {
  const { rows } = await sql<{ day: string; n: number }>`
    with fresh as materialized (select * from (${spans(period)}) s where first_hour > 1)
    select d.day, count(*)::int as n
    from meter_day d
    join fresh s on d.meter_id = s.meter_id and d.day = s.first_day
    where d.meter_id = any (array(select meter_id from fresh)) and d.day between ${period.from} and ${period.to}
      and array_position(d.index_l, null) is not null and array_position(d.index_l[s.first_hour:24], null) is null
    group by d.day
  `.execute(db);
  return new Map(rows.map(({ day, n }) => [day, n]));
}

const isWholeDay = sql`array_position(d.index_l, null) is null`;

/** Every meter fitted at a supply point of the area in the period. */
function fittings(period: Period) {
  return sql`
    select f.meter_id from meter_fitting f join supply_point s on s.supply_point_id = f.supply_point_id
    where ${inArea(period)} and f.fitted_at < ${instantOf(period.to, 24)}
      and (f.removed_at is null or f.removed_at >= ${instantOf(period.from, 0)})`;
}

/** For an area only its meters' rows `d` are looked up: a join cannot be pushed into the barrier view. */
function metersOfArea(period: Period) {
  return period.areaId === undefined
    ? sql`true`
    : sql`d.meter_id = any (array(select meter_id from (${fittings(period)}) f))`;
}

/** Per pair of fittings, the days at whose end the supply point is open with this meter and a terminal. */
function spans(period: Period) {
  const { from, to } = period;
  const begin = instantOf(from, 24);
  const end = instantOf(to, 24);
  return sql`
    select every_pair.*, ${firstHour(sql`first_day`, sql`since`)} as first_hour from (
      select f.meter_id, ${lastDueDaySql(period.now)} as last_due_day, greatest(f.fitted_at, tf.from_at) as since,
             greatest(${from}::date, s.opened_on, (f.fitted_at at time zone 'Asia/Tokyo')::date,
                      (tf.from_at at time zone 'Asia/Tokyo')::date) as first_day,
             least(${to}::date, s.closed_on - 1, (f.removed_at at time zone 'Asia/Tokyo')::date - 1,
                   (tf.to_at at time zone 'Asia/Tokyo')::date - 1) as last_day
      from supply_point s
      join meter_fitting f on f.supply_point_id = s.supply_point_id
        and f.fitted_at < ${end} and (f.removed_at is null or f.removed_at >= ${begin})
      join terminal_fitting tf on tf.supply_point_id = s.supply_point_id
        and tf.from_at < ${end} and (tf.to_at is null or tf.to_at >= ${begin})
      join terminal t on t.terminal_id = tf.terminal_id
      where ${inArea(period)}
    ) every_pair where first_day <= last_day`;
}

function inArea({ areaId }: Period) {
  return areaId === undefined ? sql`true` : sql`s.area_id = ${areaId}`;
}

/** Number of arrived reports, of every arrival. */
function arrivedOf({ onTime, late, backFill, requested }: ArrivedCount): number {
  return onTime + late + backFill + requested;
}

function min(one: string, other: string): string {
  return one < other ? one : other;
}

function max(one: string, other: string): string {
  return one > other ? one : other;
}

function added(one: ArrivedCount, other: ArrivedCount): ArrivedCount {
  return {
    onTime: one.onTime + other.onTime,
    late: one.late + other.late,
    backFill: one.backFill + other.backFill,
    requested: one.requested + other.requested,
    incomplete: one.incomplete + other.incomplete,
  };
}

function difference(all: ArrivedCount | undefined, part: ArrivedCount | undefined): ArrivedCount {
  return {
    onTime: (all?.onTime ?? 0) - (part?.onTime ?? 0),
    late: (all?.late ?? 0) - (part?.late ?? 0),
    backFill: (all?.backFill ?? 0) - (part?.backFill ?? 0),
    requested: (all?.requested ?? 0) - (part?.requested ?? 0),
    incomplete: (all?.incomplete ?? 0) - (part?.incomplete ?? 0),
  };
}
