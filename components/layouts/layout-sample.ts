/** Lines of a layout on rows of a closing, as the file would have them. Pure. */
import type { LayoutBody } from '../../lib/layouts/layout.ts';
import type { LayoutRow } from '../../lib/layouts/layout-cell.ts';
import { type LayoutFault, LayoutLines, type TextMeasure } from '../../lib/layouts/layout-lines.ts';
import { cp932Size, outsideCp932 } from '../../lib/office-file/cp932-table.ts';

const CP932: TextMeasure = { size: cp932Size, outside: outsideCp932 };
const encoder = new TextEncoder();
const UTF8: TextMeasure = {
  size: (text) => encoder.encode(text).length,
  outside: (text) => [...new Set(text.match(/\p{Cs}/gu))],
};

/** What the encoding of a layout has. */
export function measureOnPage(encoding: LayoutBody['encoding']): TextMeasure {
  return encoding === 'cp932' ? CP932 : UTF8;
}

export function previewOf(
  body: LayoutBody,
  rows: readonly LayoutRow[],
): { lines: string[]; faults: LayoutFault[] } {
  const layout = new LayoutLines(body, measureOnPage(body.encoding));
  const head = layout.head();
  const lines = [...(head ? [head] : []), ...rows.map((row, at) => layout.line(row, at))];
  return { lines: lines.map(({ text }) => text), faults: lines.flatMap(({ faults }) => faults) };
}

/** Rows that are shown first. */
const FIRST = 3;
const DIFFICULT: readonly ((row: LayoutRow) => boolean)[] = [
  ({ kind }) => kind === 'final',
  ({ usageL }) => usageL === null,
  ({ correctionL }) => correctionL !== null,
  ({ previousDifferenceL }) => previousDifferenceL !== null && previousDifferenceL < 0,
  ({ quality }) => quality === 'substituted',
  ({ quality }) => quality === 'awaited',
  ({ remarks }) => remarks.length > 1,
  ({ terminalNumber }) => terminalNumber === null,
];

/** The first rows, and one for each kind of value that is difficult to write. */
export function sampleOf(rows: readonly LayoutRow[]): LayoutRow[] {
  const difficult = DIFFICULT.flatMap((isOne) => rows.find(isOne) ?? []);
  return [...new Set([...rows.slice(0, FIRST), ...difficult])];
}
