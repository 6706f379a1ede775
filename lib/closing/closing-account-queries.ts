/** Occupancies that a closing has to have, computed without its rows: what stands in none of them is missing. */
import { type RawBuilder, sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireOneOf } from '../actor.ts';
import type { Closing } from './closing-day.ts';
import { hadClosingDay } from './closing-day-sql.ts';
import { issuedRuns } from './closing-memory-sql.ts';
import { firstIssuedOn } from './late-finals-sql.ts';

type Sql = RawBuilder<unknown>;

interface AccountInput {
  /** 1…31, 31 being month end. */
  closingDay: number;
  closing: Closing;
}

/** An occupancy that stands in no row of a closing. */
export interface MissingOccupancy {
  occupancyId: number;
  customerNumber: string;
  supplyPointNumber: string;
  /** JST days of the stay; `lastOn` null: it goes on. */
  fromOn: string;
  lastOn: string | null;
}

/**
 * Occupancies that the closing has to have and of which `has` is false, by customer number.
 * @throws DomainError `forbidden`
 */
export async function listMissingOccupancies(
  db: ReadDb,
  actor: Actor,
  input: AccountInput & { has: (occupancyId: number) => boolean },
): Promise<MissingOccupancy[]> {
  requireOneOf(actor, ['closing.read', 'closing.export']);
  const { rows } = await sql<{ ids: number[] }>`
    select coalesce(array_agg(w.occupancy_id), '{}') as ids from (${wantedOccupancies(actor.utilityId, input)}) w`.execute(
    db,
  );
  const missing = (rows[0]?.ids ?? []).filter((id) => !input.has(id));
  if (missing.length === 0) return [];
  const found = await sql<MissingOccupancy>`
    select o.occupancy_id as "occupancyId", o.customer_number as "customerNumber", sp.number as "supplyPointNumber",
      greatest(o.from_on, sp.opened_on) as "fromOn", least(o.to_on, sp.closed_on) - 1 as "lastOn"
    from occupancy o
    join supply_point sp on sp.utility_id = o.utility_id and sp.supply_point_id = o.supply_point_id
    where o.utility_id = ${actor.utilityId} and o.occupancy_id = any (${missing}::integer[])
    order by o.customer_number collate "C", o.occupancy_id`.execute(db);
  return found.rows;
}

/** The number of occupancies that a stored run should have and has not. @throws DomainError `forbidden` */
export async function countMissingInRun(
  db: ReadDb,
  actor: Actor,
  { runId, ...input }: AccountInput & { runId: number },
): Promise<number> {
  requireOneOf(actor, ['closing.read', 'closing.export']);
  const { rows } = await sql<{ missing: number }>`
    select count(*)::integer as missing from (
      ${wantedOccupancies(actor.utilityId, input)}
      -- As sets: each is read once, whatever the planner knows of rows that were written a moment ago.
      except
      select r.occupancy_id from closing_run_row r where r.utility_id = ${actor.utilityId} and r.run_id = ${runId}
    ) w`.execute(db);
  return rows[0]?.missing ?? 0;
}

/**
 * Subquery (occupancy_id): stays of the closing day that were open on any day since their last closing that was issued, up to
 * this one. Before the first closing that was issued of the closing day nothing is looked for.
 */
function wantedOccupancies(utilityId: number, { closingDay, closing }: AccountInput): Sql {
  const { closesOn, previousOn } = closing;
  const day = sql`${closingDay}::smallint`;
  const others = issuedRuns(sql`not (n.closing_day = ${day} and n.closes_on = ${closesOn}::date)`);
  return sql`
    select w.occupancy_id from (
      select o.utility_id, o.supply_point_id, o.occupancy_id, least(o.to_on, sp.closed_on) - 1 as last_on
      from occupancy o
      join supply_point sp on sp.utility_id = o.utility_id and sp.supply_point_id = o.supply_point_id
      where o.utility_id = ${utilityId}::integer and ${hadClosingDay(sql`sp`, day, sql`${closesOn}::date`)} and greatest(o.from_on, sp.opened_on) <= ${closesOn}::date
        and coalesce(greatest(o.from_on, sp.opened_on) < least(o.to_on, sp.closed_on), true)
      offset 0
    ) w
    cross join lateral (
      select case when w.last_on <= ${closesOn}::date then coalesce(
        -- A scalar look-up by occupancy: as a join it might read all rows.
        (select max(r.closes_on) from closing_run_row r
         where r.utility_id = w.utility_id and r.occupancy_id = w.occupancy_id and r.remembered and r.run_id + 0 = any (${others})),
        ${firstIssuedOn(closesOn, closingDay, utilityId, sql`w.supply_point_id`)},
        ${previousOn}::date) end as since_on
    ) s
    where w.last_on is null or w.last_on > coalesce(s.since_on, ${previousOn}::date)`;
}
