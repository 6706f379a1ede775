/**
 * Closings as stored runs: made from the readings by one statement, checked row by row, issued. Runs in the transaction
 * of the caller, so that a run is issued whole or not at all.
 */
import { sql } from 'kysely';
import type { Tx } from '../../db/schema.ts';
import { type Actor, actorName, requireCapability } from '../actor.ts';
import { recordAct } from '../audit/audit-commands.ts';
import type { UsageRounding } from './billed-usage.ts';
import { countMissingInRun } from './closing-account-queries.ts';
import { type ClosingCounts, type ClosingFilter, countRow, noCounts } from './closing-counts.ts';
import type { ClosingSelection } from './closing-facts-sql.ts';
import { getScope } from './closing-queries.ts';
import { type ClosingFacts, type ClosingRow, closingRow } from './closing-row.ts';
import { type FileKind, notedKind } from './file-kind.ts';
import { insertRunRows, type RunSelection } from './run-sql.ts';
import { CLOSING_RULES, RunChecksum } from './run-state.ts';

/** A run that is issued now: in this act, or before with the very same rows. */
export interface IssuedRun {
  runId: number;
  closesOn: string;
  counts: ClosingCounts;
  /** SHA-256 over the printed rows. */
  checksum: Buffer;
  /** Occupancies that it should have and has not; null for a run of one customer. */
  missing: number | null;
  /** False: the rows are those of the run that was issued before, which stays. */
  isNew: boolean;
  /** The run in whose place it was issued. */
  supersedes: number | null;
}

/** Told of a run while it is made. `rows`, `of`: rows that have their figures, and all of them; null: not known yet. */
export type OnRunProgress = (at: {
  closesOn: string;
  rows: number | null;
  of: number | null;
}) => void;

export interface RunsInput {
  selection: ClosingSelection;
  now: Date;
  onProgress?: OnRunProgress | undefined;
}

export interface IssueInput extends RunsInput {
  kind: FileKind;
  /** Id of the export in the audit. */
  exportId: string;
}

/** Issues runs as issueRuns, and notes the file that is begun from them. @throws DomainError `forbidden` */
export async function issueClosings(
  tx: Tx,
  actor: Actor,
  { kind, exportId, ...input }: IssueInput,
): Promise<IssuedRun[]> {
  const runs = await issueRuns(tx, actor, input);
  const runIds = runs.map(({ runId }) => runId);
  await noteFile(tx, actor, { runIds, kind, exportId, now: input.now });
  return runs;
}

/**
 * Makes and issues a run of each closing, in their order. A closing without rows of which none was issued before gets no
 * run. Until the transaction ends, no other run of the utility is made.
 * @throws DomainError `forbidden`
 */
export async function issueRuns(
  tx: Tx,
  actor: Actor,
  { selection, now, onProgress }: RunsInput,
): Promise<IssuedRun[]> {
  requireCapability(actor, 'closing.export');
  await getScope(tx, actor);
  const { closings, ...rest } = selection;
  const runs: IssuedRun[] = [];
  for (const closing of closings) {
    const run = await issueOne(tx, actor, { selection: { ...rest, closing }, now, onProgress });
    if (run) runs.push(run);
  }
  return runs;
}

interface OneRun {
  selection: RunSelection;
  now: Date;
  onProgress?: OnRunProgress | undefined;
}

async function issueOne(tx: Tx, actor: Actor, one: OneRun): Promise<IssuedRun | undefined> {
  const by = actorName(actor);
  await sql`savepoint closing_run`.execute(tx);
  const made = await makeRun(tx, actor, one);
  const { closesOn } = one.selection.closing;
  const former = await findIssued(tx, actor, one.selection);
  const isSame = former?.checksum.equals(made.checksum) ?? false;
  if (isSame || (former === undefined && made.counts.total === 0)) {
    await sql`rollback to savepoint closing_run`.execute(tx);
    await sql`release savepoint closing_run`.execute(tx);
    return former && { ...made, ...former, closesOn, isNew: false, supersedes: null };
  }
  const { rows } = await sql<{ former: number | null }>`
    select issue_closing_run(${made.runId}, ${one.now}, ${by}) as former`.execute(tx);
  await sql`release savepoint closing_run`.execute(tx);
  return { ...made, closesOn, isNew: true, supersedes: rows[0]?.former ?? null };
}

interface MadeRun {
  runId: number;
  counts: ClosingCounts;
  checksum: Buffer;
  /** Occupancies that it should have and has not; null for a run of one customer. */
  missing: number | null;
}

/** A checked run with all its rows. */
export async function makeRun(
  tx: Tx,
  actor: Actor,
  { selection, now, onProgress }: OneRun,
): Promise<MadeRun> {
  requireCapability(actor, 'closing.export');
  const by = actorName(actor);
  const { closingDay, closing, customerNumber = null, rounding = null } = selection;
  const { rows } = await sql<{ runId: number }>`
    select open_closing_run(${closingDay}, ${closing.closesOn}::date, ${closing.previousOn}::date, ${customerNumber}, ${rounding},
      ${CLOSING_RULES}, ${now}, ${by}) as "runId"`.execute(tx);
  const runId = rows[0]?.runId;
  if (runId === undefined) throw new Error('no run was opened');
  // Read behind open_closing_run: what another issued meanwhile is committed.
  const scope = await getScope(tx, actor);
  const { closesOn } = closing;
  onProgress?.({ closesOn, rows: null, of: null });
  const { numAffectedRows = null } = await insertRunRows({ runId, selection, scope }).execute(tx);
  const of = numAffectedRows === null ? null : Number(numAffectedRows);
  const onRows = (done: number) => onProgress?.({ closesOn, rows: done, of });
  onRows(0);
  const { counts, checksum } = await addFigures(tx, actor.utilityId, { runId, rounding, onRows });
  const missing =
    customerNumber === null
      ? await countMissingInRun(tx, actor, { runId, closingDay, closing })
      : null;
  await sql`select check_closing_run(${runId}, ${JSON.stringify({ ...counts, missing })}::json, ${checksum}, ${by})`.execute(
    tx,
  );
  return { runId, counts, checksum, missing };
}

async function findIssued(
  tx: Tx,
  actor: Actor,
  { closingDay, closing, customerNumber }: RunSelection,
): Promise<{ runId: number; checksum: Buffer } | undefined> {
  const { rows } = await sql<{ runId: number; checksum: Buffer }>`
    select run_id as "runId", checksum from closing_run
    where utility_id = ${actor.utilityId} and state = 'issued' and closing_day = ${closingDay}
      and closes_on = ${closing.closesOn}::date and customer_number is not distinct from ${customerNumber ?? null}`.execute(
    tx,
  );
  return rows[0];
}

/** Rows whose figures are computed and stored at once: few, so that their objects do not outlive the next ones. */
const PAGE_ROWS = 1000;

interface FiguresToAdd {
  runId: number;
  rounding: UsageRounding | null;
  /** Told how many rows have theirs, after each page. */
  onRows: (done: number) => void;
}

/**
 * Computes and stores the figures of all rows, page by page, so that memory does not grow with their number. The server
 * reads a page while the one before is computed.
 */
async function addFigures(
  tx: Tx,
  utilityId: number,
  { runId, rounding, onRows }: FiguresToAdd,
): Promise<Pick<MadeRun, 'counts' | 'checksum'>> {
  const counts = noCounts();
  const sum = new RunChecksum();
  const pageAfter = (after: number) => readFacts(tx, { utilityId, runId, after });
  let facts = await pageAfter(0);
  for (let after = 0; facts.length > 0; after += PAGE_ROWS) {
    const next = facts.length < PAGE_ROWS ? Promise.resolve([]) : pageAfter(after + PAGE_ROWS);
    // Its failure is met where it is awaited; where the work ends before, the transaction has failed already.
    next.catch(() => undefined);
    const printed = facts.map((each) => closingRow(each, rounding ?? undefined));
    for (const row of printed) {
      countRow(counts, row);
      sum.add(row);
    }
    facts = await next;
    await insertFigures(tx, { utilityId, runId, after }, printed);
    onRows(counts.total);
  }
  return { counts, checksum: sum.digest() };
}

interface RunPage {
  utilityId: number;
  runId: number;
  /** Row number before the page. */
  after: number;
}

async function readFacts(tx: Tx, { utilityId, runId, after }: RunPage): Promise<ClosingFacts[]> {
  const { rows } = await sql<{ facts: ClosingFacts }>`
    select facts from closing_run_row
    where utility_id = ${utilityId} and run_id = ${runId} and row_number > ${after} and row_number <= ${after + PAGE_ROWS}
    order by row_number`.execute(tx);
  return rows.map(({ facts }) => facts);
}

async function insertFigures(
  tx: Tx,
  { utilityId, runId, after }: RunPage,
  rows: readonly ClosingRow[],
): Promise<void> {
  await sql`
    insert into closing_run_figure (utility_id, run_id, row_number, usage_l, usage_m3, quality, remarks,
      estimated_index_l, estimate_basis, register_m3, volume_factor, correction_l)
    select ${utilityId}::integer, ${runId}::integer, ${after}::integer + f.place, f.usage_l, f.usage_m3, f.quality,
      string_to_array(f.remarks, ' '), f.estimated_index_l, f.estimate_basis, f.register_m3, f.volume_factor, f.correction_l
    from unnest(${rows.map((row) => row.usageL)}::integer[], ${rows.map((row) => row.usageM3)}::text[],
                ${rows.map((row) => row.quality)}::text[], ${rows.map((row) => row.remarks.join(' '))}::text[],
                ${rows.map((row) => row.estimate && row.indexL)}::integer[], ${rows.map((row) => row.estimate?.basis ?? null)}::text[],
                ${rows.map((row) => row.registerM3)}::text[], ${rows.map((row) => row.volumeFactor)}::text[],
                ${rows.map((row) => row.correctionL)}::integer[])
      with ordinality as f (usage_l, usage_m3, quality, remarks, estimated_index_l, estimate_basis, register_m3, volume_factor,
        correction_l, place)`.execute(tx);
}

export interface RunFile {
  runIds: readonly number[];
  kind: FileKind;
  exportId: string;
  now: Date;
}

/** Notes a file that is begun from runs. @throws DomainError `forbidden` */
export async function noteFile(
  tx: Tx,
  actor: Actor,
  { runIds, kind, exportId, now }: RunFile,
): Promise<void> {
  requireCapability(actor, 'closing.export');
  if (runIds.length === 0) return;
  const noted = notedKind(kind);
  await tx
    .insertInto('closing_run_file')
    .values(
      runIds.map((runId) => ({
        ...{ utility_id: actor.utilityId, run_id: runId, export: exportId },
        ...{ format: noted.format, identifiers: noted.identifiers },
        ...{ layout_id: noted.layoutId, layout_version: noted.layoutVersion },
        ...{ made_by: actorName(actor), made_at: now },
      })),
    )
    .execute();
}

/** Records that a page of a run's rows was read: all pages together equal its file. @throws DomainError `forbidden` */
export async function recordRunPage(
  tx: Tx,
  actor: Actor,
  {
    runId,
    ...page
  }: { runId: number; show: ClosingFilter; offset: number; limit: number; rows: number },
): Promise<void> {
  requireCapability(actor, 'closing.read');
  const subject = `closing-run:${runId}`;
  await recordAct(tx, actor, { act: 'closing.run-page-read', subject, detail: page });
}
