import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';

/** Supply point of a customer number with the fitted meter and terminal; null when none is fitted. */
export interface CustomerSupplyPoint {
  supplyPointId: number;
  gasKind: 'city' | 'lp';
  openedOn: string;
  /** First day of the customer's occupancy. */
  occupiedFrom: string;
  meter: {
    meterId: number;
    serial: string;
    /** Dial capacity, litres. */
    dialL: number;
    fittedAt: Date;
    /** Register when fitted, litres; null when it was not noted. */
    startIndexL: number | null;
  } | null;
  terminal: {
    terminalId: number;
    number: string;
    fromAt: Date;
    registeredAt: Date;
    secretHash: Buffer;
    /** Highest committed uplink counter; 0: it never sent a frame. */
    lastCounter: number;
  } | null;
}

/** Supply point of the latest occupancy of a customer number; undefined when it never had one. */
export async function findCustomerSupplyPoint(
  db: ReadDb,
  actor: Actor,
  { customerNumber }: { customerNumber: string },
): Promise<CustomerSupplyPoint | undefined> {
  requireCapability(actor, 'meter.read');
  const supplyPoint = await db
    .selectFrom('occupancy as o')
    .innerJoin('supply_point as p', (join) =>
      join
        .onRef('p.utility_id', '=', 'o.utility_id')
        .onRef('p.supply_point_id', '=', 'o.supply_point_id'),
    )
    .select(['p.supply_point_id', 'p.gas_kind', 'p.opened_on', 'o.from_on'])
    .where('o.utility_id', '=', actor.utilityId)
    .where('o.customer_number', '=', customerNumber)
    .orderBy('o.from_on', 'desc')
    .executeTakeFirst();
  if (!supplyPoint) return undefined;
  const at = { utilityId: actor.utilityId, supplyPointId: supplyPoint.supply_point_id };
  return {
    supplyPointId: supplyPoint.supply_point_id,
    gasKind: supplyPoint.gas_kind,
    openedOn: supplyPoint.opened_on,
    occupiedFrom: supplyPoint.from_on,
    meter: await findFittedMeter(db, at),
    terminal: await findFittedTerminal(db, at),
  };
}

interface At {
  utilityId: number;
  supplyPointId: number;
}

async function findFittedMeter(db: ReadDb, at: At): Promise<CustomerSupplyPoint['meter']> {
  const meter = await db
    .selectFrom('meter_fitting as f')
    .innerJoin('meter as m', (join) =>
      join.onRef('m.utility_id', '=', 'f.utility_id').onRef('m.meter_id', '=', 'f.meter_id'),
    )
    .select(['m.meter_id', 'm.serial', 'm.dial_l', 'f.fitted_at', 'f.start_index_l'])
    .where('f.utility_id', '=', at.utilityId)
    .where('f.supply_point_id', '=', at.supplyPointId)
    .where('f.removed_at', 'is', null)
    .executeTakeFirst();
  if (!meter) return null;
  return {
    meterId: meter.meter_id,
    serial: meter.serial,
    dialL: meter.dial_l,
    fittedAt: meter.fitted_at,
    startIndexL: meter.start_index_l,
  };
}

async function findFittedTerminal(db: ReadDb, at: At): Promise<CustomerSupplyPoint['terminal']> {
  const terminal = await db
    .selectFrom('terminal_fitting as f')
    .innerJoin('terminal as t', (join) =>
      join.onRef('t.utility_id', '=', 'f.utility_id').onRef('t.terminal_id', '=', 'f.terminal_id'),
    )
    .innerJoin('terminal_state as s', (join) =>
      join.onRef('s.utility_id', '=', 't.utility_id').onRef('s.terminal_id', '=', 't.terminal_id'),
    )
    .select([
      't.terminal_id',
      't.number',
      't.registered_at',
      't.secret_hash',
      'f.from_at',
      's.up_high',
    ])
    .where('f.utility_id', '=', at.utilityId)
    .where('f.supply_point_id', '=', at.supplyPointId)
    .where('f.to_at', 'is', null)
    .executeTakeFirst();
  if (!terminal) return null;
  return {
    terminalId: terminal.terminal_id,
    number: terminal.number,
    fromAt: terminal.from_at,
    registeredAt: terminal.registered_at,
    secretHash: terminal.secret_hash,
    lastCounter: terminal.up_high,
  };
}
