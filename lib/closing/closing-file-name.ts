/** Names of closing files: what differs between two files of one utility differs in their names. */
import type { UsageRounding } from './billed-usage.ts';
import { type FileKind, fileEnding, layoutName } from './file-kind.ts';

/** What a file was made from: stored runs, one for each closing with rows, or a draft, of which nothing was issued. */
export type ClosingIssue = { runs: readonly number[] } | 'draft';

export interface NamedClosingFile {
  utilityCode: string;
  /** Days of the closings, in order. */
  closesOn: readonly string[];
  kind: FileKind;
  /** Given when it overrides that of the tariffs. */
  rounding?: UsageRounding | undefined;
  issue: ClosingIssue;
}

/**
 * closing-tokyo-2026-10-20-run12-excel-cp932.csv: utility, closing, issue, rounding, layout. Names of one utility sort
 * by closing. Several closings are named from the first to the last (2026-01-05-to-2026-06-05), none is `none`; several
 * runs likewise (run12-to-17).
 */
export function closingFileName(file: NamedClosingFile): string {
  const { utilityCode, closesOn, kind, rounding, issue } = file;
  const parts = ['closing', utilityCode, daysOf(closesOn)];
  if (issue === 'draft') parts.push(issue);
  else if (issue.runs.length > 0) parts.push(`run${fromTo(issue.runs)}`);
  if (rounding !== undefined) parts.push(rounding);
  return `${[...parts, layoutName(kind)].join('-')}.${fileEnding(kind)}`;
}

function daysOf(closesOn: readonly string[]): string {
  return closesOn.length === 0 ? 'none' : fromTo(closesOn);
}

function fromTo(values: readonly (string | number)[]): string {
  const [first, last] = [values[0], values.at(-1)];
  return first === last ? String(first) : `${first}-to-${last}`;
}
