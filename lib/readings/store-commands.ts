/**
 * The only write of the hot path: a batch of day reports and terminal updates, per utility one call of
 * store_day_reports. The rows come in PostgreSQL's binary array format, written directly by the decoder (ingest/store),
 * so that no object or text is created between a frame and the database.
 */
import type pg from 'pg';
import { certain } from '../certain.ts';
import { noteReadingFaults, type ReadingFault } from './reading-fault-commands.ts';

/** One utility's part of a batch. */
export interface UtilityBatch {
  utilityId: number;
  /** day_report_row[] in binary array format. */
  reports: Buffer;
  /** terminal_mark[] in binary array format; one element for a terminal. */
  updates: Buffer;
  /** Values beyond the dial that came with the reports; undefined without any. */
  faults?: readonly ReadingFault[];
}

/** Results of the day reports of a part of a batch; the others were stored before. */
export interface StoredCounts {
  stored: number;
  completed: number;
  corrected: number;
}

export interface StoreOptions {
  receivedAt: Date;
  /** Time without an answer after which the call fails and the connection is unusable. */
  timeoutMs: number;
}

/** Type OIDs used by the binary format; they differ by database. */
export interface StoreTypes {
  dayReportRow: number;
  terminalUpdate: number;
}

const STORE = {
  name: 'store_day_reports',
  text: 'select stored, completed, corrected from store_day_reports($1, $2, $3, $4)',
};

/**
 * Prepares a connection for storing: synchronous commits, and time limits on the server.
 * @throws Error when the database accepts no data, as a standby does.
 */
export async function prepareStoreConnection(
  client: pg.ClientBase,
  limits: { prepareTimeoutMs: number; commitTimeoutMs: number },
): Promise<StoreTypes> {
  const within = { timeoutMs: limits.prepareTimeoutMs };
  // Same limit on the server, so that an abandoned commit cannot succeed later.
  const text = `set synchronous_commit = on;
    set statement_timeout = ${limits.commitTimeoutMs};
    set idle_in_transaction_session_timeout = ${limits.commitTimeoutMs}`;
  await client.query(withTimeout({ text }, within));
  const types = `select 'day_report_row'::regtype::oid::integer as "dayReportRow",
                        'terminal_mark'::regtype::oid::integer as "terminalUpdate",
                        current_setting('transaction_read_only') = 'on' as "isReadOnly"`;
  const { rows } = await client.query<StoreTypes & { isReadOnly: boolean }>(
    withTimeout({ text: types }, within),
  );
  const { isReadOnly, ...found } = certain(rows[0], 'the row of types');
  if (isReadOnly) throw new Error('the database is read-only: make it, or connect to, the primary');
  return found;
}

/** serialization_failure, deadlock_detected: a retry succeeds. */
const PASSING = new Set(['40001', '40P01']);

/**
 * Stores a batch in one transaction and returns the counts of each of its parts. A deadlock is retried once. When it
 * throws, nothing of the batch is stored, unless the connection broke while committing: then the outcome is unknown,
 * and storing the same frames again is harmless.
 */
export async function storeDayReports(
  client: pg.ClientBase,
  parts: readonly UtilityBatch[],
  options: StoreOptions,
): Promise<StoredCounts[]> {
  try {
    return await storeOnce(client, parts, options);
  } catch (error) {
    if (!PASSING.has((error as { code?: string }).code ?? '')) throw error;
    return storeOnce(client, parts, options);
  }
}

async function storeOnce(
  client: pg.ClientBase,
  parts: readonly UtilityBatch[],
  options: StoreOptions,
): Promise<StoredCounts[]> {
  const [only] = parts;
  if (only !== undefined && parts.length === 1 && only.faults === undefined) {
    return [await storePart(client, only, options)];
  }
  const counts: StoredCounts[] = [];
  await client.query(withTimeout({ text: 'begin' }, options));
  try {
    for (const part of parts) {
      counts.push(await storePart(client, part, options));
      if (part.faults) await storeFaults(client, part.utilityId, part.faults, options);
    }
    await client.query(withTimeout({ text: 'commit' }, options));
    return counts;
  } catch (error) {
    await client.query(withTimeout({ text: 'rollback' }, options)).catch(() => null);
    throw error;
  }
}

async function storePart(
  client: pg.ClientBase,
  part: UtilityBatch,
  options: StoreOptions,
): Promise<StoredCounts> {
  const values = [part.utilityId, part.reports, part.updates, options.receivedAt];
  const { rows } = await client.query<StoredCounts>(withTimeout({ ...STORE, values }, options));
  return certain(rows[0], 'the row of a batch');
}

function storeFaults(
  client: pg.ClientBase,
  utilityId: number,
  faults: readonly ReadingFault[],
  options: StoreOptions,
): Promise<void> {
  const query = (text: pg.QueryConfig) => client.query(withTimeout(text, options));
  return noteReadingFaults(query, utilityId, faults, options.receivedAt);
}

/** The driver supports a time-out for each query; its types lack it. */
function withTimeout(
  query: pg.QueryConfig,
  options: Pick<StoreOptions, 'timeoutMs'>,
): pg.QueryConfig {
  return Object.assign(query, { query_timeout: options.timeoutMs });
}
