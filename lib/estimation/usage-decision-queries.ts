/** Decisions on the usage of a closing row: what one would bill, and those that were made. */
import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { findClosingFacts } from '../closing/closing-explanation-queries.ts';
import { type ClosingFacts, closingRow, type MeterCorrection } from '../closing/closing-row.ts';
import { onWire } from '../closing/closing-wire.ts';
import { conflictingField, DomainError, type FaultReason } from '../errors.ts';
import { acceptInput } from '../register/register.ts';
import { addMonths } from '../time.ts';
import { cutTo, formatDecimal, parseDecimal } from './decimal.ts';
import { CertifiedInput, CorrectionInput, type DecidedRow } from './estimation-inputs.ts';
import type { UsageDecisionPreview } from './estimation-wire.ts';
import { type EstimationFacts, litresOf } from './missing-register.ts';
import { correctionOf, type MeterError } from './tolerance-correction.ts';

/** A decision that fits its row, and what it would bill. */
export interface PlannedDecision {
  facts: ClosingFacts;
  preview: UsageDecisionPreview;
}

type Now = { now: Date };

/**
 * What a row would bill with a usage that staff decide; nothing is written. Errors: forbidden, invalid_input, not_found (no
 * such row), conflict (it does not fit the row; the field says why).
 */
export async function previewCertified(
  db: ReadDb,
  actor: Actor,
  input: CertifiedInput & Now,
): Promise<UsageDecisionPreview> {
  requireCapability(actor, 'usage.decide');
  return (await planCertified(db, actor, input)).preview;
}

/**
 * What a correction of a meter outside tolerance would bill with a row; nothing is written. Errors: those of
 * previewCertified.
 */
export async function previewCorrection(
  db: ReadDb,
  actor: Actor,
  input: CorrectionInput & Now,
): Promise<UsageDecisionPreview> {
  requireCapability(actor, 'usage.decide');
  return (await planCorrection(db, actor, input)).preview;
}

async function factsOf(
  db: ReadDb,
  actor: Actor,
  { row, now }: { row: DecidedRow; now: Date },
): Promise<ClosingFacts> {
  const facts = await findClosingFacts(db, actor, { ...row, now });
  if (facts) return facts;
  throw new DomainError('not_found', 'the closing has no such row', {
    ...{ closingDay: row.closingDay, month: row.month },
    ...{ customerNumber: row.customer, supplyPointNumber: row.supplyPoint },
  });
}

/** A name under which a preview shows what is not written yet. */
const NOT_YET = { decisionId: 0, decidedBy: '', decidedAtS: 0 };

const NOTHING_KNOWN: EstimationFacts = {
  ...{ missedReading: 'none', next: null, lastPeriod: null, isFirst: false },
  ...{ isAbsent: false, isDisaster: false, certified: null },
};

/** Checks a usage against its row. Errors: those of previewCertified. */
export async function planCertified(
  db: ReadDb,
  actor: Actor,
  { now, ...given }: CertifiedInput & Now,
): Promise<PlannedDecision & { litres: number }> {
  requireCapability(actor, 'usage.decide');
  const { row, usageM3, reason } = acceptInput(CertifiedInput, given);
  const facts = await factsOf(db, actor, { row, now });
  const decimals = facts.rounding === 'difference-of-floors-0.1' ? 1 : 0;
  if (parseDecimal(usageM3).scale > decimals) {
    throw unfit('usageM3', 'decimals', `the row is billed with ${decimals} decimals`);
  }
  if (facts.kind === 'final') {
    throw unfit('kind', 'final-row', 'no later row would settle it: enter the reading by hand');
  }
  const litres = litresOf(usageM3);
  const certified = { ...NOT_YET, litres, reason };
  const estimation = { ...(facts.estimation ?? NOTHING_KNOWN), certified };
  // Also before the report of the day is due: a decision stands until a reading gives a usage.
  const decided = { ...facts, expectedAtS: null, estimation };
  const after = closingRow(decided);
  if (after.quality !== 'certified') throw whyNot(facts, litres);
  const before = closingRow(facts);
  const preview = { before: onWire(before), after: onWire(after), correction: null };
  return { facts, litres, preview };
}

/** Why a usage cannot be decided for a row. */
function whyNot(facts: ClosingFacts, litres: number): DomainError<'conflict'> {
  const read = closingRow({ ...facts, estimation: null });
  if (facts.lagS === 0 && read.usageL !== null) {
    return unfit(
      'kind',
      'already-read',
      'the closing has a reading: correct that where it is wrong',
    );
  }
  if (read.usageL !== null && litres < read.usageL) {
    return unfit('usageM3', 'below-reading', 'a reading of the period says more');
  }
  return unfit(
    'kind',
    'not-one-meter',
    'the period has another meter, or nothing to count from: enter the reading by hand',
  );
}

function unfit(field: string, reason: FaultReason, message: string): DomainError<'conflict'> {
  return conflictingField(field, message, reason);
}

/** Checks a correction against its row and what was issued before it. Errors: those of previewCertified. */
export async function planCorrection(
  db: ReadDb,
  actor: Actor,
  { now, ...given }: CorrectionInput & Now,
): Promise<PlannedDecision> {
  requireCapability(actor, 'usage.decide');
  const { row, closings, percent, direction, reason } = acceptInput(CorrectionInput, given);
  const facts = await factsOf(db, actor, { row, now });
  const issued = await listIssued(db, actor, facts, closings);
  if ((issued[0]?.closesOn ?? '') >= facts.closesOn) {
    throw unfit('row', 'already-issued', 'this closing was issued: choose the row of the next one');
  }
  const billed = issued.flatMap(({ usageM3 }) => (usageM3 === null ? [] : [usageM3]));
  const first = issued.at(-1)?.closesOn ?? '';
  const from = addMonths(facts.closesOn.slice(0, 7), -3);
  if (issued.length < closings || billed.length < closings || first < from) {
    throw unfit(
      'closings',
      'not-billed',
      `not as many closings of this customer were issued with a usage within three months`,
    );
  }
  await refuseSecond(db, actor, facts, issued);
  const baseM3 = sumOf(billed);
  const difference = correctionOf({ billedM3: baseM3, percent, direction });
  const correction: MeterCorrection = {
    ...{ ...NOT_YET, litres: difference.differenceL, percent, direction, baseM3 },
    ...{ baseRuns: issued.map(({ runId }) => runId), todayM3: baseM3 },
    ...{ billsOn: facts.closesOn, reason },
  };
  const after = closingRow({ ...facts, corrections: [...(facts.corrections ?? []), correction] });
  const { correctedM3, differenceM3 } = difference;
  const shown = { baseM3, closings: issued.map(({ closesOn }) => closesOn) };
  const preview = {
    ...{ before: onWire(closingRow(facts)), after: onWire(after) },
    correction: { ...shown, correctedM3, differenceM3 },
  };
  return { facts, preview };
}

/** A correction of the same closings that stands. */
export interface FormerCorrection {
  decisionId: number;
  decidedName: string;
  /** JST day. */
  decidedOn: string;
  percent: string;
  direction: MeterError;
}

/** Refusal of a second correction of a closing, naming the first. */
export function correctedAlready(former: FormerCorrection): DomainError<'conflict'> {
  const { decisionId, decidedName, decidedOn, percent, direction } = former;
  return unfit(
    'closings',
    'corrected-already',
    `decision ${decisionId} (${percent} % ${direction}, by ${decidedName} on ${decidedOn}) corrects one of these closings already: withdraw it first`,
  );
}

/** Of a closing one correction stands, by its day: one that was issued again has another run. */
async function refuseSecond(
  db: ReadDb,
  actor: Actor,
  { occupancyId }: ClosingFacts,
  closings: readonly IssuedUsage[],
): Promise<void> {
  const { rows } = await sql<FormerCorrection>`
    select d.decision_id as "decisionId", d.decided_name as "decidedName", trim_scale(d.percent)::text as percent, d.direction,
      (d.decided_at at time zone 'Asia/Tokyo')::date::text as "decidedOn"
    from usage_decision d
    where d.utility_id = ${actor.utilityId} and d.occupancy_id = ${occupancyId} and d.kind = 'correction' and d.withdrawn_at is null
      and exists (
        select from closing_run_row r
        where r.utility_id = d.utility_id and r.occupancy_id = d.occupancy_id and r.run_id = any (d.base_runs) and r.remembered
          and r.closes_on = any (${closings.map(({ closesOn }) => closesOn)}::date[]))
    order by d.decision_id limit 1`.execute(db);
  if (rows[0]) throw correctedAlready(rows[0]);
}

function sumOf(volumes: readonly string[]): string {
  const parsed = volumes.map(parseDecimal);
  const scale = Math.max(...parsed.map((each) => each.scale));
  const units = parsed.reduce((sum, each) => sum + cutTo(each, scale).units, 0n);
  return formatDecimal({ units, scale });
}

interface IssuedUsage {
  runId: number;
  closesOn: string;
  usageM3: string | null;
}

/** What the closings issued last billed of an occupancy, latest first. */
async function listIssued(
  db: ReadDb,
  actor: Actor,
  { occupancyId }: ClosingFacts,
  closings: number,
): Promise<IssuedUsage[]> {
  const { rows } = await sql<IssuedUsage>`
    select i.run_id as "runId", i.closes_on as "closesOn", i.usage_m3 as "usageM3" from (
      select distinct on (r.closes_on) r.run_id, r.closes_on, g.usage_m3
      from closing_run_row r
      join closing_run n on n.utility_id = r.utility_id and n.run_id = r.run_id and n.state = 'issued'
      join closing_run_figure g on g.utility_id = r.utility_id and g.run_id = r.run_id and g.row_number = r.row_number
      where r.utility_id = ${actor.utilityId} and r.occupancy_id = ${occupancyId} and r.remembered
      order by r.closes_on desc, r.run_id desc
    ) i order by i.closes_on desc limit ${closings}`.execute(db);
  return rows;
}
