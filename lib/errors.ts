/** The product's refusals: a closed list of codes, and what each carries beside its message. */

/** What is wrong with one field of an input. */
export interface FieldFault {
  /** As the input names it: `month`, `pressureMinPa`, `newMeter.size`. */
  field: string;
  message: string;
  /** The message's meaning in one word, for programs and for pages in other languages; where there is one. */
  reason?: FaultReason;
}

/**
 * What can be wrong with a field beside its form.
 * - `to-come`: an instant that is still to come. - `too-early`: an instant before what it follows.
 * - `beyond-dial`: a register that the meter's dial cannot show. - `unregistered`: needed, as the thing named is not registered.
 * - `registered`: not to be given, as it is. - `other-gas`: of another gas kind. - `fitted-elsewhere`: it is somewhere else then.
 * - `same-meter`: the meter that is removed itself. - `key-used`: the key of another request.
 * - `closing-filed`: a file was made of a closing that the input does not name.
 */
export const FAULT_REASONS = [
  'to-come',
  'too-early',
  'beyond-dial',
  'unregistered',
  'registered',
  'other-gas',
  'fitted-elsewhere',
  'same-meter',
  'key-used',
  'closing-filed',
] as const;
export type FaultReason = (typeof FAULT_REASONS)[number];

/** What is wrong with one row of a file. */
export interface RowFault {
  /** As a spreadsheet counts: the header is row 1. */
  row: number;
  /** Absent where the whole row is meant. */
  column?: string | undefined;
  message: string;
}

/** A value with characters that the encoding of a file lacks. */
export interface EncodingFault {
  /** As a spreadsheet counts: the header is row 1. */
  row: number;
  column: string;
  value: string;
  characters: string[];
}

/** What was looked for or is in the way, by the names of the register: `{ meterId: 7 }`. */
type Named = Readonly<Record<string, string | number>>;

/** What a refusal carries, by its code. `app/respond.ts` maps each code to a status. */
export interface ErrorDetails {
  unauthenticated: Readonly<Record<string, never>>;
  /** The right that the actor lacks, where one right would be enough. */
  forbidden: { capability?: string };
  not_found: Named;
  /** The fields at fault, where they are known; `places` where a file's encoding lacks characters. */
  invalid_input: { faults?: readonly FieldFault[]; places?: readonly EncodingFault[] };
  too_large: Readonly<Record<string, never>>;
  /**
   * `constraint`: the rule of the database; `number`, `login`: what is taken; `faults`: the rows of a file that are refused;
   * `fields`: the fields of an input that do not fit what is there; `retryAfterS`: what is in the way is being worked on.
   */
  conflict: {
    constraint?: string;
    number?: string;
    login?: string;
    faults?: readonly RowFault[];
    fields?: readonly FieldFault[];
    retryAfterS?: number;
  };
  /** Until when: ISO 8601, JST. */
  locked: { until: string; retryAfterS: number };
  /** `own` when the caller itself has as much running as it may, `all` when others are served first. */
  busy: { scope: 'own' | 'all'; retryAfterS: number };
  /** `committed`: days that were stored before it stopped; the others name a key that cannot be read, and why. */
  unavailable: {
    retryAfterS?: number;
    committed?: number;
    utilityCode?: string;
    variable?: string;
    cause?: string;
  };
}

/** The closed list of ways in which the product says no. */
export type ErrorCode = keyof ErrorDetails;

/** Details may be left out where none of them has to be there. */
type GivenDetails<C extends ErrorCode> = C extends 'locked' | 'busy'
  ? [details: ErrorDetails[C]]
  : [details?: ErrorDetails[C]];

/** Any refusal; its code tells which details it has. */
export type Refusal = { [C in ErrorCode]: DomainError<C> }[ErrorCode];

const BRAND = Symbol.for('kenshin.DomainError');

/**
 * A refusal that a person or a calling system can act upon; anything else thrown is a fault of ours.
 * A built server holds several copies of this class, one per bundle: `instanceof` asks for the brand, which all share.
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

/** The refusal of an input, field by field. */
export function invalidInput(faults: readonly FieldFault[]): DomainError<'invalid_input'> {
  const message = faults.map((fault) => `${fault.field}: ${fault.message}`).join('; ');
  return new DomainError('invalid_input', message, { faults });
}

/** The refusal of one field whose message needs no name before it. */
export function invalidField(
  field: string,
  message: string,
  reason?: FaultReason,
): DomainError<'invalid_input'> {
  const fault = { field, message, ...(reason && { reason }) };
  return new DomainError('invalid_input', message, { faults: [fault] });
}

/** The refusal of one field of an input that fits in itself, but not with what is registered. */
export function conflictingField(
  field: string,
  message: string,
  reason: FaultReason,
): DomainError<'conflict'> {
  return new DomainError('conflict', message, { fields: [{ field, message, reason }] });
}

/** The code that the system (`ENOENT`) or the database (`40001`) gave an error; undefined where it has none. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** What an error says; of another thrown value its text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
