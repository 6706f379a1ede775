import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { DomainError } from '../errors.ts';
import type { GasKind } from '../gas-kind.ts';
import type { Area } from '../pressure/pressure-wire.ts';
import { instantOf } from '../time.ts';

/** A meter and the days of a period on which it was fitted in the area, both included. */
export interface AreaMeter {
  meterId: number;
  fromDay: string;
  toDay: string;
}

interface AreaRow {
  areaId: number;
  parentAreaId: number | null;
  code: string;
  name: string;
  gasKind: GasKind;
  lowPa: number;
  highPa: number;
}

/** All areas of the utility, by code. */
export async function listAreas(db: ReadDb, actor: Actor): Promise<Area[]> {
  requireCapability(actor, 'meter.read');
  return (await areaRows(db).orderBy('code').execute()).map(areaOf);
}

/** @throws DomainError `not_found`. Checks no right: the calling verbs do. */
export async function getArea(db: ReadDb, areaId: number): Promise<Area> {
  const row = await areaRows(db).where('area_id', '=', areaId).executeTakeFirst();
  if (!row) throw new DomainError('not_found', 'there is no such area', { areaId });
  return areaOf(row);
}

/** Ids of the area and all areas below it. */
export async function listTree(db: ReadDb, areaId: number): Promise<number[]> {
  const { rows } = await sql<{ area_id: number }>`
    with recursive tree as (
      select area_id from area where area_id = ${areaId}
      union
      select a.area_id from area a join tree on a.parent_area_id = tree.area_id
    )
    select area_id from tree order by area_id`.execute(db);
  return rows.map(({ area_id }) => area_id);
}

/** The meters fitted in an area, or in one below it, on any day of the period; one row per fitting. */
export async function listAreaMeters(
  db: ReadDb,
  input: { areaId: number; from: string; to: string },
): Promise<AreaMeter[]> {
  const { rows } = await sql<AreaMeter>`
    with recursive tree as (
      select area_id from area where area_id = ${input.areaId}
      union
      select a.area_id from area a join tree on a.parent_area_id = tree.area_id
    )
    select f.meter_id as "meterId",
           greatest(${input.from}::date, (f.fitted_at at time zone 'Asia/Tokyo')::date) as "fromDay",
           -- Hour 1 is the first of a day: a meter removed before it has no hour of the day.
           least(${input.to}::date, (f.removed_at at time zone 'Asia/Tokyo' - interval '1 hour')::date) as "toDay"
    from supply_point s
    cross join lateral (
      select f.meter_id, f.fitted_at, f.removed_at from meter_fitting f
      where f.utility_id = s.utility_id and f.supply_point_id = s.supply_point_id
        and f.fitted_at < ${instantOf(input.to, 24)}
        and (f.removed_at is null or f.removed_at > ${instantOf(input.from, 0)})
      offset 0
    ) f
    where s.area_id = any (array(select area_id from tree))
  `.execute(db);
  return rows;
}

function areaRows(db: ReadDb) {
  return db
    .selectFrom('area')
    .select([
      'area_id as areaId',
      'parent_area_id as parentAreaId',
      'code',
      'name',
      'gas_kind as gasKind',
      'pressure_min_pa as lowPa',
      'pressure_max_pa as highPa',
    ]);
}

function areaOf({ lowPa, highPa, ...area }: AreaRow): Area {
  return { ...area, limits: { lowPa, highPa } };
}
