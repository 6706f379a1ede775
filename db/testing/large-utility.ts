/**
 * Seeds a utility like one with two million day rows, in seconds: the database makes the rows. Only the newest days
 * have all their values; older ones have only the last hour, which keeps them small.
 */
import type pg from 'pg';
import { addDays } from '../../lib/time.ts';

export const LARGE = {
  meters: 5000,
  days: 400,
  /** Meters of the area `A1`; the rest are in `A2`. */
  smallArea: 50,
  /** Newest days with a value in every hour. */
  fullDays: 40,
  /** Meters with an open request of the last day. */
  wanted: 50,
  /** Tests of each terminal. The last of each of `wanted` terminals is open. */
  tests: 4,
  /** Refused frames of the last terminal, which keeps failing; each other one has four. */
  refused: 20_000,
} as const;

export interface LargeUtility {
  utilityId: number;
  firstDay: string;
  lastDay: string;
  /** The n-th meter, from 1, with its supply point and terminal; those up to `smallArea` are in the small area. */
  home(n: number): Promise<LargeHome>;
}

export interface LargeHome {
  meterId: number;
  supplyPointId: number;
  occupancyId: number;
  areaId: number;
  terminalId: number;
  customerNumber: string;
  terminalNumber: string;
  serial: string;
}

/** Seeds the utility, with days up to `lastDay`, and a small second one; analyzes both. */
export async function seedLargeUtility(admin: pg.Pool, lastDay: string): Promise<LargeUtility> {
  const firstDay = addDays(lastDay, 1 - LARGE.days);
  const small = { code: 'small', meters: 100, first: LARGE.meters + 1 };
  const utilityId = await seedUtility(admin, { code: 'large', meters: LARGE.meters, first: 1 });
  const besideId = await seedUtility(admin, small);
  await seedDays(admin, { utilityId, from: firstDay, to: lastDay });
  await seedDays(admin, { utilityId: besideId, from: addDays(lastDay, -60), to: lastDay });
  await seedBesideReadings(admin, utilityId, lastDay);
  await seedTerminals(admin, utilityId, lastDay);
  // All is validated, as it is in a utility whose worker runs.
  await admin.query(
    `insert into change_position select utility_id, 'validation', max(transaction_id), max(change_id) from day_change group by 1`,
  );
  await admin.query('insert into validation_state select utility_id, 1 from utility');
  await admin.query('vacuum analyze');
  return { utilityId, firstDay, lastDay, home: (n) => homeOf(admin, utilityId, n) };
}

async function seedUtility(
  admin: pg.Pool,
  { code, meters, first }: { code: string; meters: number; first: number },
): Promise<number> {
  const { rows } = await admin.query<{ id: number }>(
    `insert into utility (code, name) values ($1, $1) returning utility_id as id`,
    [code],
  );
  const utilityId = rows[0]!.id;
  await admin.query(
    `with place as (
       insert into area (utility_id, code, name, gas_kind, pressure_min_pa, pressure_max_pa)
       select $1, code, code, 'city', 1000, 2500 from unnest(array['A1', 'A2']) code returning area_id, code
     ), given as (
       select lpad(n::text, 10, '0') as number, n - $2 < $4 as is_small from generate_series($2::int, $3::int) n
     ), point as (
       insert into supply_point (utility_id, number, area_id, gas_kind, closing_day, opened_on)
       select $1, g.number, p.area_id, 'city', 1 + g.number::int % 31, '2020-01-01'
       from given g join place p on p.code = case when g.is_small then 'A1' else 'A2' end
       order by g.number returning supply_point_id, number
     ), customer as (
       insert into occupancy (utility_id, supply_point_id, customer_number, from_on)
       select $1, supply_point_id, number, '2020-01-01' from point
     ), gauge as (
       insert into meter (utility_id, serial, gas_kind, size, dial_l)
       select $1, number, 'city', 2.5, 100000000 from given order by number returning meter_id, serial
     ), radio as (
       insert into terminal (utility_id, number, model, secret_hash)
       select $1, number, 'external', decode(repeat('ab', 32), 'hex') from given order by number returning terminal_id, number
     ), fitted as (
       insert into meter_fitting (utility_id, meter_id, supply_point_id, fitted_at)
       select $1, m.meter_id, p.supply_point_id, '2020-01-01 00:00+09' from point p join gauge m on m.serial = p.number
     ), placed as (
       insert into terminal_fitting (utility_id, terminal_id, supply_point_id, from_at)
       select $1, t.terminal_id, p.supply_point_id, '2020-01-01 00:00+09' from point p join radio t using (number)
     ), state as (
       insert into terminal_state (utility_id, terminal_id, up_high, last_seen_at)
       select $1, terminal_id, 1000, '2020-01-01' from radio
     )
     insert into terminal_key (utility_id, terminal_id, generation, wrapped_key, kek_id)
     select $1, terminal_id, 1, decode(repeat('cd', 40), 'hex'), 'none' from radio`,
    [utilityId, first, first + meters - 1, LARGE.smallArea],
  );
  return utilityId;
}

async function seedDays(
  admin: pg.Pool,
  { utilityId, from, to }: { utilityId: number; from: string; to: string },
): Promise<void> {
  const firstFull = addDays(to, 1 - LARGE.fullDays);
  await admin.query(
    `insert into series.meter_day (utility_id, meter_id, day, index_l, pressure_pa, closing_index_l, closing_hour,
                                   terminal_id, counter, frame_check, received_at, arrival, revision)
     select f.utility_id, f.meter_id, d,
            case when d >= $4 then array_fill(i, array[24]) else array_fill(null::integer, array[23]) || i end,
            case when d >= $4 then array_fill(2000::smallint, array[24]) else array_fill(null::smallint, array[24]) end,
            i, 24, t.terminal_id, 500, 0, d + 1 + interval '2 hours', 1,
            case when d > $3::date - 4 and f.meter_id % 2 = 0 then 1 else 0 end
     from generate_series($2::date, $3::date, interval '1 day') with ordinality g (at, n)
     cross join lateral (select at::date as d, 1000 + 100 * n::integer as i) v
     cross join meter_fitting f
     join terminal_fitting t using (utility_id, supply_point_id)
     where f.utility_id = $1`,
    [utilityId, from, to, firstFull],
  );
}

/** Inserts revisions, requests and values beyond the dial, as after some years. */
async function seedBesideReadings(
  admin: pg.Pool,
  utilityId: number,
  lastDay: string,
): Promise<void> {
  await admin.query(
    `insert into meter_day_revision (utility_id, meter_id, day, revision, change, index_l, pressure_pa, terminal_id, counter,
                                     frame_check, received_at, arrival, superseded_at)
     select utility_id, meter_id, day, 0, 'corrected', index_l, pressure_pa, terminal_id, 400, 0, received_at, 1,
            received_at + interval '1 hour'
     from series.meter_day where utility_id = $1 and day > $2::date - 4 and revision = 1`,
    [utilityId, lastDay],
  );
  await admin.query(
    `insert into reading_request (utility_id, meter_id, day, terminal_id, reason, first_hour, last_hour, due_at,
                                  asked_count, last_asked_at, answered_at)
     select utility_id, meter_id, day, terminal_id, 'absent', 1, 24, day + 1, 1, day + 1,
            case when day < $2::date or n > ${LARGE.wanted} then day + 2 end
     from (select *, row_number() over (partition by day order by meter_id) as n
           from series.meter_day where utility_id = $1 and day > $2::date - 4) d`,
    [utilityId, lastDay],
  );
  await admin.query(
    `insert into reading_fault (utility_id, meter_id, day, hour_ending, index_l, terminal_id, received_at)
     select utility_id, meter_id, day, 12, 2000000000, terminal_id, received_at
     from series.meter_day where utility_id = $1 and day > $2::date - 4`,
    [utilityId, lastDay],
  );
}

/** Inserts refused frames, some of which name a meter, tests and settings. */
async function seedTerminals(admin: pg.Pool, utilityId: number, lastDay: string): Promise<void> {
  await admin.query(
    `insert into frame_quarantine (utility_id, terminal_number, topic, reason, bytes, received_at, is_authentic, meter_serial, day)
     select $1, t.number, 'up', case n % 4 when 0 then 'unknown_meter' else 'replay' end, '\\x00',
            $2::date - make_interval(secs => n), true, case n % 4 when 0 then t.number end, case n % 4 when 0 then $2::date - 1 end
     from (select number, row_number() over (order by number) as place from terminal where utility_id = $1) t
     cross join lateral generate_series(1, case when t.place = ${LARGE.meters} then ${LARGE.refused} else 4 end) n`,
    [utilityId, lastDay],
  );
  await admin.query(
    `insert into terminal_setting (utility_id, terminal_id, report_minute, report_window_minutes, generation, proven_at)
     select utility_id, terminal_id, report_minute, report_window_minutes, 1, $2::date from terminal where utility_id = $1`,
    [utilityId, lastDay],
  );
  await admin.query(
    `insert into terminal_test (utility_id, terminal_id, nonce, requested_at, requested_by, expires_at, sent_at, acknowledged_at,
                                answered_at)
     select $1, terminal_id, n, at, 'system:operate', at + interval '2 days', closed_at, closed_at, closed_at
     from (select terminal_id, row_number() over (order by number) as place from terminal where utility_id = $1) t
     cross join generate_series(1, ${LARGE.tests}) n
     cross join lateral (select $2::date + interval '1 day' - make_interval(days => ${LARGE.tests} - n) as at) a
     cross join lateral (select case when n < ${LARGE.tests} or place > ${LARGE.wanted} then at end as closed_at) c`,
    [utilityId, lastDay],
  );
}

async function homeOf(admin: pg.Pool, utilityId: number, n: number): Promise<LargeHome> {
  const { rows } = await admin.query<LargeHome>(
    `select f.meter_id as "meterId", p.supply_point_id as "supplyPointId", o.occupancy_id as "occupancyId",
            p.area_id as "areaId", t.terminal_id as "terminalId", o.customer_number as "customerNumber",
            t.number as "terminalNumber", m.serial
     from supply_point p
     join occupancy o using (utility_id, supply_point_id)
     join meter_fitting f using (utility_id, supply_point_id)
     join meter m using (utility_id, meter_id)
     join terminal_fitting tf using (utility_id, supply_point_id)
     join terminal t using (utility_id, terminal_id)
     where p.utility_id = $1 and p.number = lpad($2::text, 10, '0')`,
    [utilityId, n],
  );
  return rows[0]!;
}
