/** Lines that the framework prints, as a field of lines of the log. Their length is bounded here, their number by the log. */
import { format } from 'node:util';
import type { LineLog } from '../lib/bounded-log.ts';

const METHODS = ['debug', 'log', 'info', 'warn', 'error', 'trace'] as const;
const MAX_LENGTH = 2_000;

/**
 * Takes the console of this process. Its lines are warnings at most: Next's own hook (instrumentation.ts) reports the fault
 * of a page, and any client can cause the rest.
 */
export function logConsole(log: Pick<LineLog, 'info' | 'warn'>, target: Console = console): void {
  for (const method of METHODS) {
    const level = method === 'warn' || method === 'error' ? 'warn' : 'info';
    target[method] = (...printed: unknown[]) => {
      const text = format(...printed).slice(0, MAX_LENGTH);
      log[level]({ text }, 'printed');
    };
  }
}
