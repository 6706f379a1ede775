/** The one mapping of thrown values to RFC 9457 problem+json. Every problem has a reference that is also in the log. */
import { randomInt } from 'node:crypto';
import {
  DomainError,
  type ErrorCode,
  type ErrorDetails,
  type FieldFault,
  type Refusal,
  type RowFault,
} from '../lib/errors.ts';

/** Problem on the wire; `faults` names the invalid fields of an input, or rows and columns of a file. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: ErrorCode | 'internal';
  detail: string;
  reference: string;
  faults?: readonly FieldFault[];
  /** The right that the caller lacks. */
  capability?: string;
  until?: string;
  /** Seconds after which a retry is allowed; also the header `Retry-After`. */
  retryAfterS?: number;
}

/** Log for problems; pino fits. */
export interface ProblemLog {
  error(fields: Record<string, unknown>, message: string): void;
  info(fields: Record<string, unknown>, message: string): void;
}

/** Characters of a client's text that a log line keeps. */
const TEXT_LENGTH = 200;
/** An API key, which a client may put into an address by mistake. */
const KEY = /kenshin_[\w-]{43}/g;

/**
 * The log with the origin of a request (`where`) in each line. Text of the client, its path and words in the detail, is
 * cut and stripped of keys.
 */
export function logOf(log: ProblemLog, where: Record<string, unknown>): ProblemLog {
  const line = (fields: Record<string, unknown>): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries({ ...fields, ...where }).map(([name, value]) => [
        name,
        typeof value === 'string' ? value.replace(KEY, 'kenshin_…').slice(0, TEXT_LENGTH) : value,
      ]),
    );
  return {
    error: (fields, message) => log.error(line(fields), message),
    info: (fields, message) => log.info(line(fields), message),
  };
}

const UNAUTHENTICATED = 401;
/** Status for a caller that exceeds its own share. */
const TOO_MANY_REQUESTS = 429;
/** Retry-After of a refusal that has no time of its own, seconds. */
const AWAY_RETRY_AFTER_S = 5;

const KINDS: Record<ErrorCode, { status: number; title: string }> = {
  unauthenticated: { status: UNAUTHENTICATED, title: 'Not signed in' },
  forbidden: { status: 403, title: 'Not allowed' },
  not_found: { status: 404, title: 'Not found' },
  invalid_input: { status: 400, title: 'Invalid input' },
  too_large: { status: 413, title: 'Too large' },
  conflict: { status: 409, title: 'In conflict with what is there' },
  locked: { status: 423, title: 'Locked for a while' },
  busy: { status: 503, title: 'Busy at this moment' },
  unavailable: { status: 503, title: 'Not available now' },
};

const REFERENCE_LETTERS = '23456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Reference that a person reads out to support: `K7QM-2XVD`. */
function newReference(): string {
  const letters = Array.from({ length: 8 }, () => REFERENCE_LETTERS[randomInt(30)]).join('');
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}

/** Any thrown value as a problem. What is not a DomainError stays in the log and out of the answer. */
export function problemOf(error: unknown, log: ProblemLog): Problem {
  const reference = newReference();
  if (!(error instanceof DomainError)) {
    log.error({ err: error, reference }, 'a request failed by a fault of ours');
    return {
      type: 'urn:kenshin:problem:internal',
      title: 'A fault of ours',
      status: 500,
      code: 'internal',
      detail:
        'Something went wrong on our side. Nothing was changed. Try again, then give the reference to support.',
      reference,
    };
  }
  const { code, message } = error;
  const { title } = KINDS[code];
  const status = statusOf(error);
  if (code === 'unavailable') log.error({ err: error, reference }, 'a request could not be served');
  else log.info({ code, reference, detail: message }, 'a request was refused');
  return {
    type: `urn:kenshin:problem:${code}`,
    title,
    status,
    code,
    detail: message,
    reference,
    ...membersOf(error),
  };
}

function statusOf({ code, details }: Refusal): number {
  return code === 'busy' && details.scope === 'own' ? TOO_MANY_REQUESTS : KINDS[code].status;
}

type Members = Pick<Problem, 'faults' | 'capability' | 'until' | 'retryAfterS'>;

/** Members of the problem besides the message. Other details are for the operator's commands. */
function membersOf({ code, details }: Refusal): Members {
  switch (code) {
    case 'invalid_input':
      return details.faults ? { faults: details.faults } : {};
    case 'conflict':
      return conflictMembers(details);
    case 'forbidden':
      return details.capability ? { capability: details.capability } : {};
    case 'locked':
      return { until: details.until, retryAfterS: details.retryAfterS };
    case 'busy':
      return { retryAfterS: details.retryAfterS };
    case 'unavailable':
      return { retryAfterS: details.retryAfterS ?? AWAY_RETRY_AFTER_S };
    case 'unauthenticated':
    case 'not_found':
    case 'too_large':
      return {};
  }
}

function conflictMembers({ faults, fields, retryAfterS }: ErrorDetails['conflict']): Members {
  const listed = faults?.map(fieldFaultOf) ?? fields;
  return { ...(listed && { faults: listed }), ...(retryAfterS !== undefined && { retryAfterS }) };
}

/** A fault of a file's row as a field: `3.closing_day`, or `3` for the whole row. */
function fieldFaultOf({ row, column, message }: RowFault): FieldFault {
  return { field: column === undefined ? `${row}` : `${row}.${column}`, message };
}

/** Problem as a `no-store` response. */
export function respondProblem(problem: Problem): Response {
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      // [RFC 9110, 15.5.2] Browsers show no dialog for this scheme.
      ...(problem.status === UNAUTHENTICATED && { 'www-authenticate': 'Bearer' }),
      ...(problem.retryAfterS !== undefined && { 'retry-after': String(problem.retryAfterS) }),
    },
  });
}
