/** Tells a database that is away from a fault of ours. */
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
const AWAY_MESSAGES = /timeout exceeded when trying to connect|Connection terminated/i;

/** The error as it is, or `unavailable` with it as the cause when it says that the database cannot be reached. */
export function unavailableOr(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof DomainError) return error;
  const code = 'code' in error ? String(error.code) : '';
  const away = AWAY_CODES.has(code) || /^08/.test(code) || AWAY_MESSAGES.test(error.message);
  if (!away) return error;
  const unavailable = new DomainError('unavailable', 'the database cannot be reached; try again');
  unavailable.cause = error;
  // What the framework lets through to the error page of a built site.
  return Object.assign(unavailable, { digest: 'unavailable' });
}
