/** Console output of the framework as lines of the log. Length is bounded here, the number of lines by the log. */
import { format } from 'node:util';
import type { LineLog } from '../lib/bounded-log.ts';

const METHODS = ['debug', 'log', 'info', 'warn', 'error', 'trace'] as const;
const MAX_LENGTH = 2_000;

/**
 * Replaces the methods of the process's console. Lines are warnings at most: faults of pages are reported by Next's own
 * hook (instrumentation.ts), and any client can cause the others.
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
