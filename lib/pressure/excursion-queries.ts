import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { type Page, readPage } from '../list-page.ts';
import { getArea, listAreaMeters } from '../register/area-queries.ts';
import {
  type AreaPageInput,
  customerOn,
  hoursOf,
  outsideDays,
  type PeriodInput,
} from './meter-days-sql.ts';
import { flowState, hourUsage, limitSide, pressurePeriod } from './pressure-band.ts';
import type { Area, Excursion, Excursions } from './pressure-wire.ts';
import { isSoundPressure } from './sensor-range.ts';
import { isFault } from './sound-pressure-sql.ts';

/** Hours outside the limits or with a sensor fault, latest first, of all meters of the area or of one. */
export async function listExcursions(
  db: ReadDb,
  actor: Actor,
  input: PeriodInput & Page & { meterId?: number | undefined },
): Promise<Excursions> {
  requireCapability(actor, 'pressure.read');
  const period = pressurePeriod({ ...input, step: 'day' }, input.now);
  const area = await getArea(db, input.areaId);
  const all = await listAreaMeters(db, { areaId: input.areaId, ...period });
  const meters =
    input.meterId === undefined ? all : all.filter(({ meterId }) => meterId === input.meterId);
  const { total, rows } = await readPage(input, (page) =>
    excursionRows(db, { area, meters, period, page }),
  );
  return { total, rows: rows.map((row) => excursionOf(row, area)) };
}

async function excursionRows(
  db: ReadDb,
  { area, meters, period, page }: AreaPageInput,
): Promise<ExcursionRow[]> {
  const { lowPa, highPa } = area.limits;
  const { rows } = await sql<ExcursionRow>`
    with page as (
      select h.meter_id, h.day, h.k, h.p, count(*) over () as total
      from (${hoursOf(outsideDays(meters, period, area))}) h
      where h.p < ${lowPa} or h.p > ${highPa} or ${isFault(sql`h.p`)}
      order by h.day desc, h.k desc, h.meter_id
      limit ${page.limit} offset ${page.offset}
    )
    select p.meter_id, m.serial, m.dial_l, m.size, c.customer_number, p.day, p.k, p.p, s.index_l[p.k] as index_l,
           case when p.k > 1 then s.index_l[p.k - 1] else b.index_l[24] end as previous_l, p.total
    from page p
    join meter m on m.meter_id = p.meter_id
    ${customerOn(sql`p.meter_id`, sql`p.day`)}
    left join sound_day s on s.meter_id = p.meter_id and s.day = p.day
    left join sound_day b on p.k = 1 and b.meter_id = p.meter_id and b.day = p.day - 1
    order by p.day desc, p.k desc, p.meter_id
  `.execute(db);
  return rows;
}

interface ExcursionRow {
  meter_id: number;
  serial: string;
  dial_l: number;
  size: string;
  customer_number: string | null;
  day: string;
  k: number;
  p: number;
  index_l: number | null;
  previous_l: number | null;
  total: number;
}

function excursionOf(row: ExcursionRow, area: Area): Excursion {
  const meter = { dialL: row.dial_l, sizeM3PerHour: Number(row.size) };
  const usageL = hourUsage(row.previous_l, row.index_l, meter);
  return {
    meterId: row.meter_id,
    meterSerial: row.serial,
    customerNumber: row.customer_number,
    day: row.day,
    hourEnding: row.k,
    pressurePa: row.p,
    side: isSoundPressure(row.p) ? (limitSide(row.p, area.limits) ?? 'high') : 'fault',
    usageL,
    flow: flowState(usageL),
  };
}
