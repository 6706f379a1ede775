import { pino } from 'pino';

/** A structured log. Terminal numbers may appear in it, keys, secrets and readings never. */
export type Log = Pick<pino.Logger, 'debug' | 'info' | 'warn' | 'error'>;

/** JSON lines on standard output. */
export function createLog(level: string): Log {
  return pino({ level, base: { name: 'ingest' }, timestamp: pino.stdTimeFunctions.isoTime });
}
