/**
 * Encodes rows of a closing as bytes, block by block. A value that CP932 lacks is not replaced: row and column are
 * recorded, and no more bytes are returned.
 */
import type { EncodingFault } from '../errors.ts';
import { charactersOutsideCp932, encodeCp932 } from '../office-file/cp932.ts';
import type { ClosingFileKind } from './closing-file.ts';
import { closingColumns, closingLineEnd } from './closing-file.ts';
import type { ClosingRow } from './closing-row.ts';

const BYTE_ORDER_MARK = '\uFEFF';

/** Maximum number of recorded faults. */
const MAX_FAULTS = 100;

export class ClosingWriter {
  readonly faults: EncodingFault[] = [];
  readonly #kind: ClosingFileKind;
  readonly #columns;
  readonly #lineEnd: string;
  #rows = 1;

  constructor(kind: ClosingFileKind) {
    this.#kind = kind;
    this.#columns = closingColumns(kind);
    this.#lineEnd = closingLineEnd(kind.format);
  }

  head(): Buffer {
    const line = this.#columns.map(({ header }) => header).join(',') + this.#lineEnd;
    return this.#bytes(this.#kind.format === 'office-utf8' ? BYTE_ORDER_MARK + line : line);
  }

  /** Bytes of the rows; empty once there are faults. */
  block(rows: readonly ClosingRow[]): Buffer {
    let lines = '';
    for (const row of rows) {
      let separator = '';
      for (const column of this.#columns) {
        lines += separator + column.field(row);
        separator = ',';
      }
      lines += this.#lineEnd;
    }
    const bytes = this.#encoded(lines);
    if (bytes === null) this.#noteFaults(rows);
    this.#rows += rows.length;
    return bytes === null || this.faults.length > 0 ? Buffer.alloc(0) : bytes;
  }

  end(): Buffer {
    return Buffer.alloc(0);
  }

  #bytes(text: string): Buffer {
    const bytes = this.#encoded(text);
    if (bytes === null) throw new Error('the header of a closing file is not CP932');
    return bytes;
  }

  #encoded(text: string): Buffer | null {
    if (this.#kind.format !== 'office-cp932') return Buffer.from(text, 'utf8');
    const encoded = encodeCp932(text);
    return encoded.ok ? encoded.bytes : null;
  }

  #noteFaults(rows: readonly ClosingRow[]): void {
    for (const [at, row] of rows.entries()) {
      for (const { header, field } of this.#columns) {
        const characters = charactersOutsideCp932(field(row));
        if (characters.length === 0 || this.faults.length >= MAX_FAULTS) continue;
        this.faults.push({
          row: this.#rows + at + 1,
          column: header,
          value: field(row),
          characters,
        });
      }
    }
  }
}
