// Decisions on the usage of a closing row (認定, 器差補正), and their withdrawal. Each is a function of the database, which checks
// the person's right again, that nothing later was issued, and writes the audit (db/migrations/0034_estimation.sql).
import { sql } from 'kysely';
import type { Tx } from '../../db/schema.ts';
import { type Actor, actorName, requireCapability } from '../actor.ts';
import { explainRefusal, refusedBy } from '../constraint-errors.ts';
import type { CertifiedInput, CorrectionInput } from './estimation-inputs.ts';
import { correctedAlready, planCertified, planCorrection } from './usage-decision-queries.ts';

/** Errors of the database, also when another transaction came first. */
const REFUSALS = {
  usage_decision_later:
    'a later closing of this customer was issued: it counts from the register of this one',
  usage_decision_issued: 'this closing was issued: choose the row of the next one',
  usage_decision_base:
    'not as many closings of this customer were issued with a usage within three months',
  usage_decision_certified: 'another decision was made meanwhile: look at the row again',
  usage_decision_stands: 'there is no such decision, or it was withdrawn already',
  usage_decision_free:
    'a closing was issued with this decision: make another in its place, or correct it in the next closing',
} as const;

/** Decides the usage of a row (認定). Errors: those of previewCertified. */
export async function certifyUsage(
  tx: Tx,
  actor: Actor,
  input: CertifiedInput & { now: Date },
): Promise<{ decisionId: number }> {
  requireCapability(actor, 'usage.decide');
  const { facts, litres } = await planCertified(tx, actor, input);
  const { occupancyId, closesOn } = facts;
  const { rows } = await explainRefusal(REFUSALS, () =>
    sql<{ id: number }>`
      select certify_usage(${occupancyId}, ${closesOn}::date, ${litres}::integer, ${input.reason}, ${actorName(actor)}) as id`.execute(
      tx,
    ),
  );
  return { decisionId: rows[0]?.id ?? 0 };
}

/** Decides a correction that is billed with a row (器差補正). Errors: those of previewCorrection. */
export async function correctUsage(
  tx: Tx,
  actor: Actor,
  input: CorrectionInput & { now: Date },
): Promise<{ decisionId: number }> {
  requireCapability(actor, 'usage.decide');
  const { facts } = await planCorrection(tx, actor, input);
  const { occupancyId, closesOn } = facts;
  const { closings, percent, direction, reason } = input;
  const { rows } = await explainRefusal(REFUSALS, () =>
    sql<{ id: number }>`
      select correct_usage(${occupancyId}, ${closesOn}::date, ${closings}, ${percent}::numeric, ${direction}, ${reason},
        ${actorName(actor)}) as id`
      .execute(tx)
      .catch(explainFormer),
  );
  return { decisionId: rows[0]?.id ?? 0 };
}

/** Names the correction that another transaction made meanwhile. */
function explainFormer(error: unknown): never {
  const { constraint = '', detail = '' } = refusedBy(error) ?? {};
  if (constraint === 'usage_decision_corrected_already') throw correctedAlready(JSON.parse(detail));
  throw error;
}

/** Withdraws a decision with which no closing stands issued. Errors: forbidden, conflict. */
export async function withdrawUsageDecision(
  tx: Tx,
  actor: Actor,
  { decisionId }: { decisionId: number },
): Promise<void> {
  requireCapability(actor, 'usage.decide');
  await explainRefusal(REFUSALS, () =>
    sql`select withdraw_usage_decision(${decisionId}, ${actorName(actor)})`.execute(tx),
  );
}
