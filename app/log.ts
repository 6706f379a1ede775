/** The web process's log: one JSON line per event on standard output, without secrets. */
import { pino } from 'pino';
import { readWebLogLevel } from '../lib/config.ts';

export const log = pino({
  level: readWebLogLevel(),
  base: { process: 'web' },
  redact: ['*.password', '*.registrationCode', '*.cookie', '*.authorization'],
});
