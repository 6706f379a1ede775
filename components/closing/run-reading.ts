/** What the list of runs and of their differences says about each of them. Pure. */
import { formatIndexM3 } from '../../lib/closing/billed-usage.ts';
import {
  CLOSING_LAYOUTS,
  type ClosingLayout,
  closingLayout,
} from '../../lib/closing/closing-file.ts';
import type { FileChoice } from '../../lib/closing/file-choice.ts';
import type { ClosingDifferenceWire, ClosingRunWire } from '../../lib/closing/run-wire.ts';

/**
 * The run of the whole closing that is valid, with which today's readings are compared. A run of one customer, or one
 * that another superseded, is not.
 */
export function validRun<Run extends Pick<ClosingRunWire, 'state' | 'customerNumber'>>(
  runs: readonly Run[],
): Run | undefined {
  return runs.find(({ state, customerNumber }) => state === 'issued' && customerNumber === null);
}

/** The layout that is chosen until another is. */
export const USUAL_LAYOUT: ClosingLayout = 'excel-cp932';

/** A kind of file that was made from a run: a built-in layout, or one of the utility with its name then. */
export interface RunFileKind {
  choice: FileChoice;
  name: { builtIn: ClosingLayout | 'xlsx' } | { own: string; version: number };
}

/** Kinds of files that were made from a run, each once, the latest first. */
export function fileKindsOf(files: ClosingRunWire['files']): RunFileKind[] {
  const kinds = files.map(({ format, identifiers, layout }): [string, RunFileKind] => {
    if (format === 'layout') {
      const { layoutId = 0, version = 0, name = '' } = layout ?? {};
      const choice = { format, layout: layoutId, layoutVersion: version } as const;
      return [`${layoutId}/${version}`, { choice, name: { own: name, version } }];
    }
    if (format === 'xlsx') return [format, { choice: { format }, name: { builtIn: format } }];
    const builtIn = closingLayout({ format, ...(identifiers !== null && { identifiers }) });
    return [builtIn, { choice: CLOSING_LAYOUTS[builtIn], name: { builtIn } }];
  });
  // Of equal keys the first stays: a map keeps the place of its first, and the values are the same.
  return [...new Map(kinds).values()];
}

/** Kinds of files in which a run is offered: those that were made from it, or the usual one where none was made yet. */
export function offeredKinds(files: ClosingRunWire['files']): RunFileKind[] {
  if (files.length > 0) return fileKindsOf(files);
  return [{ choice: CLOSING_LAYOUTS[USUAL_LAYOUT], name: { builtIn: USUAL_LAYOUT } }];
}

/** A figure before and after, in m³; null where the row or the figure is not there. */
export interface FigureChange {
  from: string | null;
  to: string | null;
  isSame: boolean;
}

/** Index, billed usage and previous index of a row before and after. */
export function figuresOf({
  before,
  after,
}: Pick<ClosingDifferenceWire, 'before' | 'after'>): Record<
  'index' | 'usage' | 'previousIndex',
  FigureChange
> {
  return {
    index: change(indexText(before?.indexL), indexText(after?.indexL)),
    usage: change(before?.usageM3 ?? null, after?.usageM3 ?? null),
    previousIndex: change(indexText(before?.previousIndexL), indexText(after?.previousIndexL)),
  };
}

function indexText(indexL: number | null | undefined): string | null {
  return indexL === null || indexL === undefined ? null : formatIndexM3(indexL);
}

function change(from: string | null, to: string | null): FigureChange {
  return { from, to, isSame: from === to };
}

/** Whether a changed row was there at the issue and is there today. */
export function presenceOf({
  before,
  after,
}: Pick<ClosingDifferenceWire, 'before' | 'after'>): 'both' | 'came' | 'went' {
  if (before === null) return 'came';
  return after === null ? 'went' : 'both';
}
