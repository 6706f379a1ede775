/** What is different today, or in a later run, from what a run issued. */
import { type RawBuilder, sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import type { Actor } from '../actor.ts';
import { requireOneOf } from '../actor.ts';
import type { Page } from '../list-page.ts';
import type { UsageRounding } from './billed-usage.ts';
import { getScope } from './closing-queries.ts';
import { type ClosingFacts, type ClosingRow, closingRow } from './closing-row.ts';
import { onWire } from './closing-wire.ts';
import { type DifferenceReason, differenceReasons } from './run-difference.ts';
import { getRun } from './run-queries.ts';
import { FIGURES, factsToday, type RunSelection, STORED, type StoredRow } from './run-sql.ts';
import type { ClosingDifferences, ClosingRun } from './run-wire.ts';
import { storedClosingRow } from './stored-row.ts';

const ROWS = ['closing.read', 'closing.export'] as const;

/** A row before and after; null: there is no such row. */
export interface RowDifference {
  before: ClosingRow | null;
  after: ClosingRow | null;
  reasons: DifferenceReason[];
}

/**
 * A page of the rows of an issued run that the readings and the register say otherwise today, by customer.
 * @throws DomainError `not_found`, `forbidden`
 */
export async function listRunDifferences(
  db: ReadDb,
  actor: Actor,
  input: Page & { runId: number; now: Date },
): Promise<ClosingDifferences> {
  requireOneOf(actor, ROWS);
  const run = await getRun(db, actor, input.runId);
  const after = factsToday(selectionOfRun(run, input.now), await getScope(db, actor));
  const today = {
    query: differing(
      actor.utilityId,
      run.runId,
      sql`
      select f."occupancyId" as occupancy_id, f.kind, row_to_json(f) as facts, null::integer as usage_l, null::text as usage_m3,
        null::text as quality, null::json as stored from (${after}) f`,
    ),
    printed: ({ facts }: StoredRow) => closingRow(facts, run.rounding ?? undefined),
  };
  return pageOf(differences(db, run.rounding, today), input);
}

/**
 * A page of the rows in which a run differs from the one that it supersedes, by customer.
 * @throws DomainError `not_found`, `forbidden`
 */
export async function listRunChanges(
  db: ReadDb,
  actor: Actor,
  input: Page & { runId: number },
): Promise<ClosingDifferences> {
  requireOneOf(actor, ROWS);
  const run = await getRun(db, actor, input.runId);
  if (run.supersedes === null) return { total: 0, rows: [] };
  const former = await getRun(db, actor, run.supersedes);
  const later = {
    query: differing(
      actor.utilityId,
      former.runId,
      sql`
      select r.occupancy_id, r.kind, r.facts, g.usage_l, g.usage_m3, g.quality, ${STORED_JSON} as stored
      from closing_run_row r
      ${FIGURES}
      where r.utility_id = ${actor.utilityId} and r.run_id = ${run.runId}`,
    ),
    printed: (stored: StoredRow) => storedClosingRow(stored, run.rounding),
  };
  return pageOf(differences(db, former.rounding, later), input);
}

function selectionOfRun(run: ClosingRun, now: Date): RunSelection {
  const { closingDay, closesOn, previousOn, customerNumber, rounding } = run;
  return {
    closingDay,
    closing: { closesOn, previousOn },
    now,
    ...(customerNumber !== null && { customerNumber }),
    ...(rounding !== null && { rounding }),
  };
}

const STORED_JSON = sql`(select row_to_json(s) from (select ${STORED}) s)`;

interface Pair {
  before: StoredRow | null;
  after: (Omit<StoredRow, 'facts'> & { facts: ClosingFacts }) | null;
}

/** Pairs of a run's rows and of others whose facts or figures are not the same, by customer number. */
function differing(
  utilityId: number,
  runId: number,
  others: RawBuilder<unknown>,
): RawBuilder<Pair> {
  return sql<Pair>`
    select case when b.occupancy_id is not null then b.stored end as before,
      case when a.occupancy_id is not null then coalesce(a.stored, json_build_object('facts', a.facts)) end as after
    from (
      select r.occupancy_id, r.kind, r.customer_number, r.facts, g.usage_l, g.usage_m3,
        ${STORED_JSON} as stored
      from closing_run_row r
      ${FIGURES}
      where r.utility_id = ${utilityId}::integer and r.run_id = ${runId}::integer
    ) b
    full join (${others}) a on a.occupancy_id = b.occupancy_id and a.kind = b.kind
    where a.facts::text is distinct from b.facts::text
      or a.quality is not null and (a.usage_l, a.usage_m3) is distinct from (b.usage_l, b.usage_m3)
    order by coalesce(b.customer_number, a.facts ->> 'customerNumber') collate "C", coalesce(b.kind, a.kind)`;
}

interface Others {
  query: RawBuilder<Pair>;
  printed: (stored: StoredRow) => ClosingRow;
}

async function* differences(
  db: ReadDb,
  rounding: UsageRounding | null,
  { query, printed }: Others,
): AsyncGenerator<RowDifference> {
  const executor = db.getExecutor();
  const compiled = query.compile({ getExecutor: () => executor });
  for await (const { rows } of executor.stream<Pair>(compiled, 1000)) {
    for (const pair of rows) {
      const before = pair.before && storedClosingRow(pair.before, rounding);
      const after = pair.after && printed(pair.after);
      const reasons = differenceReasons(before, after);
      if (reasons.length > 0) yield { before, after, reasons };
    }
  }
}

async function pageOf(
  rows: AsyncIterable<RowDifference>,
  { offset, limit }: Page,
): Promise<ClosingDifferences> {
  const page: ClosingDifferences = { total: 0, rows: [] };
  for await (const { before, after, reasons } of rows) {
    if (page.total >= offset && page.rows.length < limit) {
      page.rows.push({
        customerNumber: (before ?? after)?.customerNumber ?? '',
        before: before && onWire(before),
        after: after && onWire(after),
        reasons,
      });
    }
    page.total += 1;
  }
  return page;
}
