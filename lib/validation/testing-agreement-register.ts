/** Writes random supply points of the property of validation: register, days and edits, many places in few statements. */
import { sql } from 'kysely';
import type pg from 'pg';
import { transactAs } from '../../db/client.ts';
import type { TestDatabase } from '../../db/testing/database.ts';
import { createArea } from '../../db/testing/fixtures.ts';
import { certain } from '../certain.ts';
import { addDays } from '../time.ts';
import {
  daysOf,
  FIRST_DAY,
  instantOfHour,
  type SpoiledPlace,
  standingEdits,
} from './testing-spoiled-place.ts';

/** Size (号) of the meters, m³ in an hour. */
export const METER_SIZE = 6;

export interface Registered {
  supplyPointId: number;
  meterIds: number[];
}

interface Places {
  places: readonly SpoiledPlace[];
  registered: readonly Registered[];
}

/** Writes the edits of the places as they stand in the end, past the functions, which take their time. */
export async function writeEdits(
  admin: pg.Pool,
  utilityId: number,
  { places, registered }: Places,
): Promise<void> {
  const days = places.flatMap(({ fittings }, place) =>
    fittings.flatMap((fitting, position) => {
      const meter = certain(registered[place]?.meterIds[position], 'a registered meter');
      const standing = [...standingEdits(fitting)].toSorted(([a], [b]) => a - b);
      const dayAt = ([hour]: readonly [number, unknown]) => Math.ceil(hour / 24) - 1;
      return [...new Set(standing.map(dayAt))].map((day) => {
        const edits = standing.filter((edit) => dayAt(edit) === day);
        return {
          ...{ meter, day: addDays(FIRST_DAY, day) },
          hours: edits.map(([hour]) => ((hour - 1) % 24) + 1),
          kinds: edits.map(([, { kind }]) => kind),
          index: edits.map(([, { indexL }]) => indexL),
        };
      });
    }),
  );
  await admin.query(
    `insert into edited_day (utility_id, meter_id, day, hours, kinds, index_l, edit_ids, entered_hours, changed_at)
     select $1, x.meter, x.day, x.hours, x.kinds, x.index, array_fill(1, array[cardinality(x.hours)]),
       array(select u.hour from unnest(x.hours, x.kinds) u (hour, kind) where u.kind = 'entered' order by 1), '2026-10-20 00:00+09'
     from jsonb_to_recordset($2) x (meter integer, day date, hours smallint[], kinds text[], index integer[])`,
    [utilityId, JSON.stringify(days)],
  );
}

/** Makes the edits of the places by the functions of the product; then takes back those that are to be. */
export async function makeEdits(
  { adminPool, db }: TestDatabase,
  utilityId: number,
  { places, registered }: Places,
): Promise<void> {
  const edits = places.flatMap(({ fittings }, place) =>
    fittings.flatMap(({ edits: of }, fitting) =>
      of.map(({ kind, hours, indexL, isTakenBack }) => ({
        ...{ kind, index: indexL, back: isTakenBack },
        meter: certain(registered[place]?.meterIds[fitting], 'a registered meter'),
        day: addDays(FIRST_DAY, Math.ceil(certain(hours[0], 'an hour') / 24) - 1),
        hours: hours.map((hour) => ((hour - 1) % 24) + 1),
      })),
    ),
  );
  if (edits.length === 0) return;
  // No second look: it is not what is proven here.
  await adminPool.query('update utility set second_look_l = 2147483647 where utility_id = $1', [
    utilityId,
  ]);
  await transactAs(db, utilityId, async (tx) => {
    const { rows } = await sql<{ editId: number; back: boolean }>`
      select made.edit_id as "editId", x.back
      from jsonb_to_recordset(${JSON.stringify(edits)}::jsonb)
        x (meter integer, day date, kind text, hours smallint[], index integer[], back boolean)
      cross join lateral edit_reading(x.meter, x.day, x.kind, x.hours, x.index, 'read-on-site', '', '{}', 'system:test') made`.execute(
      tx,
    );
    const back = rows.filter((row) => row.back).map(({ editId }) => editId);
    await sql`
      select take_back_edit(e.edit_id, '{}', 'system:test') from reading_edit e
      where e.edit_id = any (${back}::int[]) and e.state = 'standing'`.execute(tx);
  });
}

/** Inserts places with meters, terminals, customers and days; returns their ids. */
export async function registerPlaces(
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
    select $1, g.nth::text, 'city', ${METER_SIZE}, g.dial_l from given g returning meter_id, serial
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
