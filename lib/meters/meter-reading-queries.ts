import { sql } from 'kysely';
import type { Arrival, ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { DomainError } from '../errors.ts';
import { isFault, isSound } from '../pressure/sound-pressure-sql.ts';
import { arrivalWord } from '../readings/arrival.ts';
import { isAwaited } from '../readings/report-window.ts';
import { listFittedTerminals } from '../terminals/fitted-terminal-queries.ts';
import { addDays } from '../time.ts';
import { type DayIndexes, type FittedMeter, hourNumber, usageLine } from '../usage/usage-line.ts';
import { gapsBetween, longGapsBetween } from '../usage/usage-totals.ts';
import type { Resolution } from '../wire.ts';
import { type DayRecord, type DaySummary, edgesOnly } from './day-summary.ts';
import { listIndexFaults } from './index-fault-queries.ts';
import {
  dayReadings,
  type GapCauses,
  hasAllRegisters,
  hourReadings,
  readingPeriod,
} from './meter-readings.ts';
import { changedHours, type VersionValues } from './meter-revision.ts';
import type { MeterReadings, MeterRevision } from './meter-wire.ts';

interface PeriodInput {
  meterId: number;
  from?: string | undefined;
  to?: string | undefined;
  now: Date;
}

/**
 * Readings of the supply point where the meter is or was last fitted, including those of its earlier and later meters.
 * @throws DomainError `forbidden`, `not_found`, `invalid_input`.
 */
export async function getMeterReadings(
  db: ReadDb,
  actor: Actor,
  input: PeriodInput & { step: Resolution },
): Promise<MeterReadings> {
  requireCapability(actor, 'meter.read');
  const period = readingPeriod(input, input.now);
  const meters = await listMetersOfSupplyPoint(db, input.meterId);
  const { meterId, step, now } = input;
  const read = step === 'hour' ? readHours : readDays;
  return { ...period, step, ...(await read(db, { meterId, meters, period, now })) };
}

/** Days of the period that were completed or corrected after arrival, latest change first. */
export async function listMeterRevisions(
  db: ReadDb,
  actor: Actor,
  input: PeriodInput,
): Promise<MeterRevision[]> {
  requireCapability(actor, 'meter.read');
  const { from, to } = readingPeriod({ ...input, step: 'day' }, input.now);
  const meters = await listMetersOfSupplyPoint(db, input.meterId);
  const { rows } = await sql<RevisionRow>`
    select r.meter_id as "meterId", r.day, r.revision, r.change, r.superseded_at as "changedAt",
           r.index_l as "indexL", r.pressure_pa as "pressurePa",
           coalesce(n.index_l, d.index_l) as "newIndexL", coalesce(n.pressure_pa, d.pressure_pa) as "newPressurePa",
           coalesce(n.arrival, d.arrival) as arrival
    from meter_day_revision r
    join meter_day d on d.meter_id = r.meter_id and d.day = r.day and d.day between ${from} and ${to}
    left join meter_day_revision n on n.meter_id = r.meter_id and n.day = r.day and n.revision = r.revision + 1
    where r.meter_id = any (${idsOf(meters)}::int[]) and r.day between ${from} and ${to}
    order by r.revision_id desc
  `.execute(db);
  const faults = await listIndexFaults(db, idsOf(meters), { from, to, unhealed: false });
  return rows.map(({ indexL, pressurePa, newIndexL, newPressurePa, arrival, ...revision }) => ({
    ...revision,
    arrival: arrivalWord(arrival),
    hours: changedHours(
      { indexL, pressurePa },
      { indexL: newIndexL, pressurePa: newPressurePa },
      faults.filter(({ meterId, day }) => meterId === revision.meterId && day === revision.day),
    ),
  }));
}

/** Input of a read of one supply point. */
interface ReadingsInput {
  /** Meter that identifies the supply point. */
  meterId: number;
  /** All meters of the supply point. */
  meters: FittedMeter[];
  period: { from: string; to: string };
  now: Date;
}

type SupplyPointReadings = Pick<MeterReadings, 'days' | 'gaps'>;

/** `sound` replaces the pressures when there are faults among them. */
type SummaryRow = Omit<DaySummary, 'pressureFaults'> & {
  sound: Pick<DaySummary, 'lowPa' | 'averagePa' | 'highPa' | 'pressureFaults'> | null;
};

const NOTHING_MISSING: GapCauses = { indexFaults: [], isAwaited: () => false };

type RevisionRow = Omit<MeterRevision, 'hours' | 'arrival'> &
  VersionValues & {
    arrival: Arrival;
    newIndexL: (number | null)[];
    newPressurePa: (number | null)[];
  };

/**
 * All meters of the supply point where the meter was fitted last, in order of time. @throws DomainError `not_found`.
 */
async function listMetersOfSupplyPoint(db: ReadDb, meterId: number): Promise<FittedMeter[]> {
  const { rows } = await sql<Omit<FittedMeter, 'sizeM3PerHour'> & { size: string }>`
    select m.meter_id as "meterId", m.size, m.dial_l as "dialL", f.fitted_at as "fittedAt", f.removed_at as "removedAt",
           f.start_index_l as "startIndexL", f.final_index_l as "finalIndexL"
    from meter_fitting f
    join meter m on m.utility_id = f.utility_id and m.meter_id = f.meter_id
    where f.supply_point_id = (
      ${supplyPointOf(meterId)}
    )
    order by f.fitted_at
  `.execute(db);
  if (rows.length === 0) {
    throw new DomainError('not_found', 'there is no such meter, or it was never fitted', {
      meterId,
    });
  }
  return rows.map(({ size, ...meter }) => ({ ...meter, sizeM3PerHour: Number(size) }));
}

/** The supply point where the meter was fitted last. */
function supplyPointOf(meterId: number) {
  return sql<number>`select supply_point_id from meter_fitting where meter_id = ${meterId} order by fitted_at desc limit 1`;
}

async function readHours(db: ReadDb, supplyPoint: ReadingsInput): Promise<SupplyPointReadings> {
  const { meters, period } = supplyPoint;
  const { rows: records } = await sql<DayRecord>`
    select meter_id as "meterId", day, index_l as "indexL", pressure_pa as "pressurePa", arrival,
           received_at as "receivedAt", revision, doubtful_hours as "doubtfulHours", entered_hours as "enteredHours"
    from sound_day
    where meter_id = any (${idsOf(meters)}::int[]) and day between ${addDays(period.from, -1)} and ${addDays(period.to, 1)}
  `.execute(db);
  const line = usageLine(meters, [...records, ...(await beyond(db, meters, period, records))]);
  const isWhole = hasAllRegisters(period, meters, records, ({ indexL }) => !indexL.includes(null));
  const causes = isWhole ? NOTHING_MISSING : await readCauses(db, supplyPoint);
  const gaps = gapsBetween(line, hourNumber(period.from, 0), hourNumber(period.to, 24));
  return { days: hourReadings(period, { meters, ...causes, line, records }), gaps };
}

async function readDays(db: ReadDb, supplyPoint: ReadingsInput): Promise<SupplyPointReadings> {
  const { meters, period } = supplyPoint;
  const { rows } = await sql<SummaryRow>`
    select d.meter_id as "meterId", d.day, d.index_l[o.hour] as "openingIndexL", o.hour as "openingHour",
           d.closing_index_l as "closingIndexL", d.closing_hour as "closingHour", d.doubtful_hours as "doubtfulHours",
           d.entered_hours as "enteredHours", case when d.entered_hours is not null then d.index_l end as "editedIndexL", cardinality(array_remove(d.index_l, null)) as registers, p.low as "lowPa", p.average as "averagePa",
           p.high as "highPa", ${soundAmongFaults()} as sound, d.arrival, d.received_at as "receivedAt", d.revision
    from sound_day d
    cross join lateral (
      select min(p) as low, round(avg(p))::int as average, max(p) as high from unnest(d.pressure_pa) p
    ) p
    cross join lateral (
      select case when d.index_l[1] is not null then 1
                  else (select min(k)::int from unnest(d.index_l) with ordinality u(i, k) where i is not null) end as hour
    ) o
    where d.meter_id = any (${idsOf(meters)}::int[]) and d.day between ${addDays(period.from, -1)} and ${period.to}
  `.execute(db);
  const summaries = rows.map(
    (row): DaySummary => Object.assign(row, row.sound ?? { pressureFaults: [] }),
  );
  const days = summaries.map(edgesOnly);
  const before = await beyond(db, meters, { from: period.from }, days);
  const line = usageLine(meters, [...days, ...before]);
  const isWhole = hasAllRegisters(period, meters, summaries, ({ registers }) => registers === 24);
  const causes = isWhole ? NOTHING_MISSING : await readCauses(db, supplyPoint);
  return {
    days: dayReadings(period, { meters, ...causes, line, summaries }),
    gaps: longGapsBetween(line, hourNumber(period.from, 0), hourNumber(period.to, 24)),
  };
}

/**
 * Sound pressures of days whose least or greatest value is a sensor fault; null for other days, which are nearly all.
 */
function soundAmongFaults() {
  const sound = isSound(sql`u.p`);
  const fault = isFault(sql`u.p`);
  return sql`
    case when ${isFault(sql`p.low`)} or ${isFault(sql`p.high`)} then (
      select json_build_object(
        'lowPa', min(u.p) filter (where ${sound}), 'averagePa', round(avg(u.p) filter (where ${sound}))::int,
        'highPa', max(u.p) filter (where ${sound}),
        'pressureFaults', json_agg(json_build_object('kind', 'pressure', 'hourEnding', u.k, 'value', u.p) order by u.k)
          filter (where ${fault}))
      from unnest(d.pressure_pa) with ordinality u(p, k)
    ) end`;
}

/** Reads what explains missing registers; only called when some are missing. */
async function readCauses(
  db: ReadDb,
  { meterId, meters, period, now }: ReadingsInput,
): Promise<GapCauses> {
  const terminals = await listFittedTerminals(db, supplyPointOf(meterId));
  const indexFaults = await listIndexFaults(db, idsOf(meters), { ...period, unhealed: true });
  return { indexFaults, isAwaited: (day) => isAwaited(day, terminals, now) };
}

/**
 * The nearest days with a register beyond the period, when the adjacent days have none: a gap over the edge keeps its
 * total. Without `to` only earlier days are read.
 */
async function beyond(
  db: ReadDb,
  meters: FittedMeter[],
  period: { from: string; to?: string },
  loaded: readonly DayIndexes[],
): Promise<DayIndexes[]> {
  const ids = sql`meter_id = any (${idsOf(meters)}::int[]) and closing_hour is not null`;
  const columns = sql`meter_id as "meterId", day, index_l as "indexL", doubtful_hours as "doubtfulHours"`;
  const found: DayIndexes[] = [];
  const { from, to } = period;
  if (!loaded.some((record) => record.day < from && hasRegister(record))) {
    const { rows } = await sql<DayIndexes>`
      select ${columns} from sound_day where ${ids} and day < ${addDays(from, -1)} order by day desc limit 1
    `.execute(db);
    found.push(...rows);
  }
  if (to !== undefined && !loaded.some((record) => record.day >= to && closes(record, to))) {
    const { rows } = await sql<DayIndexes>`
      select ${columns} from sound_day where ${ids} and day > ${addDays(to, 1)} order by day limit 1
    `.execute(db);
    found.push(...rows);
  }
  return found;
}

function hasRegister({ indexL }: DayIndexes): boolean {
  return indexL.some((value) => value !== null);
}

/** True when the record has a register at the end of `day` or later. */
function closes(record: DayIndexes, day: string): boolean {
  return record.day > day ? hasRegister(record) : (record.indexL[23] ?? null) !== null;
}

function idsOf(meters: readonly FittedMeter[]): number[] {
  return [...new Set(meters.map(({ meterId }) => meterId))];
}
