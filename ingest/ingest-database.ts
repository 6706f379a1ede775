import type pg from 'pg';
import type { takeDownCounters } from '../lib/polling/polling-commands.ts';
import type { listOpenRequests } from '../lib/polling/polling-queries.ts';

/** Transaction of a utility, as the verbs of lib take it; this folder does not import db. */
export type Tx = Parameters<typeof takeDownCounters>[0];
/** Runs work in a transaction of one utility. */
export type Transact = <T>(utilityId: number, fn: (tx: Tx) => Promise<T>) => Promise<T>;
type ReadDb = Parameters<typeof listOpenRequests>[0];

/** The database as passed to the parts of the sidecar. */
export interface IngestDatabase {
  /** For verbs that need no utility, or name their own. */
  pool: Pick<pg.Pool, 'query'>;
  /** Opens a connection for exclusive use. */
  open: () => Promise<pg.Client>;
  transact: Transact;
  /** As `transact`, read-only. */
  read: <T>(utilityId: number, fn: (db: ReadDb) => Promise<T>) => Promise<T>;
}
