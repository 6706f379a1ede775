/** Errors of pages and server actions as lines of the log. */
import { DomainError } from '../lib/errors.ts';
import { outsideLog } from './log.ts';

const UNKNOWN_ACTION = /^Failed to find Server Action/;
const PATH_LENGTH = 200;
const log = outsideLog();

/** Logs an error of a page by its kind: internal error, refusal, or unknown action. */
export function logPageFault(error: unknown, { method, path }: { method: string; path: string }) {
  const where = { method, path: path.slice(0, PATH_LENGTH) };
  if (error instanceof Error && UNKNOWN_ACTION.test(error.message)) {
    const fields = { ...where, reason: 'unknown action' };
    log.info(fields, 'refused');
    return;
  }
  const isRefusal = error instanceof DomainError;
  const fields = { ...where, err: error };
  if (isRefusal && error.code === 'busy') {
    log.info(fields, 'a page was refused');
    return;
  }
  const message = isRefusal ? 'a page could not be served' : 'a page failed by a fault of ours';
  log.error(fields, message);
}
