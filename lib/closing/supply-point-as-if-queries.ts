/**
 * Closings of one supply point with a register that is given, in place of the one that is stored: the query of all
 * closings, with common table expressions that shadow the tables of the register.
 */
import { type RawBuilder, sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import type { SupplyPointRegister } from '../register/register-change.ts';
import type { DatedClosing } from './closing-history.ts';
import { closingQuery, getScope } from './closing-queries.ts';
import { type ClosingFacts, type ClosingRow, closingRow } from './closing-row.ts';
import { type VacantFacts, type VacantStretch, vacantStretch } from './vacant-usage.ts';
import { vacantFacts } from './vacant-usage-queries.ts';

export interface AsIf {
  register: SupplyPointRegister;
  closing: DatedClosing;
  now: Date;
  /** Further common table expressions that shadow tables, of meters and readings. */
  tables?: RawBuilder<unknown> | undefined;
}

/** Rows of a closing at the supply point, for each customer that occupied it in its period. Errors: forbidden. */
export async function listRowsAsIf(
  db: ReadDb,
  actor: Actor,
  { register, closing, now, tables }: AsIf,
): Promise<ClosingRow[]> {
  requireCapability(actor, 'closing.read');
  const scope = { ...(await getScope(db, actor)), moved: register.former.length > 0 };
  const rows: ClosingRow[] = [];
  for (const customerNumber of customersOf(register, closing)) {
    const { closingDay } = closing;
    const query = closingQuery({ closingDay, closings: [closing], customerNumber, now }, scope);
    const { rows: facts } =
      await sql<ClosingFacts>`${shadow(actor, register, tables)} ${query}`.execute(db);
    rows.push(...facts.map((each) => closingRow(each)));
  }
  return rows;
}

/** Stretches without a customer in the period of a closing at the supply point. Errors: forbidden. */
export async function listVacantAsIf(
  db: ReadDb,
  actor: Actor,
  { register, closing, tables }: Omit<AsIf, 'now'>,
): Promise<VacantStretch[]> {
  requireCapability(actor, 'closing.read');
  const scope = { ...(await getScope(db, actor)), moved: register.former.length > 0 };
  const query = vacantFacts({ ...scope, closingDay: closing.closingDay, closings: [closing] });
  const { rows } = await sql<VacantFacts>`${shadow(actor, register, tables)} ${query}`.execute(db);
  return rows.map(vacantStretch);
}

function customersOf({ stays }: SupplyPointRegister, { previousOn, closesOn }: DatedClosing) {
  const there = stays.filter(
    ({ fromOn, toOn }) => fromOn <= closesOn && (toOn === null || toOn > previousOn),
  );
  return [...new Set(there.map(({ customerNumber }) => customerNumber))];
}

/** The tables of the register with the rows of this supply point alone. */
function shadow(
  actor: Actor,
  register: SupplyPointRegister,
  tables: AsIf['tables'],
): RawBuilder<unknown> {
  const { supplyPointId, stays, former } = register;
  const own = sql`${actor.utilityId}::integer as utility_id, ${supplyPointId}::integer as supply_point_id`;
  return sql`
    with supply_point as (
      select ${own}, p.number, p.gas_kind, ${register.areaId}::integer as area_id, ${register.closingDay}::smallint as closing_day,
        ${register.tariffId}::integer as tariff_id, ${register.openedOn}::date as opened_on, ${register.closedOn}::date as closed_on
      from supply_point p where p.utility_id = ${actor.utilityId} and p.supply_point_id = ${supplyPointId}
    ), occupancy as (
      select ${own}, u.occupancy_id, u.customer_number, u.from_on, u.to_on
      from unnest(${stays.map((s) => s.occupancyId)}::integer[], ${stays.map((s) => s.customerNumber)}::text[],
                  ${stays.map((s) => s.fromOn)}::date[], ${stays.map((s) => s.toOn)}::date[])
        as u (occupancy_id, customer_number, from_on, to_on)
    ), former_closing_day as (
      select ${own}, u.until_on, u.closing_day
      from unnest(${former.map((f) => f.untilOn)}::date[], ${former.map((f) => f.closingDay)}::smallint[]) as u (until_on, closing_day)
    )${tables ? sql`, ${tables}` : sql``}`;
}
