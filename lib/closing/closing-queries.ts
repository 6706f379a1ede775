/**
 * The closings of a utility's customers, set-based: readings of the very day first, look-backs only where they are missing.
 * Runs inside a transaction whose utility is set; every table and view is bounded by it.
 */
import { type RawBuilder, sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import type { Actor } from '../actor.ts';
import { requireCapability, requireOneOf } from '../actor.ts';
import { DomainError } from '../errors.ts';
import {
  type ClosingScope,
  type ClosingSelection,
  CUSTOMER_ORDER,
  closingFacts,
} from './closing-facts-sql.ts';
import type { ClosingFacts, ClosingRow } from './closing-row.ts';
import { closingRow } from './closing-row.ts';

/** Rows are read for a page, or for the file: a key may have the right to the file alone. */
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

/** The query behind streamClosingRows, in its order: for measuring it against the database alone. */
export function closingQuery(
  selection: ClosingSelection,
  scope: ClosingScope,
): RawBuilder<ClosingFacts> {
  return sql`select * from (${closingFacts(selection, scope)}) as facts
    order by ${CUSTOMER_ORDER}, "customerNumber" collate "C", "closesOn"`;
}

/** How far back the utility substitutes a reading. @throws DomainError `forbidden` for another utility's actor. */
export async function getScope(db: ReadDb, actor: Actor): Promise<ClosingScope> {
  const setting = await db
    .selectFrom('utility')
    .where('utility_id', '=', actor.utilityId)
    .select('closing_substitute_max_days')
    .executeTakeFirst();
  if (!setting) {
    throw new DomainError('forbidden', 'this transaction is not open for the actor’s utility');
  }
  return { utilityId: actor.utilityId, substituteMaxDays: setting.closing_substitute_max_days };
}

/** Names of the utility's areas: the free text that a closing carries. */
export async function listAreaNames(db: ReadDb, actor: Actor): Promise<string[]> {
  requireOneOf(actor, ROWS);
  const rows = await db
    .selectFrom('area')
    .where('utility_id', '=', actor.utilityId)
    .select('name')
    .execute();
  return rows.map(({ name }) => name);
}

/** True for a customer number that ever was at a supply point of the utility. */
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
