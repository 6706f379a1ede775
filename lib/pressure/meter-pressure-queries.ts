import { type RawBuilder, sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { type Page, readPage } from '../list-page.ts';
import { getArea, listAreaMeters } from '../register/area-queries.ts';
import {
  type AreaPageInput,
  customerOn,
  daysOf,
  hoursOf,
  outsideCounts,
  type PeriodInput,
} from './meter-days-sql.ts';
import type { MeterPressureSort } from './meter-pressure-sort.ts';
import { pressurePeriod } from './pressure-band.ts';
import type { MeterPressure, MeterPressures } from './pressure-wire.ts';
import { isFault, isSound } from './sound-pressure-sql.ts';

interface MeterPressureOrder {
  sort: MeterPressureSort;
  order: 'asc' | 'desc' | undefined;
}

/** By hours outside; equal ones by their distance from the area's average. */
function orderOf({ sort = 'outside', order }: Partial<MeterPressureOrder>): RawBuilder<unknown> {
  const direction = sql.raw(order ?? (sort === 'outside' ? 'desc' : 'asc'));
  if (sort === 'outside') {
    return sql`below + above + faults ${direction}, abs("averagePa" - area_pa) desc nulls last`;
  }
  return sql`${sql.ref(sort)} ${direction} nulls last`;
}

/**
 * Meters of the area in the requested order; by default those with most hours outside the limits first, then those
 * farthest from the area's average. Meters without a pressure are last.
 */
export async function listMeterPressures(
  db: ReadDb,
  actor: Actor,
  input: PeriodInput & Page & Partial<MeterPressureOrder>,
): Promise<MeterPressures> {
  requireCapability(actor, 'pressure.read');
  const period = pressurePeriod({ ...input, step: 'day' }, input.now);
  const area = await getArea(db, input.areaId);
  const meters = await listAreaMeters(db, { areaId: input.areaId, ...period });
  const { total, rows } = await readPage(input, (page) =>
    meterPressureRows(db, { area, meters, period, page }, orderOf(input)),
  );
  return { total, rows: rows.map(({ total: _, ...meter }) => meter) };
}

async function meterPressureRows(
  db: ReadDb,
  { area, meters, period, page }: AreaPageInput,
  order: RawBuilder<unknown>,
): Promise<(MeterPressure & { total: number })[]> {
  const sound = isSound(sql`h.p`);
  const { rows } = await sql<MeterPressure & { total: number }>`
    with one as (
      select h.meter_id, min(h.p) filter (where ${sound}) as "lowPa",
             round(avg(h.p) filter (where ${sound}))::int as "averagePa", max(h.p) filter (where ${sound}) as "highPa",
             count(h.p) filter (where ${sound}) as values, count(h.p) filter (where ${isFault(sql`h.p`)}) as faults,
             ${outsideCounts(area)}
      from (${hoursOf(daysOf(meters, period))}) h
      group by h.meter_id having count(h.p) > 0
    ), page as (
      select *, count(*) over () as total, row_number() over (order by ${order}, meter_id) as place
      from (select *, avg("averagePa") over () as area_pa from one) m
      order by place
      limit ${page.limit} offset ${page.offset}
    )
    select p.meter_id as "meterId", m.serial as "meterSerial", c.customer_number as "customerNumber",
           t.number as "terminalNumber", p."lowPa", p."averagePa", p."highPa", p.values, p.below, p.above, p.faults, p.total
    from page p
    join meter m on m.meter_id = p.meter_id
    ${customerOn(sql`p.meter_id`, sql`${period.to}::date`)}
    left join terminal_fitting tf on tf.supply_point_id = c.supply_point_id
      and tf.from_at < c.until and (tf.to_at is null or tf.to_at >= c.until)
    left join terminal t on t.terminal_id = tf.terminal_id
    order by p.place
  `.execute(db);
  return rows;
}
