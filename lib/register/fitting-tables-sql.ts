/** SQL: the tables of meters and terminals as they would be after a change, for the statements of one supply point. */
import { type RawBuilder, sql } from 'kysely';
import type { FittingChange } from './fitting-change.ts';

export interface OfSupplyPoint {
  utilityId: number;
  supplyPointId: number;
}

/**
 * Common table expressions `meter`, `meter_fitting` and `terminal_fitting`, which shadow those of the database: the meters that
 * were ever fitted at the supply point and the one that changes, with all fittings of these and the terminals beside them.
 */
export function fittingTables(
  { utilityId, supplyPointId }: OfSupplyPoint,
  change: FittingChange,
): RawBuilder<unknown> {
  const meterId = 'meterId' in change ? (change.meterId ?? 0) : 0;
  const own = sql`${utilityId}::integer`;
  const concerned = sql`(
    select x.meter_id from meter_fitting x where x.utility_id = ${own} and x.supply_point_id = ${supplyPointId}::integer
    union select ${meterId}::integer)`;
  return sql`
    meter as (
      select m.utility_id, m.meter_id, m.serial, m.gas_kind, ${sizeOf(change)} as size, ${dialOf(change)} as dial_l, m.verification_expires_on
      from meter m where m.utility_id = ${own} and m.meter_id in ${concerned}
      ${newMeter(own, change)}
    ), meter_fitting as (
      select f.utility_id, f.meter_id, f.supply_point_id, f.fitted_at, ${removedOf(change)} as removed_at, f.start_index_l, ${finalOf(change)} as final_index_l
      from meter_fitting f where f.utility_id = ${own} and f.meter_id in ${concerned}
      ${newFitting(own, supplyPointId, change)}
    ), terminal_fitting as (
      select t.utility_id, t.terminal_id, t.supply_point_id, t.from_at, ${endOf(change, supplyPointId)} as to_at
      from terminal_fitting t
      where t.utility_id = ${own} and t.supply_point_id in (select f.supply_point_id from meter_fitting f)
      ${newTerminal(own, supplyPointId, change)}
    )`;
}

type Sql = RawBuilder<unknown>;

function sizeOf(change: FittingChange): Sql {
  if (change.kind !== 'meter-corrected') return sql`m.size`;
  return sql`case when m.meter_id = ${change.meterId} then ${change.sizeM3PerHour}::numeric else m.size end`;
}

function dialOf(change: FittingChange): Sql {
  if (change.kind !== 'meter-corrected') return sql`m.dial_l`;
  return sql`case when m.meter_id = ${change.meterId} then ${change.dialL}::integer else m.dial_l end`;
}

function newMeter(own: Sql, change: FittingChange): Sql {
  if (change.kind !== 'meter-fitted' || change.meterId !== null) return sql``;
  const { serial, gasKind, sizeM3PerHour, dialL } = change;
  return sql`union all
    select ${own}, 0, ${serial}::text, ${gasKind}::text, ${sizeM3PerHour}::numeric, ${dialL}::integer, null::date`;
}

function removedOf(change: FittingChange): Sql {
  if (change.kind !== 'meter-removed') return sql`f.removed_at`;
  const { meterId, fittedAt, removedAt } = change;
  return sql`case when f.meter_id = ${meterId} and f.fitted_at = ${fittedAt} then ${removedAt}::timestamptz else f.removed_at end`;
}

function finalOf(change: FittingChange): Sql {
  if (change.kind !== 'meter-removed') return sql`f.final_index_l`;
  const { meterId, fittedAt, finalIndexL } = change;
  return sql`case when f.meter_id = ${meterId} and f.fitted_at = ${fittedAt} then ${finalIndexL}::integer else f.final_index_l end`;
}

function newFitting(own: Sql, supplyPointId: number, change: FittingChange): Sql {
  if (change.kind !== 'meter-fitted') return sql``;
  const { meterId, fittedAt, startIndexL } = change;
  return sql`union all
    select ${own}, ${meterId ?? 0}::integer, ${supplyPointId}::integer, ${fittedAt}::timestamptz, null::timestamptz,
      ${startIndexL}::integer, null::integer`;
}

function endOf(change: FittingChange, supplyPointId: number): Sql {
  if (change.kind !== 'terminal-exchanged') return sql`t.to_at`;
  return sql`case when t.supply_point_id = ${supplyPointId} and t.to_at is null then ${change.exchangedAt}::timestamptz else t.to_at end`;
}

function newTerminal(own: Sql, supplyPointId: number, change: FittingChange): Sql {
  if (change.kind !== 'terminal-exchanged') return sql``;
  return sql`union all
    select ${own}, ${change.terminalId}::integer, ${supplyPointId}::integer, ${change.exchangedAt}::timestamptz, null::timestamptz`;
}
