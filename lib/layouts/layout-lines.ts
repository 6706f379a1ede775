/**
 * Lines of a closing file in a layout of the utility, as text, with what does not fit. Pure: how many bytes a text has is
 * told by the encoding that is given, so that a page shows the very lines of the file.
 */
import {
  hasCorrection,
  IDENTIFIER_FIELDS,
  type LayoutBody,
  type LayoutColumn,
  type LayoutField,
  NUMBER_FIELDS,
} from './layout.ts';
import {
  type CellOf,
  cellOf,
  type LayoutCell,
  type LayoutProblem,
  type LayoutRow,
} from './layout-cell.ts';
import { PaddedIdentifiers } from './padded-identifiers.ts';

/** What a layout has to know of an encoding. */
export interface TextMeasure {
  /** Bytes of a text that can be written. */
  size(text: string): number;
  /** Characters that it lacks, each once. */
  outside(text: string): string[];
}

/** A value that cannot be written as the layout says. */
export interface LayoutFault {
  /** Line of the file, from 1. */
  row: number;
  column: string;
  value: string;
  problem: LayoutProblem;
}

export interface LayoutLine {
  text: string;
  faults: LayoutFault[];
}

const SEPARATORS = { comma: ',', tab: '\t', semicolon: ';', fixed: '' } as const;
/** Beginning of a field that a spreadsheet computes; a Japanese one also computes full-width signs. */
const COMPUTED = /^[=+\-@＝＋－−＠]/;
const IDENTIFIERS: readonly LayoutField[] = [
  ...IDENTIFIER_FIELDS,
  'readClock',
  'previousReadClock',
];
/** Text of people, also the codes that they chose; headers are fixed texts. */
const FREE_TEXTS: readonly LayoutField[] = [
  'areaName',
  'fixedText',
  'quality',
  'previousQuality',
  'basis',
  'kind',
  'remarks',
];

interface CompiledColumn {
  column: LayoutColumn;
  cell: CellOf;
}

export class LayoutLines {
  readonly #body: LayoutBody;
  readonly #measure: TextMeasure;
  readonly #columns: readonly CompiledColumn[];
  readonly #hasCorrection: boolean;
  readonly #padded: PaddedIdentifiers;

  constructor(body: LayoutBody, measure: TextMeasure) {
    this.#body = body;
    this.#measure = measure;
    this.#columns = body.columns.map((column) => ({ column, cell: cellOf(body, column) }));
    this.#hasCorrection = hasCorrection(body);
    this.#padded = new PaddedIdentifiers(body);
  }

  /** The line of headers; undefined for a layout without. */
  head(): LayoutLine | undefined {
    if (!this.#body.header) return undefined;
    const headers = this.#columns.map(({ column }) => ({
      column: { ...column, field: 'fixedText' as const, fill: 'space' as const },
      cell: { text: column.header },
    }));
    return this.#line(1, headers);
  }

  /** The line of a row, after those before it. @param index its place, from 0 */
  line(row: LayoutRow, index: number): LayoutLine {
    const fields = this.#columns.map(({ column, cell }, at) => ({
      column,
      cell: this.#padded.distinct(row, at, cell(row, index + 1)),
    }));
    const line = this.#line(index + (this.#body.header ? 2 : 1), fields);
    if (row.correctionL !== null && !this.#hasCorrection) {
      line.faults.push(lostCorrection(row.correctionL, index + (this.#body.header ? 2 : 1)));
    }
    return line;
  }

  #line(row: number, fields: readonly { column: LayoutColumn; cell: LayoutCell }[]): LayoutLine {
    const faults: LayoutFault[] = [];
    const texts = fields.map(({ column, cell }) => {
      const { text, problem } = this.#field(column, cell);
      if (problem) faults.push({ row, column: nameOf(column), value: cell.text, problem });
      return text;
    });
    return { text: texts.join(SEPARATORS[this.#body.form]), faults };
  }

  #field(column: LayoutColumn, cell: LayoutCell): LayoutCell {
    if (cell.problem) return cell;
    const characters = this.#measure.outside(cell.text);
    if (characters.length > 0) {
      return { text: cell.text, problem: { reason: 'characters', characters } };
    }
    if (this.#body.form === 'fixed') return this.#fixed(column, cell.text);
    return this.#quoted(this.#protected(column.field, cell.text));
  }

  /** A field that no spreadsheet computes or changes. */
  #protected(field: LayoutField, text: string): string {
    const { protection } = this.#body;
    const isIdentifier = IDENTIFIERS.includes(field);
    if (text === '' || protection === 'none' || !(isIdentifier || FREE_TEXTS.includes(field))) {
      return text;
    }
    const isComputed = COMPUTED.test(text);
    if (protection === 'formula' && (isIdentifier || isComputed)) {
      return `="${text.replaceAll('"', '""')}"`;
    }
    return isComputed ? `'${text}` : text;
  }

  #quoted(text: string): LayoutCell {
    const { quoting, form } = this.#body;
    const isNeeded = text.includes('"') || text.includes(SEPARATORS[form]) || /[\r\n]/.test(text);
    if (quoting === 'none') {
      return isNeeded ? { text, problem: { reason: 'separator' } } : { text };
    }
    return { text: isNeeded || quoting === 'all' ? `"${text.replaceAll('"', '""')}"` : text };
  }

  #fixed({ field, width = 1, fill = 'space' }: LayoutColumn, text: string): LayoutCell {
    const needed = this.#measure.size(text);
    if (needed > width) return { text, problem: { reason: 'width', most: width, needed } };
    const room = width - needed;
    // What is not known is not zero.
    if (fill === 'zero' && text !== '') {
      const sign = /^[-▲]/.exec(text)?.[0] ?? '';
      return { text: sign + '0'.repeat(room) + text.slice(sign.length) };
    }
    const wide = fill === 'wide' ? this.#measure.size('　') : 0;
    const filled =
      wide === 0
        ? ' '.repeat(room)
        : '　'.repeat(Math.floor(room / wide)) + ' '.repeat(room % wide);
    return { text: NUMBER_FIELDS.includes(field) ? filled + text : text + filled };
  }
}

/** A correction is to be billed: a file that does not say it is not written. */
function lostCorrection(litres: number, row: number): LayoutFault {
  return { row, column: 'correction', value: `${litres} L`, problem: { reason: 'correction' } };
}

/** How a fault names a column: by its header, else by its field. */
function nameOf({ header, field }: LayoutColumn): string {
  return header === '' ? field : header;
}
