import { type RawBuilder, sql } from 'kysely';
import type { Arrival, ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { type Page, readPage } from '../list-page.ts';
import { arrivalWord } from '../readings/arrival.ts';
import { findTerminalRefusals, type TerminalRefusals } from '../readings/refusal-queries.ts';
import { holdsDayEnd, lastDueDaySql, reportDueAtSql } from '../readings/report-window-sql.ts';
import { addDays, dayOf, daysBetween, instantOf } from '../time.ts';
import {
  type CollectionCount,
  type CollectionState,
  dayOver,
  missingAdvice,
  sumCollections,
} from './collection.ts';
import type {
  Collection,
  CollectionSupplyPoint,
  CollectionSupplyPoints,
} from './collection-wire.ts';

/** Counts of one day, in all and by area. @throws DomainError `forbidden`, `invalid_input` (a day not over yet). */
export async function getCollection(
  db: ReadDb,
  actor: Actor,
  input: { day?: string | undefined; now: Date },
): Promise<Collection> {
  requireCapability(actor, 'collection.read');
  const day = dayOver(input.day, input.now);
  const { rows } = await sql<Omit<Collection['areas'][number], 'count'> & CollectionCount>`
    with point as (${expectedSupplyPoints(day, input.now)}), counted as (
      select p.area_id, count(*) as expected, ${counts}
      from point p left join meter_day d on d.meter_id = p.meter_id and d.day = ${day}
      group by p.area_id
    )
    select a.area_id as "areaId", a.code, a.name, a.gas_kind as "gasKind", c.expected, c."onTime", c.late,
           c."backFill", c.requested, c.incomplete, c.missing, c."notYetDue"
    from counted c join area a on a.area_id = c.area_id
    order by a.code
  `.execute(db);
  const areas = rows.map(({ areaId, code, name, gasKind, ...count }) => {
    return { areaId, code, name, gasKind, count };
  });
  return { day, total: sumCollections(areas.map((area) => area.count)), areas };
}

/** Supply points behind the counts, those silent longest first. */
export async function listCollectionSupplyPoints(
  db: ReadDb,
  actor: Actor,
  input: {
    day?: string | undefined;
    state?: CollectionState | undefined;
    areaId?: number | undefined;
    limit: number;
    offset: number;
    now: Date;
  },
): Promise<CollectionSupplyPoints> {
  requireCapability(actor, 'collection.read');
  const day = dayOver(input.day, input.now);
  const { total, rows } = await readPage(input, (page) =>
    supplyPointRows(db, { ...input, day, page }),
  );
  const terminalNumbers = rows.map((row) => row.terminal_number);
  const refusals = await findTerminalRefusals(db, terminalNumbers, { day, now: input.now });
  return {
    total,
    rows: rows.map((row) => supplyPointOf(row, { day, now: input.now, refusals })),
  };
}

interface SupplyPointsInput {
  day: string;
  state?: CollectionState | undefined;
  areaId?: number | undefined;
  now: Date;
  page: Page;
}

async function supplyPointRows(db: ReadDb, input: SupplyPointsInput): Promise<SupplyPointRow[]> {
  const { day, page } = input;
  // A join cannot be pushed into the barrier view: without this, an area would read the day's rows of the whole
  // utility.
  const ofArea =
    input.areaId === undefined
      ? sql`true`
      : sql`d.meter_id = any (array(select meter_id from point))`;
  const { rows } = await sql<SupplyPointRow>`
    with point as materialized (${expectedSupplyPoints(day, input.now, input.areaId)}), page as (
      select p.*, d.arrival, d.received_at, cardinality(array_remove(d.index_l, null)) as index_count,
             ${isWhole} as whole, ts.last_seen_at, count(*) over () as total
      from point p
      left join meter_day d on d.meter_id = p.meter_id and d.day = ${day} and ${ofArea}
      left join terminal_state ts on ts.terminal_id = p.terminal_id
      where ${inState(input.state)}
      order by ts.last_seen_at nulls first, p.supply_point_number
      limit ${page.limit} offset ${page.offset}
    )
    select p.*, a.name as area_name, m.serial, t.number as terminal_number, ${reportDueAtSql(day)} as due_at, o.customer_number, l.day as last_day,
           u.poll_days_back, r.asked_count, r.last_asked_at, r.given_up_at
    from page p
    join area a on a.area_id = p.area_id
    join meter m on m.meter_id = p.meter_id
    join terminal t on t.terminal_id = p.terminal_id
    join utility u on u.utility_id = current_utility_id()
    left join occupancy o on o.supply_point_id = p.supply_point_id and o.from_on <= ${day}
      and (o.to_on is null or o.to_on > ${day})
    left join reading_request r on r.meter_id = p.meter_id and r.day = ${day}
    left join lateral (
      select e.day from meter_day e
      where e.meter_id = p.meter_id and e.day < ${day} and e.day >= ${addDays(day, -400)}
      order by e.day desc limit 1
    ) l on true
    order by p.last_seen_at nulls first, p.supply_point_number
  `.execute(db);
  return rows;
}

interface SupplyPointRow {
  total: number;
  supply_point_id: number;
  supply_point_number: string;
  customer_number: string | null;
  area_name: string;
  meter_id: number;
  serial: string;
  terminal_number: string;
  due_at: Date;
  awaited: boolean;
  arrival: Arrival | null;
  received_at: Date | null;
  index_count: number | null;
  first_hour: number;
  whole: boolean;
  asked_count: number | null;
  last_asked_at: Date | null;
  given_up_at: Date | null;
  last_day: string | null;
  last_seen_at: Date | null;
  poll_days_back: number;
}

function supplyPointOf(
  row: SupplyPointRow,
  { day, now, refusals }: { day: string; now: Date; refusals: Map<string, TerminalRefusals> },
): CollectionSupplyPoint {
  const refused = refusals.get(row.terminal_number);
  const state = stateOf(row);
  return {
    supplyPointId: row.supply_point_id,
    supplyPointNumber: row.supply_point_number,
    customerNumber: row.customer_number,
    areaName: row.area_name,
    meterId: row.meter_id,
    meterSerial: row.serial,
    terminalNumber: row.terminal_number,
    state,
    indexCount: row.index_count,
    expectedCount: 25 - row.first_hour,
    receivedAt: row.received_at,
    dueAt: row.due_at,
    lastDay: row.last_day,
    lastSeenAt: row.last_seen_at,
    askedCount: row.asked_count ?? 0,
    lastAskedAt: row.last_asked_at,
    advice:
      state === 'missing'
        ? missingAdvice({
            lastSeenAt: row.last_seen_at,
            dueAt: row.due_at,
            now,
            missingDays: daysBetween(day, dayOf(now)),
            pollDaysBack: row.poll_days_back,
            givenUp: row.given_up_at !== null,
            refusal: refused?.ofDay ?? null,
          })
        : null,
    refusal: refused?.ofDay ?? null,
    refused: refused?.summary ?? null,
  };
}

function stateOf(row: SupplyPointRow): CollectionState {
  if (row.arrival === null) return row.awaited ? 'notYetDue' : 'missing';
  return row.whole ? arrivalWord(row.arrival) : 'incomplete';
}

/**
 * The open supply points with a meter and a terminal at the end of the day; `awaited` while the report is not yet due.
 */
function expectedSupplyPoints(day: string, now: Date, areaId?: number) {
  const end = instantOf(day, 24);
  return sql`
    select s.supply_point_id, s.number as supply_point_number, s.area_id, f.meter_id, t.terminal_id,
           ${day}::date > ${lastDueDaySql(now)} as awaited,
           ${firstHour(day, sql`greatest(f.fitted_at, tf.from_at)`)} as first_hour
    from supply_point s
    join meter_fitting f on f.supply_point_id = s.supply_point_id
      and ${holdsDayEnd(end, sql`f.fitted_at`, sql`f.removed_at`)}
    join terminal_fitting tf on tf.supply_point_id = s.supply_point_id
      and ${holdsDayEnd(end, sql`tf.from_at`, sql`tf.to_at`)}
    join terminal t on t.terminal_id = tf.terminal_id
    where s.opened_on <= ${day} and (s.closed_on is null or s.closed_on > ${day})
      and ${areaId === undefined ? sql`true` : sql`s.area_id = ${areaId}`}
  `;
}

/** First hour ending of a day that fittings made at `since` can report: later than 1 on the day of fitting. */
export function firstHour(day: string | RawBuilder<unknown>, since: RawBuilder<unknown>) {
  const begin = sql`(${day}::date::timestamp at time zone 'Asia/Tokyo')`;
  return sql`case when ${since} <= ${begin} then 1
    else 1 + floor(extract(epoch from ${since} - ${begin}) / 3600)::int end`;
}

const isWhole = sql`
  array_position(case when p.first_hour = 1 then d.index_l else d.index_l[p.first_hour:24] end, null) is null`;

/** Arrivals of the rows `d` of meter_day, as columns; `whole` is true for complete rows. */
export const arrivals = (whole: RawBuilder<unknown>) => sql`
  count(*) filter (where d.arrival = 1)::int as "onTime", count(*) filter (where d.arrival = 2)::int as late,
  count(*) filter (where d.arrival = 3)::int as "backFill", count(*) filter (where d.arrival = 4)::int as requested,
  count(*) filter (where d.meter_id is not null and not (${whole}))::int as incomplete`;

const counts = sql`${arrivals(isWhole)},
  count(*) filter (where d.meter_id is null and not p.awaited)::int as missing,
  count(*) filter (where d.meter_id is null and p.awaited)::int as "notYetDue"`;

function inState(state: CollectionState | undefined) {
  switch (state) {
    case undefined:
      return sql`true`;
    case 'missing':
      return sql`d.meter_id is null and not p.awaited`;
    case 'notYetDue':
      return sql`d.meter_id is null and p.awaited`;
    case 'incomplete':
      return sql`d.meter_id is not null and not (${isWhole})`;
    case 'onTime':
      return sql`d.arrival = 1`;
    case 'late':
      return sql`d.arrival = 2`;
    case 'backFill':
      return sql`d.arrival = 3`;
    case 'requested':
      return sql`d.arrival = 4`;
  }
}
