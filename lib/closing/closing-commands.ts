/**
 * Export of closings as a file: its rows are issued in the same act, because bills are made from them and the next
 * closing counts from what was issued. A draft is a read that is recorded, and issues nothing.
 */
import type { Tx } from '../../db/schema.ts';
import type { Actor } from '../actor.ts';
import { requireCapability } from '../actor.ts';
import { recordAct } from '../audit/audit-commands.ts';
import type { ClosingCounts, ClosingFilter } from './closing-counts.ts';
import type { ClosingSelection } from './closing-facts-sql.ts';
import { getScope, listAreaNames, streamClosingRows } from './closing-queries.ts';
import type { ClosingKind } from './closing-row.ts';
import { auditedKind, type FileKind, fileWriter } from './file-kind.ts';
import {
  type End,
  type ExportWork,
  RecordedExport,
  requireFitting,
  type Write,
  writeRows,
} from './recorded-export-commands.ts';
import { type IssuedRun, issueClosings } from './run-commands.ts';
import { streamIssuedRows } from './run-queries.ts';
import { requireRoom } from './xlsx-writer.ts';

export interface ClosingExport {
  selection: ClosingSelection;
  kind: FileKind;
  /** Instant at which the runs are made. */
  now: Date;
  /** Told of the runs before the first byte. */
  onIssue?: (runs: readonly IssuedRun[]) => void;
}

/** Acts of files that were issued: `closing_files_of` finds the closings of which files were made by them. */
const ISSUED_ACTS = {
  begun: 'closing.export-begun',
  whole: 'closing.exported',
  brokenOff: 'closing.export-broken-off',
};

const DRAFT_ACTS = {
  begun: 'closing.draft-begun',
  whole: 'closing.draft-exported',
  brokenOff: 'closing.draft-broken-off',
};

export interface ExportedClosings {
  counts: ClosingCounts;
  /** The runs of the file, in the order of their closings. */
  runs: readonly IssuedRun[];
}

/**
 * Issues a run of each closing and writes the file from them, block by block; `write` resolves when the receiver can
 * take more, and its error ends the export. Runs are issued when the receiver has taken the file's head, and not at all
 * when it does not. The audit gets `closing.export-begun` before the rows are read, `closing.issued` for each new run,
 * then `closing.exported` or `closing.export-broken-off` with the number of rows handed over; all have the same
 * `export`. A begin without an end remains only when the process dies, or when the actor's right ended before the first
 * byte.
 * @throws DomainError `forbidden`; `invalid_input` with `details.encodingFaults` when a value is outside CP932: then
 * nothing was written.
 */
export async function exportClosing(
  work: ExportWork,
  actor: Actor,
  input: ClosingExport,
  write: Write,
): Promise<ExportedClosings> {
  requireCapability(actor, 'closing.export');
  const { selection, kind, now } = input;
  const recorded = new RecordedExport({ work, actor, acts: ISSUED_ACTS }, actOf(input));
  let runs: IssuedRun[] = [];
  const counts = await work.read(async (db) => {
    await getScope(db, actor);
    const rows = () => streamClosingRows(db, actor, selection);
    await requireFitting(kind, await listAreaNames(db, actor), rows);
    await recorded.begin();
    return recorded.end(async (): Promise<End> => {
      const writer = fileWriter(kind);
      try {
        runs = await work.issue(async (tx) => {
          const of = { selection, kind, exportId: recorded.id, now };
          const issued = await issueClosings(tx, actor, of);
          if (kind.format === 'xlsx') requireRoom(totalOf(issued));
          input.onIssue?.(issued);
          await write(writer.head());
          return issued;
        });
      } catch (error) {
        return { isWhole: false, givenRows: 0, error };
      }
      const end = await writeRows({ rows: streamIssuedRows(db, actor, runs), writer, write });
      return { ...end, detail: { runs: runs.map(({ runId }) => runId) } };
    });
  });
  return { counts, runs };
}

/** Rows of runs together. */
function totalOf(runs: readonly IssuedRun[]): number {
  return runs.reduce((sum, { counts }) => sum + counts.total, 0);
}

/** Writes the file as it would be issued now, and issues nothing. @throws as exportClosing */
export async function exportClosingDraft(
  work: ExportWork,
  actor: Actor,
  input: ClosingExport,
  write: Write,
): Promise<ClosingCounts> {
  requireCapability(actor, 'closing.export');
  const { selection, kind } = input;
  const recorded = new RecordedExport({ work, actor, acts: DRAFT_ACTS }, actOf(input));
  return work.read(async (db) => {
    await getScope(db, actor);
    const rows = () => streamClosingRows(db, actor, selection);
    await requireFitting(kind, await listAreaNames(db, actor), rows);
    await recorded.begin();
    return recorded.end(async (): Promise<End> => {
      const writer = fileWriter(kind);
      try {
        const head = writer.head();
        if (head.length > 0) await write(head);
      } catch (error) {
        return { isWhole: false, givenRows: 0, error };
      }
      return writeRows({ rows: rows(), writer, write });
    });
  });
}

function actOf({ selection, kind }: ClosingExport) {
  return {
    subject: `closing-day:${selection.closingDay}`,
    detail: {
      ...auditedKind(kind),
      customerNumber: selection.customerNumber ?? null,
      rounding: selection.rounding ?? null,
      closings: selection.closings.map(({ closesOn }) => closesOn),
    },
  };
}

export interface ReadPage {
  closingDay: number;
  month: string;
  show: ClosingFilter;
  search?: string | undefined;
  offset: number;
  limit: number;
  /** Number of rows. */
  rows: number;
}

/** Records that a page of a closing's rows was read: all pages together equal the file. */
export async function recordClosingPage(
  tx: Tx,
  actor: Actor,
  { closingDay, ...page }: ReadPage,
): Promise<void> {
  requireCapability(actor, 'closing.read');
  const subject = `closing-day:${closingDay}`;
  await recordAct(tx, actor, { act: 'closing.page-read', subject, detail: page });
}

export interface ReadRow {
  closingDay: number;
  month: string;
  customer: string;
  supplyPoint: string;
  kind: ClosingKind;
}

/** Records that one row of a closing was read with what it was made of. */
export async function recordClosingRow(
  tx: Tx,
  actor: Actor,
  { closingDay, ...row }: ReadRow,
): Promise<void> {
  requireCapability(actor, 'closing.read');
  const subject = `closing-day:${closingDay}`;
  await recordAct(tx, actor, { act: 'closing.row-read', subject, detail: row });
}
