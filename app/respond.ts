/** The one map from what was thrown to RFC 9457 problem+json. Every problem has a reference that the log has too. */
import { randomInt } from 'node:crypto';
import {
  DomainError,
  type ErrorCode,
  type ErrorDetails,
  type FieldFault,
  type Refusal,
  type RowFault,
} from '../lib/errors.ts';

/** As it goes over the wire; `faults` names the fields of an input, or the places of a file, that are at fault. */
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
  /** After how many seconds it may be asked again; also the header `Retry-After`. */
  retryAfterS?: number;
}

/** Where problems are written down; pino fits. */
export interface ProblemLog {
  error(fields: Record<string, unknown>, message: string): void;
  info(fields: Record<string, unknown>, message: string): void;
}

/** The part of a client's text that a line of the log has. */
const TEXT_LENGTH = 200;
/** A key of a program, which a client may write into an address by mistake. */
const KEY = /kenshin_[\w-]{43}/g;

/**
 * The log with `where` a request came from in each line. What a client may have written, its path and its words in the
 * detail, is cut, and has no key.
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
/** Of a caller that asks for more than its own share. */
const TOO_MANY_REQUESTS = 429;
/** Where a refusal names no time of its own. Seconds. */
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

/** What a person reads out to support: `K7QM-2XVD`. */
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

/** What the client is told beside the message. The rest of the details is for the operator's commands. */
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
  const told = faults?.map(fieldFaultOf) ?? fields;
  return { ...(told && { faults: told }), ...(retryAfterS !== undefined && { retryAfterS }) };
}

/** A row of a file as a field: `3.closing_day`, or `3` where the whole row is meant. */
function fieldFaultOf({ row, column, message }: RowFault): FieldFault {
  return { field: column === undefined ? `${row}` : `${row}.${column}`, message };
}

/** The problem as a response that nobody keeps. */
export function respondProblem(problem: Problem): Response {
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      // [RFC 9110, 15.5.2] A browser shows nothing for this scheme.
      ...(problem.status === UNAUTHENTICATED && { 'www-authenticate': 'Bearer' }),
      ...(problem.retryAfterS !== undefined && { 'retry-after': String(problem.retryAfterS) }),
    },
  });
}
