/**
 * What the worker does with an issue of closings. Begin and failure are committed by themselves, progress beside the
 * transaction that makes the runs; that one ends the issue, so that both are there or neither.
 */
import { sql } from 'kysely';
import type { Tx } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { elementAt } from '../certain.ts';
import { monthOf } from '../time.ts';
import { closingCalendar } from './closing-day.ts';
import { XLSX_MAX_ROWS } from './closing-file.ts';
import { listAreaNames } from './closing-queries.ts';
import { getFileKind } from './file-choice-queries.ts';
import type { FileKind } from './file-kind.ts';
import type { IssueToMake } from './issue-queries.ts';
import { type IssueAt, type IssueFailure, IssueRefused } from './issue-state.ts';
import { requireFitting } from './recorded-export-commands.ts';
import { type IssuedRun, issueRuns } from './run-commands.ts';
import { streamIssuedRows } from './run-queries.ts';

/** Begins an issue in the name of the one who asked; yields the attempt's number, null when the issue has ended. */
export async function beginIssue(
  tx: Tx,
  { issueId, now }: { issueId: number; now: Date },
): Promise<number | null> {
  const { rows } = await sql<{ attempt: number | null }>`
    select begin_closing_issue(${issueId}::integer, ${now}) as attempt`.execute(tx);
  return rows[0]?.attempt ?? null;
}

export interface IssueAttempt {
  issueId: number;
  attempt: number;
}

/** Notes how far an attempt is; false when it was cancelled, has ended, or another attempt has begun. */
export async function noteIssueProgress(
  tx: Tx,
  utilityId: number,
  { issueId, attempt, at, now }: IssueAttempt & { at: IssueAt; now: Date },
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update closing_issue set phase = ${at.phase}, making_on = ${at.makingOn}::date, rows_done = ${at.rowsDone},
      rows_total = ${at.rowsTotal}, heartbeat_at = ${now}
    where utility_id = ${utilityId} and issue_id = ${issueId} and state = 'making' and attempts = ${attempt}`.execute(
    tx,
  );
  return numAffectedRows === 1n;
}

export interface IssueWork {
  issue: IssueToMake;
  attempt: number;
  now: Date;
  onProgress: (at: IssueAt) => void;
  /** Ends the notes of progress: the end holds their row. */
  beforeEnd: () => Promise<void>;
}

/**
 * Makes and issues the runs of an issue and ends it, in the caller's transaction, which is of the one who asked.
 * @throws IssueRefused, DomainError `forbidden`, `invalid_input` with `details.encodingFaults`; Error when it was cancelled
 */
export async function makeIssue(
  tx: Tx,
  actor: Actor,
  { issue, attempt, now, onProgress, beforeEnd }: IssueWork,
): Promise<IssuedRun[]> {
  requireCapability(actor, 'closing.export');
  const kind = await kindOf(tx, actor, issue);
  const runs = await issueRuns(tx, actor, {
    selection: selectionOf(issue, now),
    now,
    onProgress: ({ closesOn: makingOn, rows: rowsDone, of: rowsTotal }) =>
      onProgress({
        phase: rowsDone === null ? 'reading' : 'figures',
        ...{ makingOn, rowsDone, rowsTotal },
      }),
  });
  if (runs.length === 0) throw new IssueRefused('no-rows', 'these closings have no rows');
  for (const run of runs) await tryInFile(tx, actor, { run, kind, onProgress });
  const last = elementAt(runs, -1);
  onProgress({ phase: 'storing', makingOn: last.closesOn, rowsDone: null, rowsTotal: null });
  await beforeEnd();
  await endIssue(tx, { issueId: issue.issueId, attempt, runs, now });
  return runs;
}

function kindOf(
  tx: Tx,
  actor: Actor,
  { format, identifiers, layout }: IssueToMake,
): Promise<FileKind> {
  const choice = { format, identifiers: identifiers ?? undefined, layout: layout ?? undefined };
  return getFileKind(tx, actor, choice);
}

/** The closings that had passed when it was asked, from the readings of now. */
function selectionOf(issue: IssueToMake, now: Date) {
  const { closingDay, closings: days, askedAt, customerNumber, rounding } = issue;
  const fromMonth = monthOf(elementAt(days, 0));
  const toMonth = monthOf(elementAt(days, -1));
  const { closings } = closingCalendar({ closingDay, fromMonth, toMonth }, askedAt);
  return {
    ...{ closingDay, closings, now },
    ...(customerNumber !== null && { customerNumber }),
    ...(rounding !== null && { rounding }),
  };
}

async function tryInFile(
  tx: Tx,
  actor: Actor,
  { run, kind, onProgress }: Pick<IssueWork, 'onProgress'> & { run: IssuedRun; kind: FileKind },
): Promise<void> {
  const { closesOn, counts } = run;
  const rows = counts.total;
  onProgress({ phase: 'file', makingOn: closesOn, rowsDone: null, rowsTotal: rows });
  if (kind.format === 'xlsx' && rows > XLSX_MAX_ROWS) {
    throw new IssueRefused('too-many-rows', `a workbook has at most ${XLSX_MAX_ROWS} rows`);
  }
  // Those of the register, which the rows were made of in this transaction.
  const names = await listAreaNames(tx, actor);
  await requireFitting(kind, names, () => streamIssuedRows(tx, actor, [run]));
}

async function endIssue(
  tx: Tx,
  { issueId, attempt, runs, now }: IssueAttempt & { runs: readonly IssuedRun[]; now: Date },
): Promise<void> {
  const runIds = runs.map(({ runId }) => runId);
  const newIds = runs.filter(({ isNew }) => isNew).map(({ runId }) => runId);
  await sql`
    select finish_closing_issue(${issueId}::integer, ${attempt}::integer, ${runIds}::integer[], ${newIds}::integer[], ${now})`.execute(
    tx,
  );
}

/** Ends an issue of which nothing was issued; false when it has ended, or another attempt has begun. */
export async function failIssue(
  tx: Tx,
  { issueId, attempt, failure, now }: IssueAttempt & { failure: IssueFailure; now: Date },
): Promise<boolean> {
  const faults = failure.faults.length > 0 ? JSON.stringify(failure.faults) : null;
  const { rows } = await sql<{ failed: boolean }>`
    select fail_closing_issue(${issueId}::integer, ${attempt}::integer, ${failure.failure}::text, ${failure.detail}::text,
      ${faults}::json, ${now}) as failed`.execute(tx);
  return rows[0]?.failed ?? false;
}
