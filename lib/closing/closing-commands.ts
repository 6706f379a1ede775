/** Export of closings as a file: a read that is recorded, because bills are made from the file. */
import { randomUUID } from 'node:crypto';
import type { ReadDb, Tx } from '../../db/schema.ts';
import type { Actor } from '../actor.ts';
import { requireCapability } from '../actor.ts';
import { recordAct } from '../audit/audit-commands.ts';
import { DomainError, type EncodingFault, type FieldFault } from '../errors.ts';
import { charactersOutsideCp932 } from '../office-file/cp932.ts';
import type { ClosingSelection } from './closing-facts-sql.ts';
import type { ClosingFileKind } from './closing-file.ts';
import { getScope, listAreaNames, streamClosingRows } from './closing-queries.ts';
import type { ClosingCounts, ClosingFilter, ClosingKind, ClosingRow } from './closing-row.ts';
import { countRow, noCounts } from './closing-row.ts';
import { ClosingWriter } from './closing-writer.ts';

export interface ClosingExport {
  selection: ClosingSelection;
  kind: ClosingFileKind;
}

/** Transactions of an export; acts are committed independently of the read. */
export interface ExportWork {
  /** Reads all rows in one transaction, which may take minutes. */
  read<T>(fn: (db: ReadDb) => Promise<T>): Promise<T>;
  /** Records an act in its own transaction, also when the receiver has disconnected. One runs while rows are read. */
  record(fn: (tx: Tx) => Promise<void>): Promise<void>;
}

type Write = (bytes: Buffer) => Promise<void>;

const BLOCK_ROWS = 1000;

/**
 * Writes the file block by block; `write` resolves when the receiver can take more, and its error ends the export. The
 * audit gets `closing.export-begun` before the first byte, then `closing.exported` or `closing.export-broken-off` with
 * the number of rows handed over; all three have the same `export`. A begin without an end remains only when the
 * process dies, or when the actor's right ended before the first byte.
 * @throws DomainError `forbidden`; `invalid_input` with `details.encodingFaults` when a value is outside CP932: then
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

/** End of an export; after an abort with the rows handed over, all but those of the last block received. */
type End =
  | { isWhole: true; counts: ClosingCounts }
  | { isWhole: false; givenRows: number; error: unknown };

/**
 * Writes the rows and records the end. The recording transaction begins before, because an actor who signs out or loses
 * the right meanwhile could not begin one.
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
    // The connection was lost meanwhile.
    await work.record(recordEnd);
  }
  if (end === undefined) throw new Error('the transaction of an extraction was not run');
  return end;
}

type Recorder = (tx: Tx, act: string, more: Record<string, unknown>) => Promise<void>;

/** Records acts of one export, all with the same input. */
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

/** Never rejects: an error is part of the result. */
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

/** Checks the rows only when an area name, the only free text of a closing, cannot be encoded. */
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

/** An encoding fault as the API's field fault: row and column, the characters and the value that contains them. */
function faultOf({ row, column, value, characters }: EncodingFault): FieldFault {
  return { field: `${row}.${column}`, message: `${characters.join('')} (${value})` };
}
