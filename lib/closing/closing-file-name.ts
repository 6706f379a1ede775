/** Names of closing files: what differs between two files of one utility differs in their names. */
import type { UsageRounding } from './billed-usage.ts';
import { type ClosingFileKind, closingLayout } from './closing-file.ts';

/**
 * Version of a closing that a file has: the number of a stored run, or `draft` while reports are awaited. Undefined: as
 * the readings were when the file was made.
 */
export type ClosingIssue = { run: number } | 'draft';

export interface NamedClosingFile {
  utilityCode: string;
  /** Days of the closings, in order. */
  closesOn: readonly string[];
  kind: ClosingFileKind;
  /** Given when it overrides that of the tariffs. */
  rounding?: UsageRounding | undefined;
  issue?: ClosingIssue | undefined;
}

/**
 * closing-tokyo-2026-10-20-excel-cp932.csv: utility, closing, issue, rounding, layout. Names of one utility sort by
 * closing. Several closings are named from the first to the last (2026-01-05-to-2026-06-05), none is `none`.
 */
export function closingFileName(file: NamedClosingFile): string {
  const { utilityCode, closesOn, kind, rounding, issue } = file;
  const parts = ['closing', utilityCode, daysOf(closesOn)];
  if (issue !== undefined) parts.push(issue === 'draft' ? issue : `run${issue.run}`);
  if (rounding !== undefined) parts.push(rounding);
  return `${[...parts, closingLayout(kind)].join('-')}.csv`;
}

function daysOf(closesOn: readonly string[]): string {
  const [first] = closesOn;
  const last = closesOn.at(-1);
  if (first === undefined || last === undefined) return 'none';
  return first === last ? first : `${first}-to-${last}`;
}
