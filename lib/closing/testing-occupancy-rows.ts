/** Rows of the register and of readings of places with a history (testing-occupancy-history.ts). */
import type pg from 'pg';
import { instantOf } from '../time.ts';
import {
  dateOf,
  type KnownPlace,
  type OccupancyPlace,
  usedL,
} from './testing-occupancy-history.ts';

const DIAL_L = 10_000_000;
const BASE_MS = instantOf(dateOf(0), 0).getTime();
const at = (hour: number) => new Date(BASE_MS + hour * 3_600_000).toISOString();

interface Owner {
  utilityId: number;
  areaId: number;
}

/** Supply points with their meters; returns their ids. */
export async function createPlaces(
  admin: pg.Pool,
  { utilityId, areaId }: Owner,
  places: readonly OccupancyPlace[],
): Promise<number[]> {
  const { rows } = await admin.query<{ supply_point_id: number }>(
    `insert into supply_point (utility_id, number, area_id, gas_kind, closing_day, opened_on)
     select $1, lpad(n::text, 6, '0'), $2, 'city', 20, '2020-01-01' from generate_series(1, $3::integer) n
     returning supply_point_id`,
    [utilityId, areaId, places.length],
  );
  const ids = rows.map(({ supply_point_id }) => supply_point_id).sort((a, b) => a - b);
  const fittings = places.flatMap((place, nth) => fittingsOf(place, ids[nth] ?? 0));
  const meters = await admin.query<{ meter_id: number }>(
    `insert into meter (utility_id, serial, gas_kind, size, dial_l)
     select $1, n::text, 'city', 6, ${DIAL_L} from generate_series(1, $2::integer) n returning meter_id`,
    [utilityId, fittings.length],
  );
  const fitted = fittings.map((each, nth) => ({ ...each, meter_id: meters.rows[nth]?.meter_id }));
  await admin.query(
    `insert into meter_fitting (utility_id, meter_id, supply_point_id, fitted_at, removed_at, start_index_l, final_index_l)
     select $1, r.meter_id, r.supply_point_id, r.fitted_at, r.removed_at, r.start_index_l, r.final_index_l
     from jsonb_populate_recordset(null::meter_fitting, $2) r`,
    [utilityId, JSON.stringify(fitted)],
  );
  return ids;
}

/** The first meter, and the one that takes its place at noon: it begins at 0. */
function fittingsOf({ startNoted, exchangeDay }: OccupancyPlace, supplyPointId: number) {
  const exchangedAt = exchangeDay === null ? null : exchangeDay * 24 + 12;
  const first = {
    ...{ supply_point_id: supplyPointId, fitted_at: at(-24 * 500), start_index_l: null },
    removed_at: exchangedAt === null ? null : at(exchangedAt),
    final_index_l: exchangedAt === null ? null : usedL(exchangedAt),
  };
  const began = startNoted ? { ...first, fitted_at: at(6), start_index_l: usedL(6) } : first;
  if (exchangedAt === null) return [began];
  const second = { supply_point_id: supplyPointId, fitted_at: at(exchangedAt) };
  return [began, { ...second, removed_at: null, start_index_l: 0, final_index_l: null }];
}

interface Month {
  utilityId: number;
  places: readonly OccupancyPlace[];
  ids: readonly number[];
  month: number;
}

/** Brings register and readings to what is known in a month, after what was known in the one before. */
export async function knowMonth(admin: pg.Pool, of: Month): Promise<void> {
  const { utilityId, places, ids, month } = of;
  const known = places.map((place, nth) => pointOf(place.known[month], ids[nth]));
  await admin.query(
    `update supply_point p set closing_day = r.closing_day, closed_on = r.closed_on
     from jsonb_populate_recordset(null::supply_point, $2) r
     where p.utility_id = $1 and p.supply_point_id = r.supply_point_id
       and (p.closing_day, p.closed_on) is distinct from (r.closing_day, r.closed_on)`,
    [utilityId, JSON.stringify(known)],
  );
  const stays = places.flatMap((place, nth) =>
    (place.known[month]?.stays ?? []).map(({ fromDay, toDay }) => ({
      ...{ supply_point_id: ids[nth], customer_number: `${ids[nth]}-${fromDay}` },
      ...{ from_on: dateOf(fromDay), to_on: toDay === null ? null : dateOf(toDay) },
    })),
  );
  const asRows = `jsonb_populate_recordset(null::occupancy, $2) r`;
  await admin.query(
    `update occupancy o set to_on = r.to_on from ${asRows}
     where o.utility_id = $1 and o.supply_point_id = r.supply_point_id and o.from_on = r.from_on and o.to_on is distinct from r.to_on`,
    [utilityId, JSON.stringify(stays)],
  );
  await admin.query(
    `insert into occupancy (utility_id, supply_point_id, customer_number, from_on, to_on)
     select $1, r.supply_point_id, r.customer_number, r.from_on, r.to_on from ${asRows}
     where not exists (select from occupancy o where o.utility_id = $1 and o.supply_point_id = r.supply_point_id and o.from_on = r.from_on)`,
    [utilityId, JSON.stringify(stays)],
  );
  await storeArrivals(admin, of);
}

function pointOf(known: KnownPlace | undefined, supplyPointId: number | undefined) {
  const closedOn = known?.closedDay ?? null;
  return {
    ...{ supply_point_id: supplyPointId, closing_day: known?.closingDay },
    closed_on: closedOn === null ? null : dateOf(closedOn),
  };
}

/** Stores the registers at the ends of the days that arrive in a month, of the meter that was fitted then. */
async function storeArrivals(
  admin: pg.Pool,
  { utilityId, places, ids, month }: Month,
): Promise<void> {
  const days = places.flatMap(({ arrivals, exchangeDay }, nth) =>
    [...arrivals]
      .filter(([, arrives]) => arrives === month)
      .map(([day]) => {
        const isSecond = exchangeDay !== null && day >= exchangeDay;
        const begun = isSecond ? usedL(exchangeDay * 24 + 12) : 0;
        return {
          supply_point_id: ids[nth],
          ...{ day: dateOf(day), register: usedL((day + 1) * 24) - begun },
        };
      }),
  );
  await admin.query(
    `insert into series.meter_day (utility_id, meter_id, day, index_l, pressure_pa, closing_index_l, closing_hour,
       terminal_id, counter, frame_check, received_at, arrival)
     select $1, f.meter_id, r.day, array_fill(null::integer, array[23]) || r.register, array_fill(2000::smallint, array[24]),
       r.register, 24, 1, 1, 1, r.day + 1, 1
     from jsonb_to_recordset($2) as r (supply_point_id integer, day date, register integer)
     join meter_fitting f on f.utility_id = $1 and f.supply_point_id = r.supply_point_id
       and f.fitted_at < ((r.day + 1)::timestamp at time zone 'Asia/Tokyo')
       and (f.removed_at is null or f.removed_at >= ((r.day + 1)::timestamp at time zone 'Asia/Tokyo'))`,
    [utilityId, JSON.stringify(days)],
  );
}
