// Closings with other meters at a supply point: the query of all closings, with given fittings in place of the
// registered ones, so that a preview is computed like the closing itself.
import { type RawBuilder, sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import type { FittedMeter } from '../usage/usage-line.ts';
import type { Closing } from './closing-day.ts';
import { closingQuery, getScope, streamClosingRows } from './closing-queries.ts';
import type { ClosingFacts, ClosingRow } from './closing-row.ts';
import { closingRow } from './closing-row.ts';

/** Closings of one supply point. */
export interface SupplyPointClosings {
  supplyPointId: number;
  supplyPointNumber: string;
  closingDay: number;
  closings: readonly Closing[];
  now: Date;
}

/** Closings of each customer at a supply point, as registered. Errors: forbidden. */
export async function listSupplyPointClosings(
  db: ReadDb,
  actor: Actor,
  supplyPoint: SupplyPointClosings,
): Promise<ClosingRow[]> {
  requireCapability(actor, 'closing.read');
  const rows: ClosingRow[] = [];
  for (const customerNumber of await listCustomers(db, actor, supplyPoint)) {
    for await (const row of streamClosingRows(db, actor, { ...supplyPoint, customerNumber })) {
      if (row.supplyPointNumber === supplyPoint.supplyPointNumber) rows.push(row);
    }
  }
  return rows;
}

/** The same closings with these meters at the supply point. Errors: forbidden. */
export async function listSupplyPointClosingsAsIf(
  db: ReadDb,
  actor: Actor,
  supplyPoint: SupplyPointClosings,
  meters: readonly FittedMeter[],
): Promise<ClosingRow[]> {
  const tables = sql`
    meter_fitting as (${fittings(actor, supplyPoint, meters)}),
    meter as (
      select u.utility_id, u.meter_id, u.dial_l, u.size, null::text as serial from (${registered(actor, meters)}) u
    )`;
  return listSupplyPointClosingsWith(db, actor, supplyPoint, tables);
}

/**
 * The same closings with other tables: common table expressions, which shadow the tables of the same names in the whole
 * statement. Errors: forbidden.
 */
export async function listSupplyPointClosingsWith(
  db: ReadDb,
  actor: Actor,
  supplyPoint: SupplyPointClosings,
  tables: RawBuilder<unknown>,
): Promise<ClosingRow[]> {
  requireCapability(actor, 'closing.read');
  if (supplyPoint.closings.length === 0) return [];
  const scope = await getScope(db, actor);
  const rows: ClosingRow[] = [];
  for (const customerNumber of await listCustomers(db, actor, supplyPoint)) {
    const query = closingQuery({ ...supplyPoint, customerNumber }, scope);
    const { rows: facts } = await sql<ClosingFacts>`with ${tables} ${query}`.execute(db);
    const own = facts.filter(
      ({ supplyPointNumber }) => supplyPointNumber === supplyPoint.supplyPointNumber,
    );
    rows.push(...own.map((each) => closingRow(each)));
  }
  return rows;
}

function fittings(actor: Actor, supplyPoint: SupplyPointClosings, meters: readonly FittedMeter[]) {
  return sql`
    select ${actor.utilityId}::integer as utility_id, u.meter_id, ${supplyPoint.supplyPointId}::integer as supply_point_id,
      u.fitted_at, u.removed_at, u.start_index_l, u.final_index_l
    from unnest(${meters.map((m) => m.meterId)}::integer[], ${meters.map((m) => m.fittedAt)}::timestamptz[],
                ${meters.map((m) => m.removedAt)}::timestamptz[], ${meters.map((m) => m.startIndexL)}::integer[],
                ${meters.map((m) => m.finalIndexL)}::integer[])
      as u (meter_id, fitted_at, removed_at, start_index_l, final_index_l)`;
}

/** One row for each meter, even when it was fitted twice. */
function registered(actor: Actor, meters: readonly FittedMeter[]) {
  const different = [...new Map(meters.map((meter) => [meter.meterId, meter])).values()];
  return sql`
    select ${actor.utilityId}::integer as utility_id, d.meter_id, d.dial_l, d.size
    from unnest(${different.map((m) => m.meterId)}::integer[], ${different.map((m) => m.dialL)}::integer[],
                ${different.map((m) => m.sizeM3PerHour)}::numeric[]) as d (meter_id, dial_l, size)`;
}

/** Customer numbers that occupied the supply point in the period of a closing, in the order of their days. */
async function listCustomers(
  db: ReadDb,
  actor: Actor,
  supplyPoint: SupplyPointClosings,
): Promise<string[]> {
  const { closings } = supplyPoint;
  const [first, last] = [closings[0]?.previousOn, closings.at(-1)?.closesOn];
  if (first === undefined || last === undefined) return [];
  const rows = await db
    .selectFrom('occupancy')
    .select('customer_number')
    .where('utility_id', '=', actor.utilityId)
    .where('supply_point_id', '=', supplyPoint.supplyPointId)
    .where('from_on', '<=', last)
    .where((is) => is.or([is('to_on', 'is', null), is('to_on', '>', first)]))
    .orderBy('from_on')
    .execute();
  return [...new Set(rows.map(({ customer_number }) => customer_number))];
}
