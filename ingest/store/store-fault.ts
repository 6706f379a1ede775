import { codeOf, DomainError } from '../../lib/errors.ts';

/** SQLSTATE classes that speak of the rows, not of the server: data exceptions and violated constraints. */
const DATA_CLASSES: ReadonlySet<string> = new Set(['22', '23']);
/** The class of what functions of the database refuse by themselves. */
const RAISED_CLASS = 'P0';
/** The driver gave up on a statement; it has no code for that. */
const READ_TIMEOUT = 'Query read timeout';
/** serialization_failure, deadlock_detected: a retry succeeds. */
const PASSING: ReadonlySet<string> = new Set(['40001', '40P01']);

/** Whether the database refused what it was given, as against being unable to take anything. */
export function isFaultOfData(error: unknown): boolean {
  return DATA_CLASSES.has(classOf(error) ?? '');
}

/** A command failed, and its transaction was rolled back over a connection that works. */
export class CommandFault extends Error {
  constructor(cause: unknown) {
    super('a command failed', { cause });
  }
}

/** Whether a transaction of commands would fail again and again: by the fault of a command, and not for want of a server. */
export function isFaultOfCommand(error: unknown): boolean {
  if (!(error instanceof CommandFault)) return isFaultOfData(error);
  const { cause } = error;
  if (cause instanceof DomainError)
    return !(cause.code === 'unavailable' || cause.code === 'busy' || cause.code === 'locked');
  if (cause instanceof Error && cause.message === READ_TIMEOUT) return false;
  const sqlClass = classOf(cause);
  // Without a code of the database it is an error of the command itself: the connection was there to roll it back.
  return sqlClass === undefined || sqlClass === RAISED_CLASS || isFaultOfData(cause);
}

/** Whether the same transaction goes through when it is tried again. */
export function isPassing(error: unknown): boolean {
  const fault = error instanceof CommandFault ? error.cause : error;
  return PASSING.has(codeOf(fault) ?? '');
}

/** The class of an SQLSTATE, undefined for an error that has none. */
function classOf(error: unknown): string | undefined {
  const code = codeOf(error);
  return code !== undefined && /^[0-9A-Z]{5}$/.test(code) ? code.slice(0, 2) : undefined;
}
