import { type DestinationStream, pino } from 'pino';
import type { LineLog } from '../lib/bounded-log.ts';
import { standardOutputLog, tellsLost } from '../lib/log-destination.ts';

/** A structured log. It may contain terminal numbers, never keys, secrets or readings. */
export type Log = LineLog;

/** JSON lines on standard output or another destination, with the name of the process. */
export function createLog(
  level: string,
  destination?: DestinationStream,
  name: 'ingest' | 'worker' = 'ingest',
): Log {
  const options = { level, base: { name }, timestamp: pino.stdTimeFunctions.isoTime };
  if (destination !== undefined) return pino(options, destination);
  const output = standardOutputLog();
  return tellsLost(pino(options, output), output);
}
