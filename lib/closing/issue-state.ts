/** States of an issue of closings that the worker carries out, and why one fails. Pure. */
import { DomainError, type ErrorDetails, type FieldFault } from '../errors.ts';

/**
 * `waiting`: for the worker. `making`: it is being made, or is begun again after a worker ended. `issued`: its runs are
 * there. `failed`, `cancelled`: nothing was issued.
 */
export const ISSUE_STATES = ['waiting', 'making', 'issued', 'failed', 'cancelled'] as const;
export type IssueState = (typeof ISSUE_STATES)[number];

/** True until it has ended. */
export function isOpenIssue(state: IssueState): boolean {
  return state === 'waiting' || state === 'making';
}

/**
 * `reading`: rows are made from the readings. `figures`: usages are computed. `file`: rows are tried in the wanted
 * file. `storing`: it is committed.
 */
export const ISSUE_PHASES = ['reading', 'figures', 'file', 'storing'] as const;
export type IssuePhase = (typeof ISSUE_PHASES)[number];

/** How far an issue is. */
export interface IssueAt {
  phase: IssuePhase;
  /** The closing that is being made. */
  makingOn: string;
  /** Rows of that closing that the phase is done with, and all of them; null: not known. */
  rowsDone: number | null;
  rowsTotal: number | null;
}

/**
 * `right-ended`: the one who asked may issue no more. `no-rows`: there is nothing to issue. `does-not-fit`: a row does not
 * fit the wanted file. `too-many-rows`: for a workbook. `refused`: by a rule. `fault`: of the program or the database.
 * `worker-ended`: it ended several times.
 */
export const ISSUE_FAILURES = [
  ...(['right-ended', 'no-rows', 'does-not-fit', 'too-many-rows', 'refused'] as const),
  ...(['fault', 'worker-ended'] as const),
];
export type IssueFailureReason = (typeof ISSUE_FAILURES)[number];

export interface IssueFailure {
  failure: IssueFailureReason;
  detail: string;
  /** Values that do not fit: row and column of the file, as `3.地区`. */
  faults: readonly FieldFault[];
}

/** Attempts after which an issue whose worker ended each time is not begun again. */
export const MOST_ATTEMPTS = 5;
/** Attempts after which a fault ends an issue. */
const MOST_FAULTS = 3;
/** Faults that are stored. */
const STORED_FAULTS = 50;

/** An end of an issue that its reason explains. */
export class IssueRefused extends Error {
  override readonly name = 'IssueRefused';
  readonly failure: IssueFailureReason;

  constructor(failure: IssueFailureReason, message: string) {
    super(message);
    this.failure = failure;
  }
}

/** Why an attempt with this number ends its issue; undefined: it is to be tried again. */
export function failureOf(error: unknown, attempt: number): IssueFailure | undefined {
  const detail = error instanceof Error ? error.message : String(error);
  if (error instanceof IssueRefused) return { failure: error.failure, detail, faults: [] };
  if (error instanceof DomainError) {
    if (!('encodingFaults' in error.details)) return { failure: 'refused', detail, faults: [] };
    const { faults = [] }: ErrorDetails['invalid_input'] = error.details;
    return { failure: 'does-not-fit', detail, faults: faults.slice(0, STORED_FAULTS) };
  }
  return attempt < MOST_FAULTS ? undefined : { failure: 'fault', detail, faults: [] };
}
