/** File of a stored run again, with the very same rows. */
import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import type { Actor } from '../actor.ts';
import { requireCapability } from '../actor.ts';
import { type ByteRange, withinRange } from '../office-file/byte-range.ts';
import type { ClosingCounts } from './closing-counts.ts';
import { auditedKind, type FileKind, fileWriter } from './file-kind.ts';
import {
  type End,
  type ExportWork,
  RecordedExport,
  requireFitting,
  type Write,
  writeRows,
} from './recorded-export-commands.ts';
import { noteFile } from './run-commands.ts';
import { getRun, streamIssuedRows } from './run-queries.ts';
import { requireRoom } from './xlsx-writer.ts';

export interface RunExport {
  runId: number;
  kind: FileKind;
  now: Date;
  /** Only these bytes of the file; recorded with the first of them. */
  range?: ByteRange | undefined;
}

/** Acts of their own: what such a file says was issued before, and rests on nothing that was registered since. */
const AGAIN_ACTS = {
  begun: 'closing.run-file-begun',
  whole: 'closing.run-file-exported',
  brokenOff: 'closing.run-file-broken-off',
};

/**
 * Writes the file of a run that was issued, as it was issued; recorded like exportClosing.
 * @throws DomainError `not_found`, `forbidden`; `invalid_input` with `details.encodingFaults`
 */
export async function exportRun(
  work: ExportWork,
  actor: Actor,
  { runId, kind, now, range }: RunExport,
  toReceiver: Write,
): Promise<ClosingCounts> {
  requireCapability(actor, 'closing.export');
  const write = range ? withinRange(range, toReceiver) : toReceiver;
  return work.read(async (db) => {
    const run = await getRun(db, actor, runId);
    if (kind.format === 'xlsx') requireRoom(run.counts.total);
    const ofRun = { runId, checksum: Buffer.from(run.checksum, 'hex') };
    const rows = () => streamIssuedRows(db, actor, [ofRun]);
    await requireFitting(kind, await listRunAreaNames(db, actor, runId), rows);
    const from = range && range.first > 0 ? { fromByte: range.first } : {};
    const detail = { run: runId, ...auditedKind(kind), ...from };
    const recorded = new RecordedExport(
      { work, actor, acts: AGAIN_ACTS },
      { subject: `closing-day:${run.closingDay}`, detail },
    );
    const file = { runIds: [runId], kind, exportId: recorded.id, now };
    await recorded.begin((tx) => noteFile(tx, actor, file));
    return recorded.end(async (): Promise<End> => {
      const writer = fileWriter(kind);
      try {
        await write(writer.head());
      } catch (error) {
        return { isWhole: false, givenRows: 0, error };
      }
      return writeRows({ rows: rows(), writer, write });
    });
  });
}

/**
 * Bytes of the file of a run, found by writing it to nothing: only who goes on with a part has to know them.
 * @throws DomainError `not_found`, `forbidden`; `invalid_input` for a value that does not fit
 */
export async function countRunFile(
  db: ReadDb,
  actor: Actor,
  { runId, kind }: Pick<RunExport, 'runId' | 'kind'>,
): Promise<number> {
  requireCapability(actor, 'closing.export');
  const run = await getRun(db, actor, runId);
  if (kind.format === 'xlsx') requireRoom(run.counts.total);
  const rows = streamIssuedRows(db, actor, [{ runId, checksum: Buffer.from(run.checksum, 'hex') }]);
  const writer = fileWriter(kind);
  let length = writer.head().length;
  const write = async (bytes: Buffer) => {
    length += bytes.length;
  };
  const end = await writeRows({ rows, writer, write });
  if (!end.isWhole) throw end.error;
  return length;
}

/** Names of areas that a run printed. */
async function listRunAreaNames(db: ReadDb, actor: Actor, runId: number): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select distinct facts ->> 'areaName' as name from closing_run_row
    where utility_id = ${actor.utilityId} and run_id = ${runId}`.execute(db);
  return rows.map(({ name }) => name);
}
