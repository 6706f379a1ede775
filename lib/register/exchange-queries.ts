// Registered exchanges of meters, and the records that rest on each. Instants are Dates, registers litres.
import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { DomainError } from '../errors.ts';
import type { Resting } from './exchange.ts';

/** Records that rest on an exchange, oldest first; empty when it may be undone. Errors: not_found, forbidden. */
export async function listRestingOn(
  db: ReadDb,
  actor: Actor,
  { exchangeId }: { exchangeId: number },
): Promise<Resting[]> {
  requireCapability(actor, 'meter.read');
  const stands = await db
    .selectFrom('meter_exchange')
    .select('exchange_id')
    .where('utility_id', '=', actor.utilityId)
    .where('exchange_id', '=', exchangeId)
    .executeTakeFirst();
  if (!stands) throw noExchange(exchangeId);
  const { rows } = await sql<Resting>`
    select kind, at, named from resting_on_exchange(${exchangeId})`.execute(db);
  return rows;
}

function noExchange(exchangeId: number): DomainError {
  return new DomainError('not_found', 'there is no such exchange, or it was undone', {
    exchangeId,
  });
}

/** A registered exchange. */
export interface MeterExchanged {
  exchangeId: number;
  supplyPointNumber: string;
  exchangedAt: Date;
  recordedAt: Date;
  removed: { meterId: number; meterSerial: string; finalIndexL: number | null };
  fitted: { meterId: number; meterSerial: string; startIndexL: number | null };
  /** True when the new meter was registered with the exchange. */
  registeredMeter: boolean;
}

/** Maximum number of listed exchanges of one meter. */
const MAX_LISTED = 20;

/** Exchanges in which a meter was removed or fitted, latest first, at most 20. Errors: forbidden. */
export async function listMeterExchanges(
  db: ReadDb,
  actor: Actor,
  { meterId }: { meterId: number },
): Promise<MeterExchanged[]> {
  requireCapability(actor, 'meter.read');
  const rows = await exchanges(db, actor)
    .where((is) =>
      is.or([is('e.removed_meter_id', '=', meterId), is('e.fitted_meter_id', '=', meterId)]),
    )
    .orderBy('e.exchanged_at', 'desc')
    .limit(MAX_LISTED)
    .execute();
  return rows.map(exchangedOf);
}

/** An exchange with the records that rest on it. Errors: not_found, forbidden. */
export async function getExchange(
  db: ReadDb,
  actor: Actor,
  { exchangeId }: { exchangeId: number },
): Promise<MeterExchanged & { resting: Resting[] }> {
  requireCapability(actor, 'meter.read');
  const row = await exchanges(db, actor).where('e.exchange_id', '=', exchangeId).executeTakeFirst();
  if (!row) throw noExchange(exchangeId);
  return { ...exchangedOf(row), resting: await listRestingOn(db, actor, { exchangeId }) };
}

interface ExchangeRow {
  exchange_id: number;
  number: string;
  exchanged_at: Date;
  recorded_at: Date;
  registered_meter: boolean;
  removed_meter_id: number;
  removed_serial: string;
  final_index_l: number | null;
  fitted_meter_id: number;
  fitted_serial: string;
  start_index_l: number | null;
}

function exchanges(db: ReadDb, actor: Actor) {
  return db
    .selectFrom('meter_exchange as e')
    .innerJoin('supply_point as p', (join) =>
      join
        .onRef('p.utility_id', '=', 'e.utility_id')
        .onRef('p.supply_point_id', '=', 'e.supply_point_id'),
    )
    .innerJoin('meter as r', (join) =>
      join
        .onRef('r.utility_id', '=', 'e.utility_id')
        .onRef('r.meter_id', '=', 'e.removed_meter_id'),
    )
    .innerJoin('meter as n', (join) =>
      join.onRef('n.utility_id', '=', 'e.utility_id').onRef('n.meter_id', '=', 'e.fitted_meter_id'),
    )
    .innerJoin('meter_fitting as rf', (join) =>
      join
        .onRef('rf.utility_id', '=', 'e.utility_id')
        .onRef('rf.meter_id', '=', 'e.removed_meter_id')
        .onRef('rf.fitted_at', '=', 'e.removed_fitted_at'),
    )
    .innerJoin('meter_fitting as nf', (join) =>
      join
        .onRef('nf.utility_id', '=', 'e.utility_id')
        .onRef('nf.meter_id', '=', 'e.fitted_meter_id')
        .onRef('nf.fitted_at', '=', 'e.exchanged_at'),
    )
    .where('e.utility_id', '=', actor.utilityId)
    .select(['e.exchange_id', 'p.number', 'e.exchanged_at', 'e.recorded_at', 'e.registered_meter'])
    .select(['e.removed_meter_id', 'r.serial as removed_serial', 'rf.final_index_l'])
    .select(['e.fitted_meter_id', 'n.serial as fitted_serial', 'nf.start_index_l']);
}

function exchangedOf(row: ExchangeRow): MeterExchanged {
  return {
    exchangeId: row.exchange_id,
    supplyPointNumber: row.number,
    exchangedAt: row.exchanged_at,
    recordedAt: row.recorded_at,
    removed: {
      meterId: row.removed_meter_id,
      meterSerial: row.removed_serial,
      finalIndexL: row.final_index_l,
    },
    fitted: {
      meterId: row.fitted_meter_id,
      meterSerial: row.fitted_serial,
      startIndexL: row.start_index_l,
    },
    registeredMeter: row.registered_meter,
  };
}
