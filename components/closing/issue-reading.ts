/** What the page says of an issue of closings. Pure. */
import type { FileChoice } from '../../lib/closing/file-choice.ts';
import { type IssuePhase, isOpenIssue } from '../../lib/closing/issue-state.ts';
import type { ClosingIssueWire } from '../../lib/closing/issue-wire.ts';

/** Time without a word of the worker after which the page says so, milliseconds. */
const SILENT_MS = 15_000;
/** Time for which an issue that has ended is shown beside the button, milliseconds. */
const SHOWN_MS = 24 * 3_600_000;

/**
 * What an open issue is at: `no-worker`: no worker runs. `queued`: it waits for its turn. `stalled`: its worker has not
 * been heard of. Otherwise the phase.
 */
export type IssueStep = 'no-worker' | 'queued' | 'stalled' | IssuePhase;

type OpenIssue = Pick<
  ClosingIssueWire,
  'state' | 'phase' | 'hasWorker' | 'heartbeatAt' | 'asOf' | 'rowsDone' | 'rowsTotal'
>;

export function issueStep(issue: OpenIssue): IssueStep {
  const { state, phase, hasWorker, heartbeatAt, asOf } = issue;
  const isHeard = heartbeatAt !== null && Date.parse(asOf) - Date.parse(heartbeatAt) <= SILENT_MS;
  if (state === 'making' && isHeard) return phase ?? 'reading';
  if (!hasWorker) return 'no-worker';
  return state === 'making' ? 'stalled' : 'queued';
}

/** Rows that have their figures, of how many; undefined while that is not known, or not what the step counts. */
export function issueRows(issue: OpenIssue): { done: number; total: number } | undefined {
  const { rowsDone, rowsTotal } = issue;
  if (issueStep(issue) !== 'figures' || rowsDone === null || rowsTotal === null) return undefined;
  return { done: rowsDone, total: rowsTotal };
}

/** The file that was wanted of an issue. */
export function choiceOfIssue({
  format,
  identifiers,
  layout,
}: Pick<ClosingIssueWire, 'format' | 'identifiers' | 'layout'>): FileChoice {
  return {
    format,
    ...(identifiers !== null && { identifiers }),
    ...(layout !== null && { layout }),
  };
}

/** Whether an issue is shown beside the button: while it is open, and for a day after its end unless it was closed. */
export function isShownIssue(
  {
    issueId,
    state,
    endedAt,
    asOf,
  }: Pick<ClosingIssueWire, 'issueId' | 'state' | 'endedAt' | 'asOf'>,
  closedId: number,
): boolean {
  if (isOpenIssue(state)) return true;
  if (issueId <= closedId || endedAt === null) return false;
  return Date.parse(asOf) - Date.parse(endedAt) < SHOWN_MS;
}
