// What the processes of this folder share: waiting for the database, signals, the end.
import type pg from 'pg';
import { codeOf, messageOf } from '../lib/errors.ts';
import type { Log } from './log.ts';

const DATABASE_AGAIN_MS = 2000;

/** A process may be up before its database; one that the database turns away has a fault that waiting does not mend. */
export async function databaseThere(pool: pg.Pool, log: Log): Promise<void> {
  for (;;) {
    try {
      await pool.query('select');
      return;
    } catch (error) {
      if (isRefusal(error)) throw error;
      log.warn({ err: error }, 'the database is away; waiting for it');
      await new Promise((resolve) => setTimeout(resolve, DATABASE_AGAIN_MS));
    }
  }
}

/** A wrong password, role or name of a database: SQLSTATE classes 28 and 3D. */
function isRefusal(error: unknown): boolean {
  return /^(28|3D)[0-9A-Z]{3}$/.test(codeOf(error) ?? '');
}

/** The first signal asks to drain, the second does not wait for it. */
export function onStopSignal(stop: () => Promise<void>): void {
  let stopping = false;
  const onSignal = () => {
    if (stopping) process.exit(1);
    stopping = true;
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

export function endOnFault(error: unknown): void {
  console.error(messageOf(error));
  process.exit(1);
}
