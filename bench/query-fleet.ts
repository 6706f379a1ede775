/** Fleet of `bench/query.ts`. */
import pg from 'pg';
import { openStaffSession, type TestSession } from '../db/testing/sessions.ts';
import { certain } from '../lib/certain.ts';
import { dayOf } from '../lib/time.ts';

export const AREA_METERS = 1_000;
const DAYS = 400;

export interface Fleet {
  utilityId: number;
  meterIds: number[];
  areaId: number;
  /** An analyst's session, valid for an hour. */
  session: TestSession & { accountId: number };
}

/** Households with city gas, an area for each thousand, and 400 days of readings up to yesterday, made in SQL. */
export async function createFleet(url: string, meters: number): Promise<Fleet> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ utility_id: number }>(
      "insert into utility (code, name) values ('bench', 'bench') returning utility_id",
    );
    const utilityId = certain(rows[0], 'the utility').utility_id;
    for (const statement of REGISTER) await client.query(statement, [utilityId, meters]);
    await client.query(READINGS, [utilityId, dayOf(new Date()), DAYS]);
    await client.query('vacuum analyze');
    const ids = await client.query<{ meter_id: number }>('select meter_id from meter order by 1');
    const area = await client.query<{ area_id: number }>(
      'select area_id from area order by code limit 1',
    );
    return {
      utilityId,
      session: await openStaffSession(client, utilityId, 'analyst'),
      meterIds: ids.rows.map(({ meter_id }) => meter_id),
      areaId: certain(area.rows[0], 'the area').area_id,
    };
  } finally {
    await client.end();
  }
}

const REGISTER = [
  `insert into area (utility_id, code, name, gas_kind, pressure_min_pa, pressure_max_pa)
   select $1, lpad(n::text, 4, '0'), 'area ' || n, 'city', 1000, 2500 from generate_series(1, $2::int / ${AREA_METERS}) n`,
  `insert into supply_point (utility_id, number, area_id, gas_kind, closing_day, opened_on)
   select $1, lpad(n::text, 6, '0'), (select min(area_id) from area) + (n - 1) / ${AREA_METERS}, 'city', 31, '2020-01-01'
   from generate_series(1, $2::int) n`,
  `insert into meter (utility_id, serial, gas_kind, size, dial_l)
   select $1, lpad(n::text, 8, '0'), 'city', 4, 100000000 from generate_series(1, $2::int) n`,
  `insert into meter_fitting (utility_id, meter_id, supply_point_id, fitted_at, start_index_l)
   select $1, meter_id, supply_point_id, '2020-01-01T00:00+09', 0
   from (select meter_id, row_number() over (order by meter_id) as n from meter) m
   join (select supply_point_id, row_number() over (order by supply_point_id) as n from supply_point) s using (n)
   where n <= $2`,
];

/** Written day by day, as a fleet reports, so that the days of one meter are scattered. */
const READINGS = `
  insert into series.meter_day (utility_id, meter_id, day, index_l, pressure_pa, closing_index_l, closing_hour,
                                terminal_id, counter, frame_check, received_at, arrival)
  select $1, m.meter_id, $2::date - $3::int + d,
         (select array_agg(d * 2000 + h * 80 + (m.meter_id * h) % 7 order by h) from generate_series(1, 24) h),
         (select array_agg((2050 + 150 * sin(m.meter_id + d * 0.7 + h))::smallint order by h) from generate_series(1, 24) h),
         d * 2000 + 24 * 80 + (m.meter_id * 24) % 7, 24, 1, d + 1, d, now(), 1
  from generate_series(0, $3::int - 1) d cross join meter m`;
