import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { type Page, readPage } from '../list-page.ts';
import { getArea, listAreaMeters } from '../register/area-queries.ts';
import {
  type AreaPageAsked,
  customerOn,
  daysOf,
  hoursOf,
  outsideCounts,
  type PeriodInput,
} from './area-days-queries.ts';
import { pressurePeriod } from './pressure-band.ts';
import { isFault, isSound } from './sound-pressure-queries.ts';
import type { MeterPressure, MeterPressures } from './wire.ts';

/** The area's meters: those with most hours outside the limits first, then those farthest from the area's average. */
export async function listMeterPressures(
  db: ReadDb,
  actor: Actor,
  input: PeriodInput & Page,
): Promise<MeterPressures> {
  requireCapability(actor, 'pressure.read');
  const period = pressurePeriod({ ...input, step: 'day' }, input.now);
  const area = await getArea(db, input.areaId);
  const meters = await listAreaMeters(db, { areaId: input.areaId, ...period });
  const { total, rows } = await readPage(input, (page) =>
    meterPressureRows(db, { area, meters, period, page }),
  );
  return { total, rows: rows.map(({ total: _, ...meter }) => meter) };
}

async function meterPressureRows(
  db: ReadDb,
  { area, meters, period, page }: AreaPageAsked,
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
      select *, count(*) over () as total, avg("averagePa") over () as area_pa from one
      order by below + above + faults desc, abs("averagePa" - avg("averagePa") over ()) desc nulls last, meter_id
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
    order by p.below + p.above + p.faults desc, abs(p."averagePa" - p.area_pa) desc nulls last, p.meter_id
  `.execute(db);
  return rows;
}
