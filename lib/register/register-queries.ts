// The register as an operator reads it: by codes and numbers, one row for each thing.
import { sql } from 'kysely';
import type { GasKind, ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { DomainError } from '../errors.ts';

export interface AreaRow {
  areaId: number;
  code: string;
  name: string;
  gasKind: GasKind;
  pressureMinPa: number;
  pressureMaxPa: number;
  supplyPoints: number;
}

/** All areas in the order of their codes, or the one of `code`. */
export async function listAreas(
  db: ReadDb,
  actor: Actor,
  { code }: { code?: string } = {},
): Promise<AreaRow[]> {
  requireCapability(actor, 'meter.read');
  const { rows } = await sql<AreaRow>`
    select a.area_id as "areaId", a.code, a.name, a.gas_kind as "gasKind", a.pressure_min_pa as "pressureMinPa",
           a.pressure_max_pa as "pressureMaxPa",
           (select count(*)::integer from supply_point p
            where p.utility_id = a.utility_id and p.area_id = a.area_id) as "supplyPoints"
    from area a
    where a.utility_id = ${actor.utilityId} and (${code ?? null}::text is null or a.code = ${code ?? null})
    order by a.code`.execute(db);
  return rows;
}

/** The area of a code. Errors: not_found, forbidden. */
export async function getArea(db: ReadDb, actor: Actor, code: string): Promise<AreaRow> {
  const [area] = await listAreas(db, actor, { code });
  if (area) return area;
  const known = await listAreas(db, actor);
  const codes = known.map((each) => each.code).join(', ') || 'none yet';
  throw new DomainError('not_found', `area ${code} is not registered (there is: ${codes})`);
}

export interface SupplyPointRow {
  number: string;
  area: string;
  gasKind: GasKind;
  closingDay: number;
  openedOn: string;
  closedOn: string | null;
  customerNumber: string | null;
  meterSerial: string | null;
  terminalNumber: string | null;
  /** Latest day with readings of the fitted meter. */
  lastDay: string | null;
}

/** Supply points in the order of their numbers, with what is there on `today` (JST); at most `limit`. */
export async function listSupplyPoints(
  db: ReadDb,
  actor: Actor,
  { areaCode, today, limit }: { areaCode: string | undefined; today: string; limit: number },
): Promise<SupplyPointRow[]> {
  requireCapability(actor, 'meter.read');
  const { rows } = await sql<SupplyPointRow>`
    select p.number, a.code as area, p.gas_kind as "gasKind", p.closing_day as "closingDay", p.opened_on as "openedOn",
           p.closed_on as "closedOn", o.customer_number as "customerNumber", m.serial as "meterSerial",
           t.number as "terminalNumber",
           (select max(d.day) from meter_day d
            where d.utility_id = f.utility_id and d.meter_id = f.meter_id) as "lastDay"
    from supply_point p
    join area a on a.utility_id = p.utility_id and a.area_id = p.area_id
    left join occupancy o on o.utility_id = p.utility_id and o.supply_point_id = p.supply_point_id
      and o.from_on <= ${today}::date and coalesce(o.to_on > ${today}::date, true)
    left join meter_fitting f on f.utility_id = p.utility_id and f.supply_point_id = p.supply_point_id
      and f.removed_at is null
    left join meter m on m.utility_id = f.utility_id and m.meter_id = f.meter_id
    left join terminal_fitting tf on tf.utility_id = p.utility_id and tf.supply_point_id = p.supply_point_id
      and tf.to_at is null
    left join terminal t on t.utility_id = tf.utility_id and t.terminal_id = tf.terminal_id
    where p.utility_id = ${actor.utilityId} and (${areaCode ?? null}::text is null or a.code = ${areaCode ?? null})
    order by p.number limit ${limit}`.execute(db);
  return rows;
}

/** A supply point by its number, with the meter that is fitted now. */
export interface FittedSupplyPoint {
  supplyPointId: number;
  gasKind: GasKind;
  areaCode: string;
  meter:
    | { meterId: number; serial: string; dialL: number; fittedAt: Date; startIndexL: number | null }
    | undefined;
}

/** Errors: not_found, forbidden. */
export async function getSupplyPoint(
  db: ReadDb,
  actor: Actor,
  number: string,
): Promise<FittedSupplyPoint> {
  requireCapability(actor, 'meter.read');
  const { rows } = await sql<{
    supply_point_id: number;
    gas_kind: GasKind;
    code: string;
    meter_id: number;
    serial: string | null;
    dial_l: number;
    fitted_at: Date;
    start_index_l: number | null;
  }>`
    select p.supply_point_id, p.gas_kind, a.code, m.meter_id, m.serial, m.dial_l, f.fitted_at, f.start_index_l
    from supply_point p
    join area a on a.utility_id = p.utility_id and a.area_id = p.area_id
    left join meter_fitting f on f.utility_id = p.utility_id and f.supply_point_id = p.supply_point_id
      and f.removed_at is null
    left join meter m on m.utility_id = f.utility_id and m.meter_id = f.meter_id
    where p.utility_id = ${actor.utilityId} and p.number = ${number}`.execute(db);
  const row = rows[0];
  if (!row) {
    throw new DomainError(
      'not_found',
      `supply point ${number} is not registered: check the number`,
    );
  }
  const meter =
    row.serial === null
      ? undefined
      : {
          meterId: row.meter_id,
          serial: row.serial,
          dialL: row.dial_l,
          fittedAt: row.fitted_at,
          startIndexL: row.start_index_l,
        };
  return { supplyPointId: row.supply_point_id, gasKind: row.gas_kind, areaCode: row.code, meter };
}

export interface MeterRow {
  serial: string;
  gasKind: GasKind;
  size: number;
  dialL: number;
  /** Supply point where it is fitted now, or null. */
  supplyPoint: string | null;
  fittedAt: Date | null;
}

/** Meters in the order of their serials; at most `limit`. */
export async function listRegisteredMeters(
  db: ReadDb,
  actor: Actor,
  { limit }: { limit: number },
): Promise<MeterRow[]> {
  requireCapability(actor, 'meter.read');
  const { rows } = await sql<MeterRow>`
    select m.serial, m.gas_kind as "gasKind", m.size::float8 as size, m.dial_l as "dialL",
           p.number as "supplyPoint", f.fitted_at as "fittedAt"
    from meter m
    left join meter_fitting f on f.utility_id = m.utility_id and f.meter_id = m.meter_id and f.removed_at is null
    left join supply_point p on p.utility_id = f.utility_id and p.supply_point_id = f.supply_point_id
    where m.utility_id = ${actor.utilityId} order by m.serial limit ${limit}`.execute(db);
  return rows;
}
