/** Vacant stretches of supply points: the part of a closing that stands in no customer's row. */
import { type RawBuilder, sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import type { Closing } from './closing-day.ts';
import { type AskedClosings, belongsTo, closingsAsked, partsOf } from './closing-day-sql.ts';
import type { ClosingScope } from './closing-facts-sql.ts';
import { getScope } from './closing-queries.ts';
import { epoch, exchangeSegments } from './exchange-segments-sql.ts';
import { firstKnownReading, supplyPointReading } from './reading-at-sql.ts';
import { type VacantFacts, type VacantStretch, vacantStretch } from './vacant-usage.ts';

export interface VacantInput {
  closingDay: number;
  closings: readonly Closing[];
}

/**
 * Vacant stretches of the supply points of a closing day within the periods of closings, in the order of their numbers
 * and days; those of which no register is known are left out. Errors: forbidden.
 */
export async function listVacantStretches(
  db: ReadDb,
  actor: Actor,
  input: VacantInput,
): Promise<VacantStretch[]> {
  requireCapability(actor, 'closing.read');
  if (input.closings.length === 0) return [];
  const scope = await getScope(db, actor);
  const { rows } = await vacantFacts({ ...scope, ...input }).execute(db);
  return rows.map(vacantStretch);
}

/**
 * A stretch counts from the latest register before it to the latest before its end, of any age and of any meter: those
 * at which the row before it ended, and the next one begins.
 */
export function vacantFacts(asked: VacantInput & ClosingScope): RawBuilder<VacantFacts> {
  const parts = partsOf(asked).map((part) => factsOfPart({ ...asked, part }));
  return sql<VacantFacts>`
    select v.* from (${sql.join(parts, sql` union all `)}) v
    order by v."supplyPointNumber" collate "C", v."fromOn"`;
}

function factsOfPart(asked: AskedClosings): RawBuilder<VacantFacts> {
  const any = { supplyPoint: sql`sp`, anyAge: sql`true`, when: sql`true` };
  return sql<VacantFacts>`
    select sp.supply_point_id as "supplyPointId", sp.number as "supplyPointNumber", sp.run_on as "closesOn",
      v.from_on as "fromOn", v.to_on as "toOn", begun.index_l as "fromL", ${epoch(sql`begun.at`)} as "fromAtS",
      ended.index_l as "toL", ${epoch(sql`ended.at`)} as "toAtS", m.dial_l as "dialL", m.size::double precision as "sizeM3PerHour", exchange.segments as exchange
    from ${notOccupiedThroughout(asked)} sp
    cross join lateral ${vacantDays()} v
    cross join lateral ${supplyPointReading({ ...any, onDay: sql`v.to_on` })} ended
    left join lateral ${supplyPointReading({ ...any, onDay: sql`v.from_on - 1` })} latest on true
    left join lateral (
      select * from ${firstKnownReading(sql`sp`, sql`v.to_on`)} k where latest.at is null limit 1
    ) first on true
    cross join lateral (
      select coalesce(latest.fitted_at, first.fitted_at) as fitted_at, coalesce(latest.index_l, first.index_l) as index_l,
        coalesce(latest.at, first.at) as at
    ) begun
    join meter m on m.utility_id = sp.utility_id and m.meter_id = ended.meter_id
    ${exchangeSegments({ supplyPoint: sql`sp`, from: sql`begun`, to: sql`ended`, onDay: sql`v.to_on` })}`;
}

/** Subquery: supply points of the closing day, with each closing in whose period they were not occupied every day. */
function notOccupiedThroughout(asked: AskedClosings) {
  return sql`(
    select sp.utility_id, sp.supply_point_id, sp.number, sp.opened_on, sp.closed_on, r.closing_on as run_on, r.previous_on
    from ${closingsAsked(asked)} r
    join supply_point sp on sp.utility_id = ${asked.utilityId}::integer and ${belongsTo(asked, sql`sp`, true)}
    where not exists (
      select from occupancy o
      where o.utility_id = sp.utility_id and o.supply_point_id = sp.supply_point_id
        and o.from_on <= r.previous_on + 1 and sp.opened_on <= r.previous_on + 1
        and (o.to_on is null or o.to_on > r.closing_on) and (sp.closed_on is null or sp.closed_on > r.closing_on))
    offset 0)`;
}

/** Subquery (from_on, to_on): the days of a closing's period that belong to no stay. */
function vacantDays() {
  const end = sql`least(o.to_on, sp.closed_on)`;
  const start = sql`greatest(o.from_on, sp.opened_on)`;
  return sql`(
    select lower(days) as from_on, upper(days) - 1 as to_on
    from unnest(
      datemultirange(daterange(sp.previous_on + 1, sp.run_on + 1)) - coalesce((
        select range_agg(daterange(${start}, ${end})) from occupancy o
        where o.utility_id = sp.utility_id and o.supply_point_id = sp.supply_point_id
          and coalesce(${start} < ${end}, true)), '{}')
    ) days)`;
}
