/** Extraction of a closing into a file: a read that is recorded, because the file leaves the product and bills are made from it. */
import { randomUUID } from 'node:crypto';
import type { ReadDb, Tx } from '../../db/schema.ts';
import type { Actor } from '../actor.ts';
import { requireCapability } from '../actor.ts';
import { recordAct } from '../audit/commands.ts';
import { DomainError, type EncodingFault, type FieldFault } from '../errors.ts';
import { charactersOutsideCp932 } from '../office-file/cp932.ts';
import type { ClosingSelection } from './closing-facts-sql.ts';
import type { ClosingFileKind } from './closing-file.ts';
import { getScope, listAreaNames, streamClosingRows } from './closing-queries.ts';
import type { ClosingCounts, ClosingFilter, ClosingRow } from './closing-row.ts';
import { countRow, noCounts } from './closing-row.ts';
import { ClosingWriter } from './closing-writer.ts';

export interface ClosingExport {
  selection: ClosingSelection;
  kind: ClosingFileKind;
}

/** Transactions of an extraction: what is recorded stands whatever becomes of the rows that are read beside it. */
export interface ExportWork {
  /** Reads all rows in one transaction, which may take minutes. */
  read<T>(fn: (db: ReadDb) => Promise<T>): Promise<T>;
  /** Writes an act down in a transaction of its own, also when the receiver has gone. One runs while rows are read. */
  record(fn: (tx: Tx) => Promise<void>): Promise<void>;
}

type Write = (bytes: Buffer) => Promise<void>;

const BLOCK_ROWS = 1000;

/**
 * Writes the file block by block. The audit has `closing.export-begun` before the first byte, and afterwards
 * `closing.exported` or `closing.export-broken-off` with the rows that were handed over; all three carry the same `export`. Only
 * a process that ends in the middle leaves a beginning without an end, and an actor whose right ended before the first byte.
 * `write` resolves when the receiver can take more;
 * its error ends the extraction.
 * @throws DomainError `forbidden`; `invalid_input` with `details.places` when a value is outside CP932: then
 * nothing was written.
 */
export async function exportClosing(
  work: ExportWork,
  actor: Actor,
  input: ClosingExport,
  write: Write,
): Promise<ClosingCounts> {
  requireCapability(actor, 'closing.export');
  const record = recorderOf(actor, input);
  return work.read(async (db) => {
    await getScope(db, actor);
    if (input.kind.format === 'office-cp932') await requireCp932(db, actor, input);
    await work.record((tx) => record(tx, 'closing.export-begun', {}));
    const end = await recordedEnd(work, record, () => writeRows(db, actor, input, write));
    if (end.isWhole) return end.counts;
    throw end.error;
  });
}

/** How an extraction ended; of one that was broken off the rows that were handed over, all but for the last block taken. */
type End =
  | { isWhole: true; counts: ClosingCounts }
  | { isWhole: false; givenRows: number; error: unknown };

/**
 * Hands the rows over and records how that ended. The transaction for it is begun before: an actor who signs out, or whose
 * right is taken, while the file is made could not begin one afterwards.
 */
async function recordedEnd(
  work: ExportWork,
  record: Recorder,
  handOver: () => Promise<End>,
): Promise<End> {
  let end: End | undefined;
  const recordEnd = async (tx: Tx): Promise<void> => {
    end ??= await handOver();
    if (end.isWhole) return record(tx, 'closing.exported', { ...end.counts });
    const { givenRows, error } = end;
    const reason = error instanceof Error ? error.message || error.name : String(error);
    await record(tx, 'closing.export-broken-off', { givenRows, reason });
  };
  try {
    await work.record(recordEnd);
  } catch (error) {
    if (end === undefined) throw error;
    // Its connection was lost meanwhile.
    await work.record(recordEnd);
  }
  if (end === undefined) throw new Error('the transaction of an extraction was not run');
  return end;
}

type Recorder = (tx: Tx, act: string, more: Record<string, unknown>) => Promise<void>;

/** Writes acts of one extraction, which all say what was asked. */
function recorderOf(actor: Actor, { selection, kind }: ClosingExport): Recorder {
  const detail = {
    export: randomUUID(),
    format: kind.format,
    identifiers: kind.identifiers ?? null,
    customerNumber: selection.customerNumber ?? null,
    rounding: selection.rounding ?? null,
    closings: selection.closings.map(({ closesOn }) => closesOn),
  };
  const subject = `closing-day:${selection.closingDay}`;
  return (tx, act, more) => recordAct(tx, actor, { act, subject, detail: { ...detail, ...more } });
}

/** Never rejects: what went wrong is part of how it ended. */
async function writeRows(
  db: ReadDb,
  actor: Actor,
  { selection, kind }: ClosingExport,
  write: Write,
): Promise<End> {
  const writer = new ClosingWriter(kind);
  const counts = noCounts();
  let givenRows = 0;
  let block: ClosingRow[] = [];
  const flush = async (): Promise<void> => {
    givenRows += block.length;
    await write(writer.block(block));
    block = [];
  };
  try {
    await write(writer.head());
    for await (const row of streamClosingRows(db, actor, selection, BLOCK_ROWS)) {
      countRow(counts, row);
      block.push(row);
      if (block.length >= BLOCK_ROWS) await flush();
    }
    await flush();
    if (writer.faults.length > 0) throw outsideCp932(writer);
    return { isWhole: true, counts };
  } catch (error) {
    return { isWhole: false, givenRows, error };
  }
}

export interface ReadPage {
  closingDay: number;
  month: string;
  show: ClosingFilter;
  offset: number;
  limit: number;
  /** How many it had. */
  rows: number;
}

/** Records that a page of a closing's rows was read: all pages together are the rows of its file. */
export async function recordClosingPage(
  tx: Tx,
  actor: Actor,
  { closingDay, ...page }: ReadPage,
): Promise<void> {
  requireCapability(actor, 'closing.read');
  const subject = `closing-day:${closingDay}`;
  await recordAct(tx, actor, { act: 'closing.page-read', subject, detail: page });
}

/** Area names are the only free text in a closing: only when one of them cannot be written are the rows looked through. */
async function requireCp932(
  db: ReadDb,
  actor: Actor,
  { selection, kind }: ClosingExport,
): Promise<void> {
  const names = await listAreaNames(db, actor);
  if (names.every((name) => charactersOutsideCp932(name).length === 0)) return;
  const writer = new ClosingWriter(kind);
  for await (const row of streamClosingRows(db, actor, selection, BLOCK_ROWS)) writer.block([row]);
  if (writer.faults.length > 0) throw outsideCp932(writer);
}

function outsideCp932({ faults }: ClosingWriter): DomainError {
  const [first] = faults;
  return new DomainError(
    'invalid_input',
    `row ${first?.row}, column ${first?.column}: CP932 has no "${first?.characters.join('')}"; choose UTF-8, or change the name in the register`,
    { encodingFaults: faults, faults: faults.map(faultOf) },
  );
}

/** As the API names the faults of an input: row and column, the characters and the value they stand in. */
function faultOf({ row, column, value, characters }: EncodingFault): FieldFault {
  return { field: `${row}.${column}`, message: `${characters.join('')} (${value})` };
}
