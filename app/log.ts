/** The web process's log: one JSON line per event on standard output, without secrets. */
import { pino } from 'pino';
import { readWebConfig } from '../lib/config.ts';

export const log = pino({
  level: readWebConfig().LOG_LEVEL,
  base: { process: 'web' },
  redact: ['*.password', '*.registrationCode', '*.cookie', '*.authorization'],
});
