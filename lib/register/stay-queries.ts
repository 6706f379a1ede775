// Stays of customers, and fittings at their supply points. Occupancies and fittings are half-open.
import type { GasKind, ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';

/** A customer's time at a supply point. */
export interface CustomerStay {
  supplyPointId: number;
  supplyPointNumber: string;
  areaCode: string;
  gasKind: GasKind;
  /** First day on which the supply point was supplied. */
  openedOn: string;
  /** First day without supply; null while it is supplied. */
  closedOn: string | null;
  fromOn: string;
  /** First day that is no longer the customer's; null while they are there. */
  toOn: string | null;
}

/** Stays of a customer number in the order of their days; empty when it was never used. */
export async function listCustomerStays(
  db: ReadDb,
  actor: Actor,
  { customerNumber }: { customerNumber: string },
): Promise<CustomerStay[]> {
  requireCapability(actor, 'meter.read');
  const rows = await db
    .selectFrom('occupancy as o')
    .innerJoin('supply_point as p', (join) =>
      join
        .onRef('p.utility_id', '=', 'o.utility_id')
        .onRef('p.supply_point_id', '=', 'o.supply_point_id'),
    )
    .innerJoin('area as a', (join) =>
      join.onRef('a.utility_id', '=', 'p.utility_id').onRef('a.area_id', '=', 'p.area_id'),
    )
    .select(['p.supply_point_id', 'p.number', 'p.gas_kind', 'p.opened_on', 'p.closed_on'])
    .select(['a.code', 'o.from_on', 'o.to_on'])
    .where('o.utility_id', '=', actor.utilityId)
    .where('o.customer_number', '=', customerNumber)
    .orderBy('o.from_on')
    .execute();
  return rows.map((row) => ({
    supplyPointId: row.supply_point_id,
    supplyPointNumber: row.number,
    areaCode: row.code,
    gasKind: row.gas_kind,
    openedOn: row.opened_on,
    closedOn: row.closed_on,
    fromOn: row.from_on,
    toOn: row.to_on,
  }));
}

/** A meter's fitting at a supply point. */
export interface SupplyPointMeter {
  meterId: number;
  serial: string;
  /** Dial capacity, litres. */
  dialL: number;
  fromAt: Date;
  toAt: Date | null;
}

/** Meters of a supply point, oldest first. */
export async function listSupplyPointMeters(
  db: ReadDb,
  actor: Actor,
  { supplyPointId }: { supplyPointId: number },
): Promise<SupplyPointMeter[]> {
  requireCapability(actor, 'meter.read');
  const rows = await db
    .selectFrom('meter_fitting as f')
    .innerJoin('meter as m', (join) =>
      join.onRef('m.utility_id', '=', 'f.utility_id').onRef('m.meter_id', '=', 'f.meter_id'),
    )
    .select(['m.meter_id', 'm.serial', 'm.dial_l', 'f.fitted_at', 'f.removed_at'])
    .where('f.utility_id', '=', actor.utilityId)
    .where('f.supply_point_id', '=', supplyPointId)
    .orderBy('f.fitted_at')
    .execute();
  return rows.map((row) => ({
    meterId: row.meter_id,
    serial: row.serial,
    dialL: row.dial_l,
    fromAt: row.fitted_at,
    toAt: row.removed_at,
  }));
}

/** A terminal's fitting at a supply point, with what identifies its credentials. */
export interface SupplyPointTerminal {
  terminalId: number;
  number: string;
  fromAt: Date;
  toAt: Date | null;
  registeredAt: Date;
  secretHash: Buffer;
  /** Highest committed uplink counter; 0: it never sent a frame. */
  lastCounter: number;
}

/** Terminals of a supply point that may still sign in, oldest first; for issuing credentials. */
export async function listSupplyPointTerminals(
  db: ReadDb,
  actor: Actor,
  { supplyPointId }: { supplyPointId: number },
): Promise<SupplyPointTerminal[]> {
  requireCapability(actor, 'register.write');
  const rows = await db
    .selectFrom('terminal_fitting as f')
    .innerJoin('terminal as t', (join) =>
      join.onRef('t.utility_id', '=', 'f.utility_id').onRef('t.terminal_id', '=', 'f.terminal_id'),
    )
    .innerJoin('terminal_state as s', (join) =>
      join.onRef('s.utility_id', '=', 't.utility_id').onRef('s.terminal_id', '=', 't.terminal_id'),
    )
    .select(['t.terminal_id', 't.number', 't.registered_at', 't.secret_hash'])
    .select(['f.from_at', 'f.to_at', 's.up_high'])
    .where('f.utility_id', '=', actor.utilityId)
    .where('f.supply_point_id', '=', supplyPointId)
    .where('t.retired_at', 'is', null)
    .orderBy('f.from_at')
    .execute();
  return rows.map((row) => ({
    terminalId: row.terminal_id,
    number: row.number,
    fromAt: row.from_at,
    toAt: row.to_at,
    registeredAt: row.registered_at,
    secretHash: row.secret_hash,
    lastCounter: row.up_high,
  }));
}
