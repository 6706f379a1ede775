/** Making a file that the audit records: begun, then whole or broken off. */
import { randomUUID } from 'node:crypto';
import type { ReadDb, Tx } from '../../db/schema.ts';
import type { Actor } from '../actor.ts';
import { recordAct } from '../audit/audit-commands.ts';
import { DomainError, type EncodingFault, type FieldFault } from '../errors.ts';
import { type ClosingCounts, countRow, noCounts } from './closing-counts.ts';
import type { ClosingRow } from './closing-row.ts';
import { type FileKind, type FileWriter, fileWriter, mayNotFit } from './file-kind.ts';

/** Transactions of an export; acts and runs are committed independently of the read. Three are open at once. */
export interface ExportWork {
  /** Reads all rows in one transaction, which may take minutes. */
  read<T>(fn: (db: ReadDb) => Promise<T>): Promise<T>;
  /** Records an act in its own transaction, also when the receiver has disconnected. One runs while rows are read. */
  record(fn: (tx: Tx) => Promise<void>): Promise<void>;
  /** Makes and issues runs in their own transaction, which ends with the request. */
  issue<T>(fn: (tx: Tx) => Promise<T>): Promise<T>;
}

export type Write = (bytes: Buffer) => Promise<void>;

/** Acts of an export in the audit. */
export interface ExportActs {
  begun: string;
  whole: string;
  brokenOff: string;
}

/** An export with the acts by which it is recorded. */
export class RecordedExport {
  /** The same in all acts. */
  readonly id = randomUUID();
  readonly #work: ExportWork;
  readonly #actor: Actor;
  readonly #acts: ExportActs;
  readonly #subject: string;
  readonly #detail: Record<string, unknown>;

  constructor(
    { work, actor, acts }: { work: ExportWork; actor: Actor; acts: ExportActs },
    { subject, detail }: { subject: string; detail: Record<string, unknown> },
  ) {
    this.#work = work;
    this.#actor = actor;
    this.#acts = acts;
    this.#subject = subject;
    this.#detail = detail;
  }

  /** Records the begin, with `more` in the same transaction. */
  async begin(more: (tx: Tx) => Promise<void> = async () => undefined): Promise<void> {
    await this.#work.record(async (tx) => {
      await this.#record(tx, this.#acts.begun, {});
      await more(tx);
    });
  }

  /**
   * Hands the rows over and records the end. The recording transaction begins before, because an actor who signs out or
   * loses the right meanwhile could not begin one.
   */
  async end(handOver: () => Promise<End>): Promise<ClosingCounts> {
    let end: End | undefined;
    const recordEnd = async (tx: Tx): Promise<void> => {
      end ??= await handOver();
      const { detail = {} } = end;
      if (end.isWhole) return this.#record(tx, this.#acts.whole, { ...end.counts, ...detail });
      const { givenRows, error } = end;
      const reason = error instanceof Error ? error.message || error.name : String(error);
      await this.#record(tx, this.#acts.brokenOff, { givenRows, reason, ...detail });
    };
    try {
      await this.#work.record(recordEnd);
    } catch (error) {
      if (end === undefined) throw error;
      // The connection was lost meanwhile.
      await this.#work.record(recordEnd);
    }
    if (end === undefined) throw new Error('the transaction of an extraction was not run');
    if (end.isWhole) return end.counts;
    throw end.error;
  }

  #record(tx: Tx, act: string, more: Record<string, unknown>): Promise<void> {
    const detail = { export: this.id, ...this.#detail, ...more };
    return recordAct(tx, this.#actor, { act, subject: this.#subject, detail });
  }
}

/** End of an export; after an abort with the rows handed over, all but those of the last block received. */
export type End = { detail?: Record<string, unknown> } & (
  | { isWhole: true; counts: ClosingCounts }
  | { isWhole: false; givenRows: number; error: unknown }
);

const BLOCK_ROWS = 1000;

export interface RowsToWrite {
  rows: AsyncIterable<ClosingRow>;
  writer: FileWriter;
  write: Write;
}

/** Writes rows block by block, after the head. Never rejects: an error is part of the result. */
export async function writeRows({ rows, writer, write }: RowsToWrite): Promise<End> {
  const counts = noCounts();
  let givenRows = 0;
  let block: ClosingRow[] = [];
  const flush = async (): Promise<void> => {
    givenRows += block.length;
    const bytes = writer.block(block);
    if (bytes.length > 0) await write(bytes);
    block = [];
  };
  try {
    for await (const row of rows) {
      countRow(counts, row);
      block.push(row);
      if (block.length >= BLOCK_ROWS) await flush();
    }
    await flush();
    const tail = writer.end();
    if (tail.length > 0) await write(tail);
    if (writer.faults.length > 0) throw doesNotFit(writer);
    return { isWhole: true, counts };
  } catch (error) {
    return { isWhole: false, givenRows, error };
  }
}

/**
 * Refuses a file with a row that cannot be written. Rows are read only when there may be one.
 * @param names areas, the only free text of rows
 * @throws DomainError `invalid_input` with `details.encodingFaults`
 */
export async function requireFitting(
  kind: FileKind,
  names: readonly string[],
  rows: () => AsyncIterable<ClosingRow>,
): Promise<void> {
  if (!mayNotFit(kind, names)) return;
  const writer = fileWriter(kind);
  for await (const row of rows()) writer.block([row]);
  if (writer.faults.length > 0) throw doesNotFit(writer);
}

function doesNotFit({ faults }: FileWriter): DomainError {
  const [first] = faults;
  const why = first?.problem ?? `CP932 has no "${first?.characters.join('')}"`;
  const advice =
    first?.problem === undefined
      ? 'choose UTF-8, or change the name in the register'
      : 'change the layout, or what is registered';
  return new DomainError(
    'invalid_input',
    `row ${first?.row}, column ${first?.column}: ${why}; ${advice}`,
    { encodingFaults: faults, faults: faults.map(faultOf) },
  );
}

/** An encoding fault as the API's field fault: row and column, the characters or the problem, and the value. */
function faultOf({ row, column, value, characters, problem }: EncodingFault): FieldFault {
  const why = problem ?? characters.join('');
  return { field: `${row}.${column}`, message: `${why} (${value})` };
}
