import { type DestinationStream, pino } from 'pino';

/** A structured log. Terminal numbers may appear in it, keys, secrets and readings never. */
export type Log = Pick<pino.Logger, 'debug' | 'info' | 'warn' | 'error'>;

/** JSON lines on standard output, or to another destination. */
export function createLog(level: string, destination?: DestinationStream): Log {
  const options = { level, base: { name: 'ingest' }, timestamp: pino.stdTimeFunctions.isoTime };
  return destination === undefined ? pino(options) : pino(options, destination);
}
