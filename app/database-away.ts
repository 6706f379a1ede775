/** Tells an unreachable or too slow database from other errors. */
import { DomainError } from '../lib/errors.ts';

const AWAY_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  '53300', // too_many_connections
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
]);
const TOO_SLOW_CODES = new Set([
  '57014', // query_canceled, by statement_timeout
  '25P03', // idle_in_transaction_session_timeout
]);
const TOO_SLOW_MESSAGES = /^Query read timeout$/;
const AWAY_MESSAGES =
  /timeout exceeded when trying to connect|Connection terminated|is not queryable/i;

/** The error unchanged, or `unavailable` with it as the cause when the database is unreachable or too slow. */
export function unavailableOr(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof DomainError) return error;
  const code = 'code' in error ? String(error.code) : '';
  const away = AWAY_CODES.has(code) || /^08/.test(code) || AWAY_MESSAGES.test(error.message);
  if (away) return unavailable('the database cannot be reached; try again', error);
  const slow = TOO_SLOW_CODES.has(code) || TOO_SLOW_MESSAGES.test(error.message);
  if (slow)
    return unavailable('this took too long and was ended; try again, or ask for less', error);
  return error;
}

const DIGEST_CODES = new Set(['busy', 'unavailable']);

/** The refusal with its code as the digest, which the framework passes on to the error page of a built site. */
export function withPageDigest(error: unknown): unknown {
  if (!(error instanceof DomainError) || !DIGEST_CODES.has(error.code)) return error;
  return Object.assign(error, { digest: error.code });
}

function unavailable(message: string, cause: Error): DomainError {
  const refusal = new DomainError('unavailable', message);
  refusal.cause = cause;
  return refusal;
}
