/** Name of the file that a selection of closings gives now. */
import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { DomainError } from '../errors.ts';
import { mayBeAwaited } from './awaited-report-sql.ts';
import { type ClosingSelection, closingFacts } from './closing-facts-sql.ts';
import type { ClosingFileKind } from './closing-file.ts';
import { closingFileName } from './closing-file-name.ts';
import { getScope } from './closing-queries.ts';

/**
 * File name with the utility's code; of a draft while a row is awaited.
 * @throws DomainError `forbidden`
 */
export async function getClosingFileName(
  db: ReadDb,
  actor: Actor,
  { selection, kind }: { selection: ClosingSelection; kind: ClosingFileKind },
): Promise<string> {
  requireCapability(actor, 'closing.export');
  const utility = await db
    .selectFrom('utility')
    .where('utility_id', '=', actor.utilityId)
    .select('code')
    .executeTakeFirst();
  if (!utility) {
    throw new DomainError('forbidden', 'this transaction is not open for the actor’s utility');
  }
  return closingFileName({
    utilityCode: utility.code,
    closesOn: selection.closings.map(({ closesOn }) => closesOn),
    kind,
    rounding: selection.rounding,
    issue: (await hasAwaitedRow(db, actor, selection)) ? 'draft' : undefined,
  });
}

/** True while the report of a row is not due yet; without a query once all reports have to be due. */
async function hasAwaitedRow(
  db: ReadDb,
  actor: Actor,
  selection: ClosingSelection,
): Promise<boolean> {
  if (!mayBeAwaited(selection.closings, selection.now)) return false;
  const facts = closingFacts(selection, await getScope(db, actor));
  const { rows } = await sql<{ isAwaited: boolean }>`
    select exists (
      select from (${facts}) as facts where facts."expectedAt" is not null
    ) as "isAwaited"`.execute(db);
  return rows[0]?.isAwaited ?? false;
}
