/** Lends a command its database: the server of DATABASE_URL, else the checkout's private demo server, migrated. */
import { fileURLToPath } from 'node:url';
import { urlOfAppRole } from '../db/database-url.ts';
import { startDatabase } from '../db/embedded.ts';

export interface CommandDatabase {
  /** As the role that owns the schema. With DATABASE_URL: that URL as it is. */
  adminUrl: string;
  /** As the application role, bound by row security. */
  appUrl: string;
}

const STATE = fileURLToPath(new URL('../.local', import.meta.url));

/**
 * Runs `fn` with a database. With DATABASE_URL nothing is started or migrated (`npm run migrate` does that);
 * otherwise the private server is started or adopted, migrated, and stopped again when nobody else uses it.
 */
export async function withDatabase<T>(fn: (database: CommandDatabase) => Promise<T>): Promise<T> {
  const given = process.env.DATABASE_URL;
  if (given) return fn({ adminUrl: given, appUrl: urlOfAppRole(given) });
  const { adminUrl, appUrl, stop } = await startDatabase({
    stateDir: STATE,
    name: 'demo',
    environment: process.env,
    onProgress: (text) => console.error(text),
  });
  const stopAndLeave = (): void => {
    void stop().finally(() => process.exit(130));
  };
  process.once('SIGINT', stopAndLeave);
  process.once('SIGTERM', stopAndLeave);
  try {
    return await fn({ adminUrl, appUrl });
  } finally {
    process.off('SIGINT', stopAndLeave);
    process.off('SIGTERM', stopAndLeave);
    await stop();
  }
}
