/** Visible content of a data table as CSV text. */
import { csvField, freeTextField, identifierField } from '../../lib/office-file/csv-field.ts';
import { type ColumnKind, type DataColumn, nameWithUnit } from './data-column.ts';

/**
 * The given columns and rows in their order: RFC 4180 with CRLF, and a byte-order mark so that office programs read it
 * as UTF-8. Identifiers keep their leading zeros in Excel, and no text is evaluated as a formula.
 */
export function tableCsv<Row>(
  columns: readonly DataColumn<Row, string>[],
  rows: readonly Row[],
): string {
  const head = columns.map((column) => csvField(nameWithUnit(column)));
  const lines = rows.map((row) => columns.map(({ kind, text }) => field(text(row), kind)));
  return `\uFEFF${[head, ...lines].map((fields) => `${fields.join(',')}\r\n`).join('')}`;
}

function field(text: string, kind: ColumnKind = 'text'): string {
  switch (kind) {
    case 'figure':
    case 'time':
      return csvField(text);
    case 'identifier':
      return identifierField(text, 'excel');
    case 'text':
      return freeTextField(text, 'excel');
  }
}
