/** SQL fragments that read the pressures of an area's meters. */
import { type RawBuilder, sql } from 'kysely';
import type { Page } from '../list-page.ts';
import type { AreaMeter } from '../register/area-queries.ts';
import type { Resolution } from '../wire.ts';
import type { PressurePeriod } from './pressure-band.ts';
import type { Area } from './pressure-wire.ts';
import { hasFault, isSound } from './sound-pressure-sql.ts';

export interface PeriodInput {
  areaId: number;
  from?: string | undefined;
  to?: string | undefined;
  step?: Resolution | undefined;
  now: Date;
}

/** A page of hours or meters of an area in a period. */
export interface AreaPageInput {
  area: Area;
  meters: readonly AreaMeter[];
  period: PressurePeriod;
  page: Page;
}

/** Hours below and above the area's limits, of rows `h` with the pressure `p`. */
export function outsideCounts({ limits }: Area) {
  const sound = isSound(sql`h.p`);
  return sql`count(*) filter (where h.p < ${limits.lowPa} and ${sound}) as below,
             count(*) filter (where h.p > ${limits.highPa} and ${sound}) as above`;
}

/** The 24 hours of each meter-day, unnested in the select list: twice as fast as a lateral join. */
export function hoursOf(days: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    select d.meter_id, d.day, unnest(d.pressure_pa) as p, generate_series(1, 24) as k from (${days}) d`;
}

/** Meter-days with at least one pressure outside the limits, or a sensor fault. */
export function outsideDays(
  meters: readonly AreaMeter[],
  period: PressurePeriod,
  { limits }: Area,
): RawBuilder<unknown> {
  return sql`
    select * from (${daysOf(meters, period)}) d
    where ${limits.lowPa}::smallint > any (d.pressure_pa) or ${limits.highPa}::smallint < any (d.pressure_pa)
      or ${hasFault(sql`d.pressure_pa`)}`;
}

/**
 * Meter-days of an area. The ids are one array: with a join the planner would scan every meter's days. Meters fitted
 * for a part of the period are read for their own days only.
 */
export function daysOf(
  meters: readonly AreaMeter[],
  { from, to }: PressurePeriod,
): RawBuilder<unknown> {
  const whole = meters.filter(({ fromDay, toDay }) => fromDay === from && toDay === to);
  const partial = meters.filter(({ fromDay, toDay }) => fromDay !== from || toDay !== to);
  const columns = sql`d.meter_id, d.day, d.pressure_pa`;
  const days = sql`
    select ${columns} from meter_day d
    where d.meter_id = any (${whole.map(({ meterId }) => meterId)}::int[]) and d.day between ${from} and ${to}`;
  if (partial.length === 0) return days;
  return sql`${days}
    union all
    select ${columns}
    from unnest(${partial.map(({ meterId }) => meterId)}::int[], ${partial.map(({ fromDay }) => fromDay)}::date[],
                ${partial.map(({ toDay }) => toDay)}::date[]) as w(meter_id, from_day, to_day)
    join meter_day d on d.meter_id = w.meter_id and d.day between w.from_day and w.to_day
      and d.day between ${from} and ${to}`;
}

/** Joins `c`: the supply point of a meter on a day, and its customer. */
export function customerOn(meterId: RawBuilder<unknown>, day: RawBuilder<unknown>) {
  return sql`
    left join lateral (
      select f.supply_point_id, o.customer_number, (${day} + 1)::timestamp at time zone 'Asia/Tokyo' as until
      from meter_fitting f
      left join occupancy o on o.supply_point_id = f.supply_point_id and o.from_on <= ${day}
        and (o.to_on is null or o.to_on > ${day})
      where f.meter_id = ${meterId} and f.fitted_at < (${day} + 1)::timestamp at time zone 'Asia/Tokyo'
      order by f.fitted_at desc limit 1
    ) c on true`;
}
