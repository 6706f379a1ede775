/** Decisions that were made on the usage of closing rows. */
import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { type ClosingFacts, closingRow } from '../closing/closing-row.ts';
import type { Decision } from './decision-wire.ts';

/** All decisions on a row, also those that were withdrawn, latest first. Errors: forbidden. */
export async function listDecisions(
  db: ReadDb,
  actor: Actor,
  facts: ClosingFacts,
): Promise<Decision[]> {
  requireCapability(actor, 'closing.read');
  const { rows } = await sql<Omit<Decision, 'isUsed'>>`
    select d.decision_id as "decisionId", d.kind, d.litres, trim_scale(d.percent)::text as percent, d.direction,
      d.base_m3::text as "baseM3", d.reason, d.decided_name as "decidedName", d.decided_at as "decidedAt", d.supersedes,
      d.withdrawn_name as "withdrawnName", d.withdrawn_at as "withdrawnAt"
    from usage_decision d
    where d.utility_id = ${actor.utilityId} and d.occupancy_id = ${facts.occupancyId}
      and (d.on_day = ${facts.closesOn}::date or d.decision_id = any (${idsOf(facts)}::integer[]))
    order by d.decision_id desc limit 50`.execute(db);
  const used = new Set([...idsOf(facts), closingRow(facts).estimate?.certified?.decisionId]);
  return rows.map((row) => ({ ...row, isUsed: used.has(row.decisionId) }));
}

function idsOf({ corrections }: ClosingFacts): number[] {
  return (corrections ?? []).map(({ decisionId }) => decisionId);
}
