/** Decisions that were made on the usage of closing rows. */
import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { type ClosingFacts, closingRow } from '../closing/closing-row.ts';
import type { Decision } from './decision-wire.ts';
import { baseToday } from './estimation-facts-sql.ts';
import { isBaseChanged } from './tolerance-correction.ts';

/**
 * All decisions on a row, also those that were withdrawn, and the corrections of the three months before it that stand,
 * latest first. Errors: forbidden.
 */
export async function listDecisions(
  db: ReadDb,
  actor: Actor,
  facts: ClosingFacts,
): Promise<Decision[]> {
  requireCapability(actor, 'closing.read');
  const { rows } = await sql<
    Omit<Decision, 'isUsed' | 'isBaseChanged'> & { todayM3: string | null }
  >`
    select d.decision_id as "decisionId", d.kind, d.on_day::text as "onDay", d.litres, trim_scale(d.percent)::text as percent, d.direction,
      d.base_m3::text as "baseM3",
      case when d.kind = 'correction' then (${baseToday(sql`d`)})::text end as "todayM3", d.reason, d.decided_name as "decidedName", d.decided_at as "decidedAt", d.supersedes,
      d.withdrawn_name as "withdrawnName", d.withdrawn_at as "withdrawnAt"
    from usage_decision d
    where d.utility_id = ${actor.utilityId} and d.occupancy_id = ${facts.occupancyId}
      and (d.on_day = ${facts.closesOn}::date or d.decision_id = any (${idsOf(facts)}::integer[])
        or d.kind = 'correction' and d.withdrawn_at is null
          and d.on_day between ${facts.closesOn}::date - interval '3 months' and ${facts.closesOn}::date)
    order by d.decision_id desc limit 50`.execute(db);
  const used = new Set([...idsOf(facts), closingRow(facts).estimate?.certified?.decisionId]);
  return rows.map(({ todayM3, ...row }) => ({
    ...row,
    isUsed: used.has(row.decisionId),
    isBaseChanged: isOutdated(row, todayM3),
  }));
}

function isOutdated(
  { litres, percent, direction, baseM3, withdrawnAt }: Omit<Decision, 'isUsed' | 'isBaseChanged'>,
  todayM3: string | null,
): boolean {
  if (percent === null || direction === null || baseM3 === null || withdrawnAt) return false;
  return isBaseChanged({ litres, percent, direction, baseM3, todayM3 });
}

function idsOf({ corrections }: ClosingFacts): number[] {
  return (corrections ?? []).map(({ decisionId }) => decisionId);
}
