/** Extraction of a closing into a file: a read that is recorded, because it leaves the house and is billed from. */
import type { Tx } from '../../db/schema.ts';
import type { Actor } from '../actor.ts';
import { requireCapability } from '../actor.ts';
import { recordAct } from '../audit/commands.ts';
import { DomainError } from '../errors.ts';
import { charactersOutsideCp932 } from '../office-file/cp932.ts';
import type { ClosingSelection } from './closing-facts-queries.ts';
import type { ClosingFileKind } from './closing-file.ts';
import { listAreaNames, streamClosingRows } from './closing-queries.ts';
import type { ClosingCounts } from './closing-row.ts';
import { countRow, noCounts } from './closing-row.ts';
import { ClosingWriter, type EncodingFault } from './closing-writer.ts';

export interface ClosingExport {
  selection: ClosingSelection;
  kind: ClosingFileKind;
}

const BLOCK_ROWS = 1000;

/**
 * Writes the file block by block and records the extraction in the audit, in the same transaction: when it does not
 * commit, the file is not to be used. `write` resolves when the receiver can take more; its error ends the extraction.
 * @throws DomainError `forbidden`; `invalid_input` with `details.places` when a value is outside CP932: then
 * nothing was written.
 */
export async function exportClosing(
  tx: Tx,
  actor: Actor,
  { selection, kind }: ClosingExport,
  write: (bytes: Buffer) => Promise<void>,
): Promise<ClosingCounts> {
  requireCapability(actor, 'closing.export');
  if (kind.format === 'office-cp932') await requireCp932(tx, actor, { selection, kind });
  const writer = new ClosingWriter(kind);
  const counts = noCounts();
  await write(writer.head());
  let block = [];
  for await (const row of streamClosingRows(tx, actor, selection, BLOCK_ROWS)) {
    countRow(counts, row);
    block.push(row);
    if (block.length < BLOCK_ROWS) continue;
    await write(writer.block(block));
    block = [];
  }
  await write(writer.block(block));
  if (writer.faults.length > 0) throw outsideCp932(writer);
  await recordAct(tx, actor, {
    act: 'closing.exported',
    subject: `closing-day:${selection.closingDay}`,
    detail: {
      format: kind.format,
      identifiers: kind.identifiers ?? null,
      customerNumber: selection.customerNumber ?? null,
      rounding: selection.rounding ?? null,
      closings: selection.closings.map(({ closesOn }) => closesOn),
      ...counts,
    },
  });
  return counts;
}

/** Area names are the only free text in a closing: only when one of them cannot be written are the rows looked through. */
async function requireCp932(
  tx: Tx,
  actor: Actor,
  { selection, kind }: ClosingExport,
): Promise<void> {
  const names = await listAreaNames(tx, actor);
  if (names.every((name) => charactersOutsideCp932(name).length === 0)) return;
  const writer = new ClosingWriter(kind);
  for await (const row of streamClosingRows(tx, actor, selection, BLOCK_ROWS)) writer.block([row]);
  if (writer.faults.length > 0) throw outsideCp932(writer);
}

function outsideCp932({ faults }: ClosingWriter): DomainError {
  const [first] = faults;
  return new DomainError(
    'invalid_input',
    `row ${first?.row}, column ${first?.column}: CP932 has no "${first?.characters.join('')}"; choose UTF-8, or change the name in the register`,
    { places: faults, faults: faults.map(faultOf) },
  );
}

/** As the API names the faults of an input: row and column, the characters and the value they stand in. */
function faultOf({ row, column, value, characters }: EncodingFault): {
  field: string;
  message: string;
} {
  return { field: `${row}.${column}`, message: `${characters.join('')} (${value})` };
}
