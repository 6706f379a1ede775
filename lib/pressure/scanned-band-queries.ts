import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import type { AreaMeter } from '../register/area-queries.ts';
import { daysBetween } from '../time.ts';
import { daysOf } from './meter-days-sql.ts';
import type { PressurePeriod } from './pressure-band.ts';
import { hasFault, isFault } from './sound-pressure-sql.ts';

/** Sound pressures of all meters in one slot of a period, of which there is at least one. Pascals. */
export interface BandSlot {
  /** By the hour: hours from the beginning of the period, 1 for the first; by the day: days, 0 for the first. */
  slot: number;
  lowPa: number;
  highPa: number;
  sumPa: number;
  values: number;
}

export interface Band {
  /** In order of time. */
  slots: BandSlot[];
  /** Meters, and meter-days, with at least one sound pressure. */
  meters: number;
  meterDays: number;
  /** Meter-hours with a sensor fault. */
  faults: number;
}

/** One day of all meters: an element for each hour ending, null when no meter has a sound pressure. */
interface DayBand {
  day: string;
  lowPa: (number | null)[];
  highPa: (number | null)[];
  sumPa: (number | null)[];
  values: number[];
  meterDays: number;
  faults: number;
  /** For the whole period, the same in each row. */
  meters: number;
}

const HOURS = Array.from({ length: 24 }, (_, at) => at + 1);

/**
 * The hours as columns p1 … p24, without faults: 96 aggregates over columns take half the time of unnesting 24 rows a
 * day.
 */
const PRESSURES = sql.join(
  HOURS.map((k) => {
    const p = sql.raw(`d.pressure_pa[${k}]`);
    return sql`case when d.faulty and ${isFault(p)} then null else ${p} end as ${sql.raw(`p${k}`)}`;
  }),
);
const IS_KNOWN = sql.raw(`coalesce(${HOURS.map((k) => `p${k}`).join(', ')}) is not null`);
const LOWS = ofEachHour('min');
const HIGHS = ofEachHour('max');
const SUMS = ofEachHour('sum');
const COUNTS = ofEachHour('count');

function ofEachHour(aggregate: string) {
  return sql.raw(`array[${HOURS.map((k) => `${aggregate}(p${k})`).join(', ')}]`);
}

/** The band of some meters and its coverage, in one scan. */
export async function readBand(
  db: ReadDb,
  { meters, period }: { meters: readonly AreaMeter[]; period: PressurePeriod },
): Promise<Band> {
  // "offset 0" keeps a subquery from being inlined, so that it is computed once for a meter-day.
  const { rows } = await sql<DayBand>`
    with band as materialized (
      select day, ${LOWS} as "lowPa", ${HIGHS} as "highPa", ${SUMS}::float8[] as "sumPa", ${COUNTS}::int[] as values,
             count(*) filter (where ${IS_KNOWN})::int as "meterDays", sum(faults)::int as faults,
             array_agg(meter_id) filter (where ${IS_KNOWN}) as meter_ids
      from (
        select d.meter_id, d.day, ${PRESSURES},
               case when d.faulty then (select count(*) from unnest(d.pressure_pa) p where ${isFault(sql`p`)}) else 0 end as faults
        from (
          select d.meter_id, d.day, d.pressure_pa, ${hasFault(sql`d.pressure_pa`)} as faulty
          from (${daysOf(meters, period)}) d offset 0
        ) d offset 0
      ) d
      group by day
    )
    select day, "lowPa", "highPa", "sumPa", values, "meterDays", faults,
           (select count(distinct id)::int from band cross join unnest(meter_ids) id) as meters
    from band order by day
  `.execute(db);
  return {
    slots: rows.flatMap((row) => (period.step === 'hour' ? hourSlots : daySlots)(row, period)),
    meters: rows[0]?.meters ?? 0,
    meterDays: rows.reduce((sum, { meterDays }) => sum + meterDays, 0),
    faults: rows.reduce((sum, { faults }) => sum + faults, 0),
  };
}

function hourSlots(row: DayBand, { from }: PressurePeriod): BandSlot[] {
  const midnight = daysBetween(from, row.day) * 24;
  return row.values.flatMap((values, at) => {
    const [lowPa, highPa, sumPa] = [row.lowPa[at], row.highPa[at], row.sumPa[at]];
    if (typeof lowPa !== 'number' || typeof highPa !== 'number' || typeof sumPa !== 'number') {
      return [];
    }
    return [{ slot: midnight + at + 1, lowPa, highPa, sumPa, values }];
  });
}

function daySlots(row: DayBand, period: PressurePeriod): BandSlot[] {
  const hours = hourSlots(row, period);
  if (hours.length === 0) return [];
  return [
    {
      slot: daysBetween(period.from, row.day),
      lowPa: Math.min(...hours.map(({ lowPa }) => lowPa)),
      highPa: Math.max(...hours.map(({ highPa }) => highPa)),
      sumPa: hours.reduce((sum, hour) => sum + hour.sumPa, 0),
      values: hours.reduce((sum, hour) => sum + hour.values, 0),
    },
  ];
}
