import { type RawBuilder, sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { type AreaMeter, getArea, listAreaMeters, listTree } from '../register/area-queries.ts';
import { addDays, daysBetween } from '../time.ts';
import { outsideCounts, outsideDays, type PeriodInput } from './meter-days-sql.ts';
import { type PressurePeriod, pressurePeriod, summarize } from './pressure-band.ts';
import type { Area, AreaPressure } from './pressure-wire.ts';
import { type RolledBand, readRolledBand } from './rolled-band-queries.ts';
import { type BandSlot, readBand } from './scanned-band-queries.ts';

/** The band of an area, with the areas below it. @throws DomainError `forbidden`, `not_found`, `invalid_input`. */
export async function getAreaPressure(
  db: ReadDb,
  actor: Actor,
  input: PeriodInput,
): Promise<AreaPressure> {
  requireCapability(actor, 'pressure.read');
  const period = pressurePeriod(input, input.now);
  const area = await getArea(db, input.areaId);
  const areaIds = await listTree(db, input.areaId);
  const query = { utilityId: actor.utilityId, areaIds, ...period, limits: area.limits };
  const { slots, coverage, faults } =
    (await readRolledBand(db, query, period)) ?? (await scanBand(db, area, period));
  const points = slots.map(({ slot, sumPa, ...value }) => ({
    ...timeOf(slot, period),
    ...value,
    averagePa: Math.round(sumPa / value.values),
  }));
  return { area, period, coverage, points, summary: { ...summarize(points), faults } };
}

/** The band from all readings of the period: used when the roll-up is not available, and for comparison with it. */
export async function scanBand(
  db: ReadDb,
  area: Area,
  period: PressurePeriod,
): Promise<RolledBand> {
  const meters = await listAreaMeters(db, { areaId: area.areaId, ...period });
  const { slots, faults, ...counted } = await readBand(db, { meters, period });
  const outside = await countOutside(db, { area, meters, period, slots });
  return {
    slots: slots.map((slot) => ({ ...slot, ...(outside.get(slot.slot) ?? NOTHING_OUTSIDE) })),
    coverage: { ...counted, ...fittedIn(meters) },
    faults,
  };
}

const NOTHING_OUTSIDE = { below: 0, above: 0 };

/** The pressures of each meter-day with their slot in the period, as in `BandSlot`. */
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

/** Hours outside the limits by slot. Called only when a minimum or maximum shows that there are any. */
async function countOutside(
  db: ReadDb,
  input: { area: Area; meters: AreaMeter[]; period: PressurePeriod; slots: BandSlot[] },
): Promise<Map<number, { below: number; above: number }>> {
  const { area, meters, period, slots } = input;
  const { lowPa, highPa } = area.limits;
  if (!slots.some((slot) => slot.lowPa < lowPa || slot.highPa > highPa)) return new Map();
  const counted = await sql<{ slot: number; below: number; above: number }>`
    select h.slot, ${outsideCounts(area)}
    from (${slotsOf(outsideDays(meters, period, area), period)}) h
    group by h.slot
  `.execute(db);
  return new Map(counted.rows.map(({ slot, ...counts }) => [slot, counts]));
}

/** Number of fitted meters, and of meter-days. */
function fittedIn(meters: readonly AreaMeter[]) {
  const days = meters.map(({ fromDay, toDay }) => Math.max(0, daysBetween(fromDay, toDay) + 1));
  return {
    fittedMeters: new Set(meters.map(({ meterId }) => meterId)).size,
    fittedMeterDays: days.reduce((sum, n) => sum + n, 0),
  };
}
