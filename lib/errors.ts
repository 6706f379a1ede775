/** The product's refusals: a closed list of codes with their details. */

/** Fault of one field of an input. */
export interface FieldFault {
  /** Name of the field in the input: `month`, `pressureMinPa`, `newMeter.size`. */
  field: string;
  message: string;
  /** Reason as one word, for programs and for pages in other languages; undefined when there is none. */
  reason?: FaultReason;
}

/** Reasons of changes of a supply point, beside those of an exchange of meters. */
const CHANGE_FAULTS = [
  'occupied',
  'occupied-elsewhere',
  'not-open',
  'not-closed',
  'no-change',
  'changed-later',
  'no-meter',
  'meter-there',
  'beyond-readings',
] as const;

/** Of a decision on the usage of a row. */
export const DECISION_FAULTS = [
  'already-read',
  'below-reading',
  'not-one-meter',
  'final-row',
  'decimals',
  'already-issued',
  'not-billed',
  'corrected-already',
] as const;

/** Reasons of an exchange of meters alone. */
const EXCHANGE_FAULTS = [
  'beyond-dial',
  'unregistered',
  'registered',
  'other-gas',
  'fitted-elsewhere',
  'same-meter',
] as const;
/** Of edits of readings alone. */
const EDIT_FAULT_REASONS = [
  'closing-issued',
  'not-received',
  'not-in-doubt',
  'other-register',
  'not-fitted',
  'edited-alike',
] as const;

/** True for a reason that no change of the register has. */
export function isEditFault(reason: FaultReason): reason is (typeof EDIT_FAULT_REASONS)[number] {
  return EDIT_FAULT_REASONS.some((each) => each === reason);
}

/**
 * Reasons for which a well-formed field is refused.
 * - `to-come`: an instant in the future. - `too-early`: an instant before the one that it must follow.
 * - `beyond-dial`: a register that the meter's dial cannot show. - `unregistered`: required, because the named meter is
 *   not registered.
 * - `registered`: not allowed, because it is registered. - `other-gas`: of another gas kind. - `fitted-elsewhere`:
 *   fitted elsewhere then.
 * - `same-meter`: the removed meter itself. - `key-used`: the key of another request.
 * - `closing-filed`: a file exists of a closing that the input does not name.
 * - `closing-issued`: an edit of a reading concerns an issued closing that the input does not name.
 * - `not-received`: no register is stored there. - `not-in-doubt`: no rule doubts a register of it.
 * - `other-register`: the stored register is another one meanwhile. - `not-fitted`: the meter was not fitted then.
 * - `edited-alike`: an edit that says the same stands already.
 * - `already-read`: the closing has a reading that gives a usage. - `below-reading`: less than a reading of the period says.
 * - `not-one-meter`: the period has another meter, or none, or nothing to count from. - `final-row`: no later row would
 *   settle it. - `decimals`: more decimals than the row is billed with.
 * - `not-billed`: so many closings were not issued with a usage. - `corrected-already`: another correction of one of them
 *   stands.
 */
export const FAULT_REASONS = [
  ...(['to-come', 'too-early', 'key-used', 'closing-filed'] as const),
  ...EXCHANGE_FAULTS,
  ...CHANGE_FAULTS,
  ...DECISION_FAULTS,
  ...EDIT_FAULT_REASONS,
] as const;
export type FaultReason = (typeof FAULT_REASONS)[number];

/** True for a reason that an exchange of meters alone has. */
export function isExchangeFault(reason: FaultReason): reason is (typeof EXCHANGE_FAULTS)[number] {
  return EXCHANGE_FAULTS.some((each) => each === reason);
}

/** True for a reason of a decision on the usage of a row. */
export function isDecisionFault(reason: FaultReason): reason is (typeof DECISION_FAULTS)[number] {
  return DECISION_FAULTS.some((each) => each === reason);
}

/** True for a reason of a change of a supply point. */
export function isChangeFault(reason: FaultReason): reason is (typeof CHANGE_FAULTS)[number] {
  return CHANGE_FAULTS.some((each) => each === reason);
}

/** Fault of one row of a file. */
export interface RowFault {
  /** Row as in a spreadsheet: the header is row 1. */
  row: number;
  /** Undefined for the whole row. */
  column?: string | undefined;
  message: string;
}

/** A value that cannot be written to a file: its encoding lacks characters, or the layout has no room for it. */
export interface EncodingFault {
  /** Row as in a spreadsheet: the header is row 1. */
  row: number;
  column: string;
  value: string;
  characters: string[];
  /** Why it cannot be written; undefined: the encoding lacks the characters. */
  problem?: string;
}

/** What was not found or is in conflict, by names of the register: `{ meterId: 7 }`. */
type Named = Readonly<Record<string, string | number>>;

/** Details of a refusal by its code. `app/respond.ts` maps each code to a status. */
export interface ErrorDetails {
  unauthenticated: Readonly<Record<string, never>>;
  /** The missing right, when a single right would be enough. */
  forbidden: { capability?: string };
  not_found: Named;
  /** The invalid fields, when known; `encodingFaults` when a file's encoding lacks characters. */
  invalid_input: { faults?: readonly FieldFault[]; encodingFaults?: readonly EncodingFault[] };
  too_large: Readonly<Record<string, never>>;
  /**
   * `constraint`: the database constraint; `number`, `login`: what is taken; `faults`: refused rows of a file;
   * `fields`: fields of an input that do not fit what is registered; `retryAfterS`: another request in conflict is
   * still running.
   */
  conflict: {
    constraint?: string;
    number?: string;
    login?: string;
    faults?: readonly RowFault[];
    fields?: readonly FieldFault[];
    retryAfterS?: number;
  };
  /** End of the lock: ISO 8601, JST. */
  locked: { until: string; retryAfterS: number };
  /** `own` when the caller uses its whole share, `all` when others are served first. */
  busy: { scope: 'own' | 'all'; retryAfterS: number };
  /** `committed`: days stored before the stop; the others name a key that cannot be read, and why. */
  unavailable: {
    retryAfterS?: number;
    committed?: number;
    utilityCode?: string;
    variable?: string;
    cause?: string;
  };
}

/** The closed list of refusal codes. */
export type ErrorCode = keyof ErrorDetails;

/** Details may be omitted when all of them are optional. */
type GivenDetails<C extends ErrorCode> = C extends 'locked' | 'busy'
  ? [details: ErrorDetails[C]]
  : [details?: ErrorDetails[C]];

/** Any refusal; its code determines its details. */
export type Refusal = { [C in ErrorCode]: DomainError<C> }[ErrorCode];

const BRAND = Symbol.for('kenshin.DomainError');

/**
 * A refusal that a person or a program can act upon; anything else thrown is an internal error. A built server has
 * several copies of this class, one per bundle: `instanceof` compares the brand, which all share.
 */
export class DomainError<C extends ErrorCode = ErrorCode> extends Error {
  readonly code: C;
  readonly details: Readonly<ErrorDetails[C]>;
  readonly [BRAND] = true;

  constructor(code: C, message: string, ...[details]: GivenDetails<C>) {
    super(message);
    this.name = 'DomainError';
    this.code = code;
    this.details = (details ?? {}) as ErrorDetails[C];
  }

  static override [Symbol.hasInstance](value: unknown): value is Refusal {
    return typeof value === 'object' && value !== null && BRAND in value;
  }
}

/** Refusal of an input, field by field. */
export function invalidInput(faults: readonly FieldFault[]): DomainError<'invalid_input'> {
  const message = faults.map((fault) => `${fault.field}: ${fault.message}`).join('; ');
  return new DomainError('invalid_input', message, { faults });
}

/** Refusal of one field whose message does not begin with its name. */
export function invalidField(
  field: string,
  message: string,
  reason?: FaultReason,
): DomainError<'invalid_input'> {
  const fault = { field, message, ...(reason && { reason }) };
  return new DomainError('invalid_input', message, { faults: [fault] });
}

/** Refusal of one field that is valid by itself, but not with what is registered. */
export function conflictingField(
  field: string,
  message: string,
  reason: FaultReason,
): DomainError<'conflict'> {
  return new DomainError('conflict', message, { fields: [{ field, message, reason }] });
}

/** Error code of the system (`ENOENT`) or the database (`40001`); undefined without one. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Message of an error; the text of another thrown value. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
