import { codeOf, DomainError } from '../../lib/errors.ts';

/** SQLSTATE classes about rows, not the server: data exceptions and violated constraints. */
const DATA_CLASSES: ReadonlySet<string> = new Set(['22', '23']);
/** SQLSTATE class of exceptions raised by database functions. */
const RAISED_CLASS = 'P0';
/** Message of the driver's time-out, which has no code. */
const READ_TIMEOUT = 'Query read timeout';
/** serialization_failure, deadlock_detected: a retry succeeds. */
const PASSING: ReadonlySet<string> = new Set(['40001', '40P01']);

/** True when the database refused the data, rather than being unable to store anything. */
export function isFaultOfData(error: unknown): boolean {
  return DATA_CLASSES.has(classOf(error) ?? '');
}

/** Error of a command whose transaction was rolled back over a working connection. */
export class CommandFault extends Error {
  constructor(cause: unknown) {
    super('a command failed', { cause });
  }
}

/** True when a transaction of commands would fail again because of a command, not because of the server. */
export function isFaultOfCommand(error: unknown): boolean {
  if (!(error instanceof CommandFault)) return isFaultOfData(error);
  const { cause } = error;
  if (cause instanceof DomainError)
    return !(cause.code === 'unavailable' || cause.code === 'busy' || cause.code === 'locked');
  if (cause instanceof Error && cause.message === READ_TIMEOUT) return false;
  const sqlClass = classOf(cause);
  // Without an SQLSTATE it is an error of the command itself, because the connection was working for the rollback.
  return sqlClass === undefined || sqlClass === RAISED_CLASS || isFaultOfData(cause);
}

/** True when a retry of the same transaction can succeed. */
export function isPassing(error: unknown): boolean {
  const fault = error instanceof CommandFault ? error.cause : error;
  return PASSING.has(codeOf(fault) ?? '');
}

/** Class of an SQLSTATE; undefined for an error without one. */
function classOf(error: unknown): string | undefined {
  const code = codeOf(error);
  return code !== undefined && /^[0-9A-Z]{5}$/.test(code) ? code.slice(0, 2) : undefined;
}
