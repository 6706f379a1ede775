/** Numbers of customers, places and meters that are filled up with zeros, so that two could become one. */
import { IDENTIFIER_FIELDS, type LayoutBody, type LayoutColumn } from './layout.ts';
import type { LayoutCell, LayoutRow } from './layout-cell.ts';

interface PaddedColumn {
  field: (typeof IDENTIFIER_FIELDS)[number];
  /** Of a column of fixed width that is filled with zeros; 0: it is not. */
  width: number;
  /** Numbers as registered, by the text they are written as. */
  registered: Map<string, string>;
}

/** Zeros that were put before a number begin it: only numbers that begin with one can become the same. */
const ZERO_FIRST = /^[-▲]?0/;

export class PaddedIdentifiers {
  /** By the place of the column. */
  readonly #columns = new Map<number, PaddedColumn>();

  constructor({ form, columns }: LayoutBody) {
    for (const [at, column] of columns.entries()) {
      const field = IDENTIFIER_FIELDS.find((each) => each === column.field);
      const width = widthOf(form, column);
      if (field && (width > 0 || column.digits !== undefined)) {
        this.#columns.set(at, { field, width, registered: new Map() });
      }
    }
  }

  /** The cell of a column; a fault where another number of an earlier row is written as the same text. */
  distinct(row: LayoutRow, at: number, cell: LayoutCell): LayoutCell {
    const column = this.#columns.get(at);
    const own = column && row[column.field];
    if (!column || !own || cell.problem) return cell;
    const written = withZeros(cell.text, column.width);
    if (!ZERO_FIRST.test(written)) return cell;
    const other = column.registered.get(written);
    if (other === undefined) column.registered.set(written, own);
    if (other === undefined || other === own) return cell;
    return { text: own, problem: { reason: 'same', other, written } };
  }
}

/** Bytes that are filled with zeros; 0: none are. */
function widthOf(form: LayoutBody['form'], { fill, width = 0 }: LayoutColumn): number {
  return form === 'fixed' && fill === 'zero' ? width : 0;
}

/** As the lines fill a fixed width; what is too wide is a fault of its own. */
function withZeros(text: string, width: number): string {
  const sign = /^[-▲]/.exec(text)?.[0] ?? '';
  return sign + text.slice(sign.length).padStart(width - sign.length, '0');
}
