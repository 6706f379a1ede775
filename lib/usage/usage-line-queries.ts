import type { ReadDb } from '../../db/schema.ts';
import { addDays, dayOf } from '../time.ts';
import type { DayIndexes, FittedMeter, HourRange, UsageLine } from './usage-line.ts';
import { hourNumber, registersOf, usageLine } from './usage-line.ts';

const COLUMNS = [
  'meter_id as meterId',
  'day',
  'index_l as indexL',
  'doubtful_hours as doubtfulHours',
] as const;

interface UsageLineInput {
  utilityId: number;
  /** First and last JST day, both included. */
  fromDay: string;
  toDay: string;
  /** Registers that the reader may see; default: all. */
  within?: HourRange;
}

/**
 * The usage line of the meters of a supply point, from the latest register at or before the first day's beginning to
 * the first one at or after the last day's end, so that a gap over either edge keeps its total. Checks no right: the
 * calling verbs do.
 */
export async function getUsageLine(
  db: ReadDb,
  input: UsageLineInput,
  meters: readonly FittedMeter[],
): Promise<UsageLine> {
  if (meters.length === 0) return { stretches: [] };
  const days = await listDays(db, input, meters);
  const start = hourNumber(input.fromDay, 0);
  const end = hourNumber(input.toDay, 24);
  const hours = knownHours(meters, days);
  if (!hours.some((hour) => hour <= start)) {
    days.push(...(await listNearestDay(db, input, meters, 'before')));
  }
  if (!hours.some((hour) => hour >= end)) {
    days.push(...(await listNearestDay(db, input, meters, 'after')));
  }
  return usageLine(meters, days, narrowed(input, knownHours(meters, days)));
}

/** Meters of a supply point with their fittings there; unordered. */
export async function listFittedMeters(
  db: ReadDb,
  input: { utilityId: number; supplyPointId: number },
): Promise<FittedMeter[]> {
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

/** The requested days and one more on either side. */
function listDays(
  db: ReadDb,
  input: UsageLineInput,
  meters: readonly FittedMeter[],
): Promise<DayIndexes[]> {
  return db
    .selectFrom('sound_day')
    .where('utility_id', '=', input.utilityId)
    .where('meter_id', 'in', [...new Set(meters.map(({ meterId }) => meterId))])
    .where('day', '>=', addDays(input.fromDay, -1))
    .where('day', '<=', addDays(input.toDay, 1))
    .select(COLUMNS)
    .execute();
}

/**
 * The nearest day with a register beyond those of `listDays`, of the meters while they were fitted here; needed only
 * for a gap over the edge. Meter ids are constants of the query, so that each chunk is reached by its primary key.
 */
async function listNearestDay(
  db: ReadDb,
  input: UsageLineInput,
  meters: readonly FittedMeter[],
  side: 'before' | 'after',
): Promise<DayIndexes[]> {
  const beyond = side === 'before' ? addDays(input.fromDay, -1) : addDays(input.toDay, 1);
  const nearest = await db
    .selectFrom('sound_day')
    .where('utility_id', '=', input.utilityId)
    .where('closing_hour', 'is not', null)
    .where('day', side === 'before' ? '<' : '>', beyond)
    .where((is) =>
      is.or(
        meters.map(({ meterId, fittedAt, removedAt }) =>
          is.and([
            is('meter_id', '=', meterId),
            is('day', '>=', dayOf(fittedAt)),
            ...(removedAt ? [is('day', '<=', dayOf(removedAt))] : []),
          ]),
        ),
      ),
    )
    .select(COLUMNS)
    .orderBy('day', side === 'before' ? 'desc' : 'asc')
    .limit(2)
    .execute();
  return nearest.filter(({ day }) => day === nearest[0]?.day);
}

function knownHours(meters: readonly FittedMeter[], days: readonly DayIndexes[]): number[] {
  return meters.flatMap((meter) => registersOf(meter, days).map(({ hour }) => hour));
}

/**
 * The line ends at the registers just outside the requested days. The rows that contain them hold more registers, which
 * would look like a gap to what was not loaded.
 */
function narrowed(input: UsageLineInput, known: readonly number[]): HourRange {
  const start = hourNumber(input.fromDay, 0);
  const end = hourNumber(input.toDay, 24);
  const range = input.within ?? { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
  const hours = known.filter((hour) => hour >= range.from && hour <= range.to);
  const before = hours.filter((hour) => hour <= start);
  const after = hours.filter((hour) => hour >= end);
  return {
    from: before.reduce((latest, hour) => Math.max(latest, hour), range.from),
    to: after.reduce((earliest, hour) => Math.min(earliest, hour), range.to),
  };
}
