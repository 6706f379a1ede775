/**
 * Closings of a utility's customers, as sets: readings of the very day first, earlier ones only when those are missing.
 * Runs in a transaction with a utility set, which limits every table and view.
 */
import { type RawBuilder, sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import type { Actor } from '../actor.ts';
import { requireCapability, requireOneOf } from '../actor.ts';
import { DomainError } from '../errors.ts';
import { NO_ESTIMATION } from '../estimation/estimation-scope.ts';
import {
  type ClosingScope,
  type ClosingSelection,
  CUSTOMER_ORDER,
  closingFacts,
} from './closing-facts-sql.ts';
import type { ClosingFacts, ClosingRow } from './closing-row.ts';
import { closingRow } from './closing-row.ts';

/** Rows are read for a page or for the file: a key may have the right to the file only. */
const ROWS = ['closing.read', 'closing.export'] as const;

/**
 * Each customer's closings in the order of customer numbers (their digits as numbers: 999 before 3010), then of days.
 * Rows are read from the server `chunkRows` at a time.
 * @throws DomainError `forbidden`
 */
export async function* streamClosingRows(
  db: ReadDb,
  actor: Actor,
  selection: ClosingSelection,
  chunkRows = 1000,
): AsyncGenerator<ClosingRow> {
  requireOneOf(actor, ROWS);
  if (selection.closings.length === 0) return;
  const executor = db.getExecutor();
  const query = closingQuery(selection, await getScope(db, actor));
  const compiled = query.compile({ getExecutor: () => executor });
  for await (const { rows } of executor.stream<ClosingFacts>(compiled, chunkRows)) {
    for (const row of rows) yield closingRow(row, selection.rounding);
  }
}

/** The query of streamClosingRows, in its order; separate for measuring it without the rest. */
export function closingQuery(
  selection: ClosingSelection,
  scope: ClosingScope,
): RawBuilder<ClosingFacts> {
  return sql`select * from (${closingFacts(selection, scope)}) as facts
    order by ${CUSTOMER_ORDER}, "customerNumber" collate "C", "closesOn"`;
}

/**
 * Maximum age of substituted readings in the utility, whether it has issued closings, and how it estimates.
 * @throws DomainError `forbidden` for another utility's actor
 */
export async function getScope(db: ReadDb, actor: Actor): Promise<ClosingScope> {
  const setting = await db
    .selectFrom('utility')
    .leftJoin('estimation_setting as e', 'e.utility_id', 'utility.utility_id')
    .where('utility.utility_id', '=', actor.utilityId)
    .select(({ exists, selectFrom }) => [
      ...(['closing_substitute_max_days', 'e.missed_reading', 'e.interpolate_max_hours'] as const),
      exists(
        selectFrom('usage_decision')
          .where('usage_decision.utility_id', '=', actor.utilityId)
          .where('usage_decision.withdrawn_at', 'is', null),
      ).as('hasDecisions'),
      exists(
        selectFrom('volume_factor').where('volume_factor.utility_id', '=', actor.utilityId),
      ).as('hasFactors'),
      exists(
        selectFrom('closing_run')
          .where('closing_run.utility_id', '=', actor.utilityId)
          .where('closing_run.state', '=', 'issued'),
      ).as('remembers'),
      exists(
        selectFrom('former_closing_day').where(
          'former_closing_day.utility_id',
          '=',
          actor.utilityId,
        ),
      ).as('moved'),
    ])
    .executeTakeFirst();
  if (!setting) {
    throw new DomainError('forbidden', 'this transaction is not open for the actor’s utility');
  }
  return {
    utilityId: actor.utilityId,
    substituteMaxDays: setting.closing_substitute_max_days,
    remembers: Boolean(setting.remembers),
    estimation: {
      missedReading: setting.missed_reading ?? NO_ESTIMATION.missedReading,
      interpolateMaxHours: setting.interpolate_max_hours ?? NO_ESTIMATION.interpolateMaxHours,
      hasDecisions: Boolean(setting.hasDecisions),
      hasFactors: Boolean(setting.hasFactors),
    },
    moved: Boolean(setting.moved),
  };
}

/** Names of the utility's areas, the only free text of a closing. */
export async function listAreaNames(db: ReadDb, actor: Actor): Promise<string[]> {
  requireOneOf(actor, ROWS);
  const rows = await db
    .selectFrom('area')
    .where('utility_id', '=', actor.utilityId)
    .select('name')
    .execute();
  return rows.map(({ name }) => name);
}

/** True for a customer number that has ever occupied a supply point of the utility. */
export async function hasCustomer(
  db: ReadDb,
  actor: Actor,
  customerNumber: string,
): Promise<boolean> {
  requireCapability(actor, 'closing.read');
  const found = await db
    .selectFrom('occupancy')
    .where('utility_id', '=', actor.utilityId)
    .where('customer_number', '=', customerNumber)
    .select('occupancy_id')
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}
