import { type DestinationStream, pino } from 'pino';
import type { LineLog } from '../lib/bounded-log.ts';

/** A structured log. Terminal numbers may appear in it, keys, secrets and readings never. */
export type Log = LineLog;

/** JSON lines on standard output, or to another destination. */
export function createLog(level: string, destination?: DestinationStream): Log {
  const options = { level, base: { name: 'ingest' }, timestamp: pino.stdTimeFunctions.isoTime };
  return destination === undefined ? pino(options) : pino(options, destination);
}
