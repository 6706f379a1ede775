/**
 * Property of validation: a register that cannot be a reading changes no sum whose ends are sound; without one nothing
 * is marked; and closing, household and meter's page have the same litres for every day and period.
 */
import type pg from 'pg';
import { readAs } from '../../db/client.ts';
import type { ReadDb } from '../../db/schema.ts';
import type { TestDatabase } from '../../db/testing/database.ts';
import { createArea, createUtility } from '../../db/testing/fixtures.ts';
import { certain } from '../certain.ts';
import { closingCalendar } from '../closing/closing-day.ts';
import { streamClosingRows } from '../closing/closing-queries.ts';
import type { ClosingRow } from '../closing/closing-row.ts';
import { getMeterReadings } from '../meters/meter-reading-queries.ts';
import type { BatchProperty } from '../testing/history.ts';
import { addDays } from '../time.ts';
import { type DayIndexes, hourNumber, type UsageLine, usageLine } from '../usage/usage-line.ts';
import { listFittedMeters } from '../usage/usage-line-queries.ts';
import { usageBetween, usageByDay } from '../usage/usage-totals.ts';
import {
  DAYS,
  daysOf,
  FIRST_DAY,
  instantOfHour,
  livePlace,
  type SpoiledEvent,
  type SpoiledPlace,
  spoiledPlaces,
} from './testing-spoiled-place.ts';
import { validateAll } from './testing-validate.ts';

const BATCH = 250;
/** Of so many places one is asked of the meter's page, which answers for one meter at a time. */
const PAGE_OF = 10;
const NOW = new Date('2026-10-20T00:00:00+09:00');
const LAST_DAY = addDays(FIRST_DAY, DAYS - 1);
const CLOSING = { closingDay: 3, fromMonth: '2026-10', toMonth: '2026-10' };

interface Registered {
  supplyPointId: number;
  meterIds: number[];
}

interface Shown extends Registered {
  place: SpoiledPlace;
  line: UsageLine;
  row: ClosingRow | undefined;
  hasVerdict: boolean;
  page: { hour: (number | null)[]; day: (number | null)[] } | undefined;
}

export function agreementHistories(database: TestDatabase): BatchProperty<SpoiledEvent> {
  return {
    histories: spoiledPlaces,
    batchSize: BATCH,
    live: async (histories) => (await show(database, histories.map(livePlace))).map(faultOf),
  };
}

async function show(database: TestDatabase, places: readonly SpoiledPlace[]): Promise<Shown[]> {
  const { adminPool, db } = database;
  const utilityId = await createUtility(adminPool);
  const registered = await register(adminPool, utilityId, places);
  await validateAll(database, utilityId, NOW);
  const actor = { kind: 'system', utilityId, name: 'test' } as const;
  return readAs(db, utilityId, async (read) => {
    const { closings } = closingCalendar(CLOSING, NOW);
    const rows = new Map<number, ClosingRow>();
    const selection = { closingDay: CLOSING.closingDay, closings, now: NOW };
    for await (const row of streamClosingRows(read, actor, selection))
      rows.set(row.supplyPointId, row);
    const days = await listSoundDays(read, utilityId);
    const doubted = await listDoubted(read, utilityId);
    const shown: Shown[] = [];
    for (const [at, place] of places.entries()) {
      const of = certain(registered[at], 'a registered place');
      const meters = await listFittedMeters(read, { utilityId, supplyPointId: of.supplyPointId });
      const page = at % PAGE_OF === 0 ? await readPage(read, actor, of) : undefined;
      shown.push({
        ...{ ...of, place, page, row: rows.get(of.supplyPointId) },
        line: usageLine(
          meters,
          of.meterIds.flatMap((meterId) => days.get(meterId) ?? []),
        ),
        hasVerdict: of.meterIds.some((meterId) => doubted.has(meterId)),
      });
    }
    return shown;
  });
}

async function readPage(
  read: ReadDb,
  actor: Parameters<typeof getMeterReadings>[1],
  { meterIds }: Registered,
) {
  const usageOf = async (step: 'hour' | 'day') => {
    const meterId = certain(meterIds[0], 'the first meter');
    const input = { meterId, from: FIRST_DAY, to: LAST_DAY, step, now: NOW };
    const { days } = await getMeterReadings(read, actor, input);
    return days.map(({ usageL }) => usageL);
  };
  return { hour: await usageOf('hour'), day: await usageOf('day') };
}

async function listSoundDays(read: ReadDb, utilityId: number): Promise<Map<number, DayIndexes[]>> {
  const rows = await read
    .selectFrom('sound_day')
    .where('utility_id', '=', utilityId)
    .select(['meter_id as meterId', 'day', 'index_l as indexL', 'doubtful_hours as doubtfulHours'])
    .execute();
  const byMeter = new Map<number, DayIndexes[]>();
  for (const row of rows) byMeter.set(row.meterId, [...(byMeter.get(row.meterId) ?? []), row]);
  return byMeter;
}

async function listDoubted(read: ReadDb, utilityId: number): Promise<Set<number>> {
  const rows = await read
    .selectFrom('reading_verdict')
    .where('utility_id', '=', utilityId)
    .select('meter_id')
    .execute();
  return new Set(rows.map(({ meter_id }) => meter_id));
}

/** What does not hold of a place; undefined when all does. */
function faultOf({ place, line, row, hasVerdict, page }: Shown): string | undefined {
  const days = usageByDay(line, FIRST_DAY, LAST_DAY);
  if (place.spoiledHours.size === 0) {
    if (hasVerdict) return 'a verdict, though nothing is spoiled';
    const marks = days.flatMap(({ marks: of }) => of).filter((mark) => UNEXPECTED.has(mark));
    if (marks.length > 0) return `${marks[0]}, though nothing is spoiled`;
  }
  const known = (hour: number) =>
    hour === 0 ||
    place.fittings.some(({ reported }) => reported.has(hour) && !place.spoiledHours.has(hour));
  for (const [number, { day, usageL }] of days.entries()) {
    const trueL = place.usedL(number * 24 + 24) - place.usedL(number * 24);
    if (known(number * 24) && known(number * 24 + 24) && usageL !== trueL) {
      return `${day}: ${usageL} L, and truly ${trueL} L`;
    }
  }
  return faultOfPage(days, page) ?? faultOfClosing({ place, line, row }, known);
}

const UNEXPECTED: ReadonlySet<string> = new Set(['doubtful', 'fallen', 'implausible']);

function faultOfPage(
  days: readonly { day: string; usageL: number | null }[],
  page: Shown['page'],
): string | undefined {
  for (const step of page ? (['hour', 'day'] as const) : []) {
    const at = days.findIndex(({ usageL }, number) => page?.[step][number] !== usageL);
    if (at >= 0) {
      return `${days[at]?.day}: ${days[at]?.usageL} L in the usage line, ${page?.[step][at]} L by the ${step}`;
    }
  }
  return undefined;
}

function faultOfClosing(
  { place, line, row }: Pick<Shown, 'place' | 'line' | 'row'>,
  known: (hour: number) => boolean,
): string | undefined {
  if (!row) return 'no row of the closing';
  const period = usageBetween(line, hourNumber('2026-09-03', 24), hourNumber('2026-10-03', 24));
  if (row.usageL !== period.usageL) {
    return `closing: ${row.usageL} L (${row.remarks.join(' ')}), and ${period.usageL} L in the usage line`;
  }
  const [from, to] = [3 * 24, 33 * 24];
  const trueL = place.usedL(to) - place.usedL(from);
  if (known(from) && known(to) && row.usageL !== trueL)
    return `closing: ${row.usageL} L, and truly ${trueL} L`;
  const isSpoiled = place.spoiledHours.size > 0;
  const doubts = row.remarks.filter((remark) => DOUBTS.has(remark));
  if (!isSpoiled && doubts.length > 0) return `closing: ${doubts[0]}, though nothing is spoiled`;
  return undefined;
}

const DOUBTS: ReadonlySet<string> = new Set([
  'reading-doubtful',
  'implausible',
  'index-fell',
  'unvalidated',
]);

/** Inserts places with meters, terminals, customers and days; returns their ids. */
async function register(
  admin: pg.Pool,
  utilityId: number,
  places: readonly SpoiledPlace[],
): Promise<Registered[]> {
  const areaId = await createArea(admin, utilityId);
  const fittings = places.flatMap(({ dialL, fittings: of }, place) =>
    of.map((fitting) => ({
      ...{ place, dial_l: dialL, start_l: fitting.startL, final_l: fitting.finalL },
      fitted_at: instantOfHour(fitting.fittedAt),
      removed_at: fitting.removedAt === null ? null : instantOfHour(fitting.removedAt),
    })),
  );
  const { rows } = await admin.query<{
    place: number;
    supplyPointId: number;
    meterId: number;
    terminalId: number;
  }>(REGISTER, [utilityId, areaId, JSON.stringify(fittings), FIRST_DAY]);
  const registered: (Registered & { terminalId: number })[] = [];
  for (const { place, supplyPointId, meterId, terminalId } of rows) {
    const of = registered[place] ?? { supplyPointId, meterIds: [], terminalId };
    of.meterIds.push(meterId);
    registered[place] = of;
  }
  const days = places.flatMap((place, at) =>
    daysOf(place).map(({ fitting, day, indexL }) => {
      const of = certain(registered[at], 'a registered place');
      return { meter: of.meterIds[fitting], terminal: of.terminalId, day, index: indexL };
    }),
  );
  await admin.query(
    `insert into series.meter_day (utility_id, meter_id, day, index_l, pressure_pa, closing_index_l, closing_hour, terminal_id,
                                   counter, frame_check, received_at, arrival)
     select $1, r.meter, r.day, r.index, array_fill(2000, array[24]), r.index[last_known_hour(r.index)], last_known_hour(r.index),
            r.terminal, 1, 0, r.day + 1, 1
     from jsonb_to_recordset($2) r (meter integer, terminal integer, day date, index integer[])`,
    [utilityId, JSON.stringify(days)],
  );
  return registered;
}

const REGISTER = `
  with given as materialized (
    select g.*, row_number() over (order by g.place, g.fitted_at) as nth
    from jsonb_to_recordset($3) g (place integer, dial_l integer, start_l integer, final_l integer, fitted_at timestamptz, removed_at timestamptz)
  ), point as (
    insert into supply_point (utility_id, number, area_id, gas_kind, closing_day, opened_on)
    select $1, g.place::text, $2, 'city', 3, '2020-01-01' from given g group by g.place returning supply_point_id, number
  ), customer as (
    insert into occupancy (utility_id, supply_point_id, customer_number, from_on)
    select $1, p.supply_point_id, p.number, $4 from point p
  ), metered as (
    insert into meter (utility_id, serial, gas_kind, size, dial_l)
    select $1, g.nth::text, 'city', 6, g.dial_l from given g returning meter_id, serial
  ), fitted as (
    insert into meter_fitting (utility_id, meter_id, supply_point_id, fitted_at, removed_at, start_index_l, final_index_l)
    select $1, m.meter_id, p.supply_point_id, g.fitted_at, g.removed_at, g.start_l, g.final_l
    from given g join metered m on m.serial = g.nth::text join point p on p.number = g.place::text
  ), reporting as (
    insert into terminal (utility_id, number, model, secret_hash)
    select $1, '8' || $1 || lpad(p.number, 5, '0'), 'external', sha256('x') from point p returning terminal_id, number
  ), beside as (
    insert into terminal_fitting (utility_id, terminal_id, supply_point_id, from_at)
    select $1, t.terminal_id, p.supply_point_id, '2020-01-01'
    from reporting t join point p on t.number = '8' || $1 || lpad(p.number, 5, '0')
  )
  select g.place, p.supply_point_id as "supplyPointId", m.meter_id as "meterId", t.terminal_id as "terminalId"
  from given g join metered m on m.serial = g.nth::text join point p on p.number = g.place::text
  join reporting t on t.number = '8' || $1 || lpad(p.number, 5, '0')
  order by g.place, g.fitted_at`;
