/** Database of a command: the server of DATABASE_URL, else the checkout's private demo server, migrated. */
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { urlOfAppRole, urlOfRole } from '../db/database-url.ts';
import { startDatabase } from '../db/private-server/private-server.ts';
import { describeFault, onInterrupt } from './run-command.ts';

export interface CommandDatabase {
  /** URL for the role that owns the schema. With DATABASE_URL: that URL unchanged. */
  adminUrl: string;
  /** URL for kenshin_app, the role of the operator's commands, bound by row security. */
  appUrl: string;
  /** URL for kenshin_ingest, the role of the sidecar. */
  ingestUrl: string;
}

const STATE = fileURLToPath(new URL('../.local', import.meta.url));
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Runs `fn` with a database. With DATABASE_URL nothing is started or migrated (`npm run migrate` does that); otherwise
 * the private server is started or adopted, migrated, and stopped again when nothing else uses it.
 */
export async function withDatabase<T>(fn: (database: CommandDatabase) => Promise<T>): Promise<T> {
  const given = await givenDatabaseUrl();
  if (given) {
    return fn({
      adminUrl: given,
      appUrl: urlOfAppRole(given),
      ingestUrl: urlOfRole(given, 'kenshin_ingest'),
    });
  }
  const { adminUrl, appUrl, ingestUrl, stop } = await startDatabase({
    stateDir: STATE,
    name: 'demo',
    environment: process.env,
    onProgress: (text) => console.error(text),
  });
  return untilStopped(stop, () => fn({ adminUrl, appUrl, ingestUrl }));
}

/** Runs `fn` and then `stop`, also when a signal ends the command. */
export async function untilStopped<T>(stop: () => Promise<void>, fn: () => Promise<T>): Promise<T> {
  const forget = onInterrupt(stop);
  try {
    return await fn();
  } finally {
    forget();
    await stop();
  }
}

/**
 * DATABASE_URL, once its database has answered; undefined when it is not set.
 * @throws Error that says what is wrong with it; the URL may hold a password and is not printed
 */
export async function givenDatabaseUrl(): Promise<string | undefined> {
  const given = process.env.DATABASE_URL;
  if (!given) return undefined;
  if (!/^postgres(?:ql)?:\/\//.test(given) || !URL.canParse(given)) {
    throw new Error(
      'DATABASE_URL is not the address of a database: give postgres://USER:PASSWORD@HOST:PORT/NAME, or unset it to use the private database of this checkout',
    );
  }
  try {
    await connectOnce(given);
  } catch (error) {
    throw new Error(`the database of DATABASE_URL cannot be used: ${describeFault(error)}`);
  }
  return given;
}

async function connectOnce(connectionString: string): Promise<void> {
  const client = new pg.Client({
    connectionString,
    application_name: 'kenshin command',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } finally {
    await client.end().catch(() => undefined);
  }
}
