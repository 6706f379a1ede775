/** A closing as a workbook: the columns of the office layouts, numbers of customers and meters as text, usages as numbers. */
import { invalidField } from '../errors.ts';
import { NUMBER_FIELDS } from '../layouts/layout.ts';
import { cellOf } from '../layouts/layout-cell.ts';
import { LAYOUT_PRESETS } from '../layouts/layout-presets.ts';
import { type SheetCell, XlsxSheet } from '../office-file/xlsx-sheet.ts';
import { XLSX_MAX_ROWS } from './closing-file.ts';
import type { ClosingRow } from './closing-row.ts';

const BODY = LAYOUT_PRESETS['import-utf8'];
const COLUMNS = BODY.columns.map((column) => ({
  header: column.header,
  isNumber: NUMBER_FIELDS.includes(column.field),
  cell: cellOf(BODY, column),
}));

/** @throws DomainError `invalid_input` when a workbook would have more rows than are offered */
export function requireRoom(rows: number): void {
  if (rows <= XLSX_MAX_ROWS) return;
  throw invalidField(
    'format',
    `a workbook has at most ${XLSX_MAX_ROWS} rows, and this closing has more: take CSV, which has no such end`,
  );
}

/** Holds the compressed bytes until the end: a workbook that has too many rows is refused before its first byte. */
export class XlsxWriter {
  readonly faults = [];
  readonly #sheet = new XlsxSheet('締め日検針', COLUMNS.length);
  #rows = 0;

  head(): Buffer {
    this.#sheet.rows([COLUMNS.map(({ header }) => ({ text: header }))]);
    return Buffer.alloc(0);
  }

  /** @throws DomainError `invalid_input` for the first row too many */
  block(rows: readonly ClosingRow[]): Buffer {
    const before = this.#rows;
    this.#rows += rows.length;
    requireRoom(this.#rows);
    this.#sheet.rows(rows.map((row, at) => cellsOf(row, before + at + 1)));
    return Buffer.alloc(0);
  }

  end(): Buffer {
    return this.#sheet.end();
  }
}

function cellsOf(row: ClosingRow, lineNumber: number): SheetCell[] {
  return COLUMNS.map(({ cell, isNumber }) => {
    const { text } = cell(row, lineNumber);
    if (text === '') return null;
    return isNumber ? { number: text } : { text };
  });
}
