/**
 * Fleets of `npm run -s bench -- closing`: a utility of its own in an empty database. All its customers moved in, and all
 * its meters were fitted, in 2020. One in a hundred closings is substituted from an earlier hour, one in two hundred from
 * an earlier day, and one in a hundred meters was exchanged in the month.
 */
import pg from 'pg';

/** Customers of one closing day. */
export interface FleetPart {
  customers: number;
  closingDay: number;
}

export interface Fleet {
  parts: readonly FleetPart[];
  /** JST dates with readings, YYYY-MM-DD. */
  days: readonly string[];
}

const EXCHANGED_AT = '2026-10-05T10:00+09';
/** Meter-days written by one statement. */
const DAYS_AT_ONCE = 8;

/** Writes a fleet; returns the utility's id. */
export async function fillFleet(adminUrl: string, { parts, days }: Fleet): Promise<number> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    const { rows } = await admin.query(
      "insert into utility (code, name) values ('bench', 'ベンチガス') returning utility_id",
    );
    const utilityId = rows[0].utility_id as number;
    for (const statement of register(utilityId, parts)) await admin.query(statement);
    for (let first = 0; first < days.length; first += DAYS_AT_ONCE) {
      await admin.query(meterDays(utilityId, days.slice(first, first + DAYS_AT_ONCE)));
    }
    await admin.query('vacuum analyze');
    return utilityId;
  } finally {
    await admin.end();
  }
}

function register(utilityId: number, parts: readonly FleetPart[]): string[] {
  const total = parts.reduce((sum, { customers }) => sum + customers, 0);
  const homes = `generate_series(1, ${total}) i`;
  const upTo = (part: number) =>
    parts.slice(0, part + 1).reduce((sum, { customers }) => sum + customers, 0);
  const closingDay = parts.map((part, at) => `when i <= ${upTo(at)} then ${part.closingDay}`);
  return [
    `insert into area (utility_id, code, name, gas_kind, pressure_min_pa, pressure_max_pa)
     values (${utilityId}, 'a', '港町地区', 'city', 1000, 2500)`,
    `insert into supply_point (utility_id, number, area_id, gas_kind, closing_day, opened_on)
     select ${utilityId}, 'S' || i, (select area_id from area), 'city', case ${closingDay.join(' ')} end, '2020-01-01' from ${homes}`,
    `insert into occupancy (utility_id, supply_point_id, customer_number, from_on)
     select ${utilityId}, supply_point_id, lpad(((supply_point_id * 7919::bigint) % 10000019)::text, 8, '0'), '2020-01-01'
     from supply_point`,
    `insert into meter (utility_id, serial, gas_kind, size, dial_l)
     select ${utilityId}, lpad(i::text, 8, '0'), 'city', 4, 100000000 from generate_series(1, ${total * 1.01}) i`,
    `insert into meter_fitting (utility_id, meter_id, supply_point_id, fitted_at, removed_at, start_index_l, final_index_l)
     select ${utilityId}, i, i, '2020-01-01T00:00+09', case when i % 100 = 7 then timestamptz '${EXCHANGED_AT}' end, 0,
       case when i % 100 = 7 then 2000000 + i * 10 end from ${homes}`,
    `insert into meter_fitting (utility_id, meter_id, supply_point_id, fitted_at, start_index_l)
     select ${utilityId}, ${total} + i, (i - 1) * 100 + 7, '${EXCHANGED_AT}', 0 from generate_series(1, ${total / 100}) i`,
    `insert into terminal (utility_id, number, model, secret_hash)
     select ${utilityId}, lpad(i::text, 10, '0'), 'us', sha256('bench') from ${homes}`,
    `insert into terminal_fitting (utility_id, terminal_id, supply_point_id, from_at)
     select ${utilityId}, i, i, '2020-01-01T00:00+09' from ${homes}`,
  ];
}

/** Hours and whole days are missing as described at the top of this file. */
function meterDays(utilityId: number, days: readonly string[]): string {
  return `
    insert into series.meter_day (utility_id, meter_id, day, index_l, pressure_pa, closing_index_l, closing_hour,
      terminal_id, counter, frame_check, received_at, arrival)
    select ${utilityId}, f.meter_id, x.day, v.index_l, array_fill(2000::smallint, array[24]), v.index_l[v.hours], v.hours,
      f.supply_point_id, 1, 1, now(), 1
    from meter_fitting f
    cross join unnest('{${days.join(',')}}'::date[]) x (day)
    cross join lateral (
      select case when f.supply_point_id % 100 = 3 then 22 else 24 end as hours,
        array(select case when f.supply_point_id % 100 <> 3 or h <= 22
                then f.start_index_l + 10 * f.supply_point_id + (x.day - date '2026-06-01') * 1500 + h * 60 end
              from generate_series(1, 24) h)::integer[] as index_l
    ) v
    where (x.day::timestamp at time zone 'Asia/Tokyo') >= f.fitted_at
      and (f.removed_at is null or ((x.day + 1)::timestamp at time zone 'Asia/Tokyo') <= f.removed_at)
      and not (f.supply_point_id % 200 = 5 and extract(day from x.day) in (10, 20))`;
}
