/** Log of the web process: one JSON line per event on standard output, without secrets. */
import { pino } from 'pino';
import { type BoundedLog, boundedLog, type LineLog } from '../lib/bounded-log.ts';
import { readWebLogLevel } from '../lib/config.ts';
import { standardOutputLog, tellsLost } from '../lib/log-destination.ts';

const output = standardOutputLog();

export const log = tellsLost(
  pino(
    {
      level: readWebLogLevel(),
      base: { process: 'web' },
      redact: ['*.password', '*.registrationCode', '*.cookie', '*.authorization'],
    },
    output,
  ),
  output,
);

const MINUTE_MS = 60_000;
const LINES_A_MINUTE = 60;
/** Logged refusals of one code for one actor; all requests without an actor count as one. */
const REFUSALS_OF_ACTOR = 20;

/** Next compiles this module more than once into a process; all copies share the list and the listener. */
const kept = globalThis as typeof globalThis & { kenshinBoundedLogs?: BoundedLog[] };

/** Log for lines that any client can cause, bounded by message and reason. */
export function outsideLog(linesOfKind = LINES_A_MINUTE): BoundedLog {
  return flushedAtExit(boundedLog(log, { linesOfKind, intervalMs: MINUTE_MS }));
}

/** Log for refusals, bounded by code over all actors. */
export function refusalLog(lines: LineLog = log): BoundedLog {
  const bounds = {
    linesOfKind: LINES_A_MINUTE,
    linesOfSource: REFUSALS_OF_ACTOR,
    intervalMs: MINUTE_MS,
  };
  const parts = {
    reasonOf: ({ code }: Record<string, unknown>) => code,
    sourceOf: ({ actor }: Record<string, unknown>) => actor ?? 'nobody',
  };
  return flushedAtExit(boundedLog(lines, bounds, parts));
}

function flushedAtExit(bounded: BoundedLog): BoundedLog {
  if (!kept.kenshinBoundedLogs) {
    const all: BoundedLog[] = [];
    kept.kenshinBoundedLogs = all;
    // Runs before the destination's own listener, which writes the buffer out.
    process.prependOnceListener('exit', () => {
      for (const each of all) each.flush();
    });
  }
  kept.kenshinBoundedLogs.push(bounded);
  return bounded;
}
