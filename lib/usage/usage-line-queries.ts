import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { addDays } from '../time.ts';
import type { DayIndexes, FittedMeter, HourRange, UsageLine } from './usage-line.ts';
import { hourNumber, usageLine } from './usage-line.ts';

export interface UsageLineInput {
  utilityId: number;
  supplyPointId: number;
  /** First and last JST day, both included. */
  fromDay: string;
  toDay: string;
  /** Registers that the reader may see; everything where it is left out. */
  within?: HourRange;
}

interface Bounds {
  beforeDay: string | null;
  afterDay: string | null;
}

/**
 * The usage line of a supply point from the latest register at or before the first day's beginning to the first one at
 * or after the last day's end, so that a gap over either edge keeps its total. Over all meters fitted there in turn.
 * It does not check who asks: the verbs that call it do.
 */
export async function getUsageLine(db: ReadDb, input: UsageLineInput): Promise<UsageLine> {
  const meters = await listFittedMeters(db, input);
  if (meters.length === 0) return { stretches: [] };
  const bounds = await getBounds(db, input);
  const days = await listDays(db, input, {
    meterIds: [...new Set(meters.map(({ meterId }) => meterId))],
    fromDay: bounds.beforeDay ?? input.fromDay,
    toDay: bounds.afterDay ?? input.toDay,
  });
  return usageLine(meters, days, narrowed(input, days));
}

async function listFittedMeters(db: ReadDb, input: UsageLineInput): Promise<FittedMeter[]> {
  const rows = await db
    .selectFrom('meter_fitting as f')
    .innerJoin('meter as m', (join) =>
      join.onRef('m.utility_id', '=', 'f.utility_id').onRef('m.meter_id', '=', 'f.meter_id'),
    )
    .where('f.utility_id', '=', input.utilityId)
    .where('f.supply_point_id', '=', input.supplyPointId)
    .select([
      'm.meter_id as meterId',
      'm.size',
      'm.dial_l as dialL',
      'f.fitted_at as fittedAt',
      'f.removed_at as removedAt',
      'f.start_index_l as startIndexL',
      'f.final_index_l as finalIndexL',
    ])
    .execute();
  return rows.map(({ size, ...meter }) => ({ ...meter, sizeM3PerHour: Number(size) }));
}

/** The nearest days with a register outside the asked ones; null where there is none. */
async function getBounds(db: ReadDb, input: UsageLineInput): Promise<Bounds> {
  const ofFitting = sql`d.utility_id = ${input.utilityId} and d.meter_id = f.meter_id and d.closing_hour is not null
    and d.day >= (f.fitted_at at time zone 'Asia/Tokyo')::date - 1
    and (f.removed_at is null or d.day <= (f.removed_at at time zone 'Asia/Tokyo')::date)`;
  const result = await sql<Bounds>`
    select max(b.day) as "beforeDay", min(a.day) as "afterDay"
    from meter_fitting f
    left join lateral (
      select d.day from meter_day d where ${ofFitting} and d.day < ${input.fromDay} order by d.day desc limit 1
    ) b on true
    left join lateral (
      select d.day from meter_day d where ${ofFitting} and d.day > ${input.toDay} order by d.day limit 1
    ) a on true
    where f.utility_id = ${input.utilityId} and f.supply_point_id = ${input.supplyPointId}
  `.execute(db);
  return result.rows[0] ?? { beforeDay: null, afterDay: null };
}

function listDays(
  db: ReadDb,
  input: UsageLineInput,
  span: { meterIds: number[]; fromDay: string; toDay: string },
): Promise<DayIndexes[]> {
  return db
    .selectFrom('meter_day')
    .where('utility_id', '=', input.utilityId)
    .where('meter_id', 'in', span.meterIds)
    .where('day', '>=', span.fromDay)
    .where('day', '<=', span.toDay)
    .select(['meter_id as meterId', 'day', 'index_l as indexL'])
    .execute();
}

/**
 * The line begins and ends at the registers just outside the asked days: the rows that bring them hold more, which
 * would read as a gap towards what was not loaded.
 */
function narrowed(input: UsageLineInput, days: readonly DayIndexes[]): HourRange {
  const start = hourNumber(input.fromDay, 0);
  const end = hourNumber(addDays(input.toDay, 1), 0);
  const range = input.within ?? { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
  const hours = days
    .flatMap(({ day, indexL }) =>
      indexL.flatMap((value, element) => (value === null ? [] : [hourNumber(day, element + 1)])),
    )
    .filter((hour) => hour >= range.from && hour <= range.to);
  const before = hours.filter((hour) => hour <= start);
  const after = hours.filter((hour) => hour >= end);
  return {
    from: before.reduce((latest, hour) => Math.max(latest, hour), range.from),
    to: after.reduce((earliest, hour) => Math.min(earliest, hour), range.to),
  };
}
