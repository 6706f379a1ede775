/** What the framework prints becomes lines of the log: their length is bounded here, their number by the log; never text of a client as a line. */
import { format } from 'node:util';
import type { LineLog } from '../lib/bounded-log.ts';

const METHODS = ['debug', 'log', 'info', 'warn', 'error', 'trace'] as const;
const MAX_LENGTH = 2_000;

/**
 * Takes the console of this process. Its lines are warnings at most: a fault of a page is told by Next's own hook (see
 * instrumentation.ts), and what is left can be caused by anybody.
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
