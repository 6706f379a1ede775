import { type RawBuilder, sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { addDays } from '../time.ts';
import { type Area, type AreaMeter, getArea, listAreaMeters } from './area-queries.ts';
import {
  type BandPoint,
  type FlowState,
  flowState,
  hourUsage,
  type LimitSide,
  limitSide,
  type PressurePeriod,
  type PressureStep,
  type PressureSummary,
  pressurePeriod,
  summarize,
} from './pressure-band.ts';

export interface PeriodInput {
  areaId: number;
  from?: string | undefined;
  to?: string | undefined;
  step?: PressureStep | undefined;
  now: Date;
}

export interface AreaPressure {
  area: Area;
  period: PressurePeriod;
  /** Meters that were fitted in the area in the period, with a pressure or not. */
  meters: number;
  /** In order of time; an hour or day in which no meter has a pressure is left out. */
  points: BandPoint[];
  summary: PressureSummary;
}

/** One meter's pressure over the period. */
export interface MeterPressure {
  meterId: number;
  meterSerial: string;
  /** At the end of the period; null where there was none. */
  customerNumber: string | null;
  terminalNumber: string | null;
  lowPa: number;
  averagePa: number;
  highPa: number;
  /** Hours with a pressure, and those outside the limits. */
  values: number;
  below: number;
  above: number;
}

export interface MeterPressures {
  total: number;
  meters: MeterPressure[];
}

/** One hour of one meter outside the limits, with what flowed in it. */
export interface Excursion {
  meterId: number;
  meterSerial: string;
  customerNumber: string | null;
  day: string;
  hourEnding: number;
  pressurePa: number;
  side: LimitSide;
  /** Litres in the hour; null where it cannot be told. */
  usageL: number | null;
  flow: FlowState;
}

export interface Excursions {
  total: number;
  excursions: Excursion[];
}

/** The band of an area, with the areas below it. @throws DomainError `forbidden`, `not_found`, `invalid_input`. */
export async function getAreaPressure(
  db: ReadDb,
  actor: Actor,
  input: PeriodInput,
): Promise<AreaPressure> {
  requireCapability(actor, 'pressure.read');
  const period = pressurePeriod(input, input.now);
  const area = await getArea(db, input.areaId);
  const meters = await listAreaMeters(db, { areaId: input.areaId, ...period });
  const { rows } = await sql<BandRow>`
    select h.slot, min(h.p) as "lowPa", max(h.p) as "highPa", sum(h.p) as "sumPa", count(h.p) as values
    from (${slotsOf(daysOf(meters, period), period)}) h
    group by h.slot having count(h.p) > 0
  `.execute(db);
  const outside = await countOutside(db, { area, meters, period, rows });
  const points = rows
    .toSorted((a, b) => a.slot - b.slot)
    .map(({ slot, sumPa, ...point }) => ({
      ...timeOf(slot, period),
      ...point,
      averagePa: Math.round(sumPa / point.values),
      ...(outside.get(slot) ?? NOTHING_OUTSIDE),
    }));
  return {
    area,
    period,
    meters: new Set(meters.map(({ meterId }) => meterId)).size,
    points,
    summary: summarize(points),
  };
}

/** The area's meters: those with most hours outside the limits first, then those farthest from the area's average. */
export async function listMeterPressures(
  db: ReadDb,
  actor: Actor,
  input: PeriodInput & { limit: number; offset: number },
): Promise<MeterPressures> {
  requireCapability(actor, 'pressure.read');
  const period = pressurePeriod({ ...input, step: 'day' }, input.now);
  const area = await getArea(db, input.areaId);
  const meters = await listAreaMeters(db, { areaId: input.areaId, ...period });
  const { rows } = await sql<MeterPressure & { total: number }>`
    with one as (
      select h.meter_id, min(h.p) as "lowPa", round(avg(h.p))::int as "averagePa", max(h.p) as "highPa",
             count(h.p) as values, ${outsideCounts(area)}
      from (${hoursOf(daysOf(meters, period))}) h
      group by h.meter_id having count(h.p) > 0
    ), page as (
      select *, count(*) over () as total, avg("averagePa") over () as area_pa from one
      order by below + above desc, abs("averagePa" - avg("averagePa") over ()) desc, meter_id
      limit ${input.limit} offset ${input.offset}
    )
    select p.meter_id as "meterId", m.serial as "meterSerial", c.customer_number as "customerNumber",
           t.number as "terminalNumber", p."lowPa", p."averagePa", p."highPa", p.values, p.below, p.above, p.total
    from page p
    join meter m on m.meter_id = p.meter_id
    ${customerOn(sql`p.meter_id`, sql`${period.to}::date`)}
    left join terminal_fitting tf on tf.supply_point_id = c.supply_point_id
      and tf.from_at < c.until and (tf.to_at is null or tf.to_at >= c.until)
    left join terminal t on t.terminal_id = tf.terminal_id
    order by p.below + p.above desc, abs(p."averagePa" - p.area_pa) desc, p.meter_id
  `.execute(db);
  return {
    total: rows[0]?.total ?? 0,
    meters: rows.map(({ total: _, ...meter }) => meter),
  };
}

/** The hours outside the limits, latest first, of all meters of the area or of one. */
export async function listExcursions(
  db: ReadDb,
  actor: Actor,
  input: PeriodInput & { meterId?: number | undefined; limit: number; offset: number },
): Promise<Excursions> {
  requireCapability(actor, 'pressure.read');
  const period = pressurePeriod({ ...input, step: 'day' }, input.now);
  const area = await getArea(db, input.areaId);
  const all = await listAreaMeters(db, { areaId: input.areaId, ...period });
  const meters =
    input.meterId === undefined ? all : all.filter(({ meterId }) => meterId === input.meterId);
  const { lowPa, highPa } = area.limits;
  const { rows } = await sql<ExcursionRow>`
    with page as (
      select h.meter_id, h.day, h.index_l, h.k, h.p, count(*) over () as total
      from (${hoursOf(outsideDays(meters, period, area))}) h
      where h.p < ${lowPa} or h.p > ${highPa}
      order by h.day desc, h.k desc, h.meter_id
      limit ${input.limit} offset ${input.offset}
    )
    select p.meter_id, m.serial, m.dial_l, c.customer_number, p.day, p.k, p.p, p.index_l[p.k] as index_l,
           case when p.k > 1 then p.index_l[p.k - 1] else b.index_l[24] end as previous_l, p.total
    from page p
    join meter m on m.meter_id = p.meter_id
    ${customerOn(sql`p.meter_id`, sql`p.day`)}
    left join meter_day b on p.k = 1 and b.meter_id = p.meter_id and b.day = p.day - 1
    order by p.day desc, p.k desc, p.meter_id
  `.execute(db);
  return {
    total: rows[0]?.total ?? 0,
    excursions: rows.map((row) => excursionOf(row, area)),
  };
}

interface ExcursionRow {
  meter_id: number;
  serial: string;
  dial_l: number;
  customer_number: string | null;
  day: string;
  k: number;
  p: number;
  index_l: number | null;
  previous_l: number | null;
  total: number;
}

function excursionOf(row: ExcursionRow, area: Area): Excursion {
  const usageL = hourUsage(row.previous_l, row.index_l, row.dial_l);
  return {
    meterId: row.meter_id,
    meterSerial: row.serial,
    customerNumber: row.customer_number,
    day: row.day,
    hourEnding: row.k,
    pressurePa: row.p,
    side: limitSide(row.p, area.limits) ?? 'high',
    usageL,
    flow: flowState(usageL),
  };
}

type BandRow = Omit<BandPoint, 'day' | 'hourEnding' | 'averagePa' | 'below' | 'above'> & {
  slot: number;
  sumPa: number;
};

const NOTHING_OUTSIDE = { below: 0, above: 0 };

/**
 * The pressures of each meter-day with their place in the period: hours or days since its beginning. One integer to
 * group by keeps the server's groups in memory; with the hours it is the lateral join that lets its workers share the
 * counting, without them the select list is twice as fast.
 */
function slotsOf(days: RawBuilder<unknown>, { from, step }: PressurePeriod): RawBuilder<unknown> {
  return step === 'hour'
    ? sql`
        select ((d.day - ${from}::date) * 24 + u.k)::int as slot, u.p
        from (${days}) d cross join lateral unnest(d.pressure_pa) with ordinality u(p, k)`
    : sql`select d.day - ${from}::date as slot, unnest(d.pressure_pa) as p from (${days}) d`;
}

function timeOf(slot: number, { from, step }: PressurePeriod) {
  if (step === 'day') return { day: addDays(from, slot), hourEnding: null };
  return { day: addDays(from, Math.ceil(slot / 24) - 1), hourEnding: ((slot - 1) % 24) + 1 };
}

/** Hours outside the limits by slot. Only asked where a least or greatest value says that there are any. */
async function countOutside(
  db: ReadDb,
  input: { area: Area; meters: AreaMeter[]; period: PressurePeriod; rows: BandRow[] },
): Promise<Map<number, { below: number; above: number }>> {
  const { area, meters, period, rows } = input;
  const { lowPa, highPa } = area.limits;
  if (!rows.some((row) => row.lowPa < lowPa || row.highPa > highPa)) return new Map();
  const counted = await sql<{ slot: number; below: number; above: number }>`
    select h.slot, ${outsideCounts(area)}
    from (${slotsOf(outsideDays(meters, period, area), period)}) h
    group by h.slot
  `.execute(db);
  return new Map(counted.rows.map(({ slot, ...counts }) => [slot, counts]));
}

function outsideCounts({ limits }: Area) {
  return sql`count(*) filter (where h.p < ${limits.lowPa}) as below,
             count(*) filter (where h.p > ${limits.highPa}) as above`;
}

/** The 24 hours of each meter-day, unnested in the select list: twice as fast as a lateral join. */
function hoursOf(days: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    select d.meter_id, d.day, d.index_l, unnest(d.pressure_pa) as p, generate_series(1, 24) as k from (${days}) d`;
}

/** The meter-days with at least one pressure outside the limits. */
function outsideDays(
  meters: readonly AreaMeter[],
  period: PressurePeriod,
  { limits }: Area,
): RawBuilder<unknown> {
  return sql`
    select * from (${daysOf(meters, period)}) d
    where ${limits.lowPa}::smallint > any (d.pressure_pa) or ${limits.highPa}::smallint < any (d.pressure_pa)`;
}

/**
 * The meter-days of an area. The ids go in as one array: a join with the register makes the planner scan every meter's
 * days. Meters fitted for a part of the period only are read for their own days.
 */
function daysOf(meters: readonly AreaMeter[], { from, to }: PressurePeriod): RawBuilder<unknown> {
  const whole = meters.filter(({ fromDay, toDay }) => fromDay === from && toDay === to);
  const partial = meters.filter(({ fromDay, toDay }) => fromDay !== from || toDay !== to);
  const columns = sql`d.meter_id, d.day, d.pressure_pa, d.index_l`;
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

/** Joins `c`: the supply point that a meter stood at on a day, and whose it was. */
function customerOn(meterId: RawBuilder<unknown>, day: RawBuilder<unknown>) {
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
