/**
 * Opens pools and runs functions in transactions with a utility set. Driver types: a date stays text, bigint becomes a
 * number, timestamptz a Date.
 */
import { Kysely, PostgresDialect, type PostgresPool, sql } from 'kysely';
import pg from 'pg';
import { type ProcessRole, ROLES } from './grants.ts';
import { SafeCursor } from './safe-cursor.ts';
import type { Database, ReadDb, Tx } from './schema.ts';

const OID = { int8: 20, date: 1082 } as const;

function parseBigint(text: string): number | string {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : text;
}

/** Parsers for one pool only, so that other users of the driver in the process keep its defaults. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (format !== 'binary' && oid === OID.date) return (text: string) => text;
    if (format !== 'binary' && oid === OID.int8) return parseBigint;
    return pg.types.getTypeParser(oid, format as 'text');
  }) as pg.CustomTypesConfig['getTypeParser'],
};

export interface PoolOptions {
  /** Shown in pg_stat_activity. */
  applicationName: string;
  max?: number;
  /** Time limit for getting a connection, milliseconds. */
  connectTimeoutMs?: number;
  /** Time limit for a query's answer, so that a dead connection cannot block its caller for ever. Milliseconds. */
  queryTimeoutMs?: number;
  /** The server's own limit for a statement, or for an idle transaction. Milliseconds. */
  statementTimeoutMs?: number;
  /**
   * Interval at which the server checks that this side is still connected, and ends the statement otherwise.
   * Milliseconds.
   */
  clientCheckMs?: number;
  /** Called for an idle connection that broke; the pool replaces it, the caller only logs it. */
  onIdleError?: (error: Error) => void;
}

/** A pool of connections in the role of the URL. Connects at the first query. */
export function openPool(url: string, options: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: options.applicationName,
    max: options.max ?? 10,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 10_000,
    query_timeout: options.queryTimeoutMs,
    statement_timeout: options.statementTimeoutMs,
    idle_in_transaction_session_timeout: options.statementTimeoutMs,
    ...(options.clientCheckMs && { onConnect: checkClientEvery(options.clientCheckMs) }),
    types,
  });
  pool.on('release', (_error, client) => dropUnfinished(client as StatefulClient));
  pool.on('error', options.onIdleError ?? (() => undefined));
  // A connection that breaks between two queries emits an error too; the next query fails, but the process must not.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

function checkClientEvery(ms: number): (client: pg.ClientBase) => Promise<unknown> {
  return (client) => client.query(`set client_connection_check_interval = ${Math.round(ms)}`);
}

/** Fields of the driver's connection that its types lack. */
type StatefulClient = pg.PoolClient & {
  readonly readyForQuery: boolean;
  getTransactionStatus(): string | null;
  end(): Promise<void>;
};

/**
 * Closes a connection with an unfinished query instead of returning it to the pool. A query that timed out still runs,
 * possibly inside a transaction, into which the next user of the connection would write.
 */
function dropUnfinished(client: StatefulClient): void {
  if (client.readyForQuery && client.getTransactionStatus() === 'I') return;
  client.end().catch(() => undefined);
}

/** A connection with the pool's settings outside the pool: never used before, and not shared. */
export async function openConnection(pool: pg.Pool): Promise<pg.Client> {
  const client = new pg.Client(pool.options);
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

export function createDatabase(pool: PostgresPool): Kysely<Database> {
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool, cursor: SafeCursor }) });
}

/**
 * Runs `fn` in a read-only transaction that sees the rows of one utility only. For a role that serves all utilities.
 */
export function readAs<T>(
  db: Kysely<Database>,
  utilityId: number,
  fn: (db: ReadDb) => Promise<T>,
): Promise<T> {
  return db
    .transaction()
    .setAccessMode('read only')
    .execute(async (tx) => {
      await serveUtility(tx, utilityId);
      return fn(tx);
    });
}

/**
 * Runs `fn` in a transaction that reads and writes the rows of one utility only; an exception rolls back. For a role
 * that serves all utilities.
 */
export function transactAs<T>(
  db: Kysely<Database>,
  utilityId: number,
  fn: (tx: Tx) => Promise<T>,
): Promise<T> {
  return db.transaction().execute(async (tx) => {
    await serveUtility(tx, utilityId);
    return fn(tx);
  });
}

/** Sets an existing utility for a transaction. */
export async function serveUtility(tx: Tx, utilityId: number): Promise<void> {
  await sql`select serve_utility(${utilityId})`.execute(tx);
}

/** Proof with which the web process names a utility: the token of a live session, or a live API key. */
export type Claim = { sessionToken: string } | { apiKey: string };

/** Error of a claim that has ended: the session or key was revoked or has expired, or the account was disabled. */
export class ClaimEnded extends Error {
  override readonly name = 'ClaimEnded';
}

/** Like readAs, for the utility of a claim. @throws ClaimEnded */
export function readByClaim<T>(
  db: Kysely<Database>,
  claim: Claim,
  fn: (db: ReadDb) => Promise<T>,
): Promise<T> {
  return db
    .transaction()
    .setAccessMode('read only')
    .execute(async (tx) => {
      await claimUtility(tx, claim);
      return fn(tx);
    });
}

/** Like transactAs, for the utility of a claim. @throws ClaimEnded */
export function transactByClaim<T>(
  db: Kysely<Database>,
  claim: Claim,
  fn: (tx: Tx) => Promise<T>,
): Promise<T> {
  return db.transaction().execute(async (tx) => {
    await claimUtility(tx, claim);
    return fn(tx);
  });
}

/** The one who asked for an issue of closings, as `claim_closing_issue` yields it. */
export interface IssueAsker {
  /** Actor as in the audit. */
  actor: string;
  account_id: number | null;
  role: string | null;
  api_key_id: number | null;
  name: string;
  scopes: string[] | null;
}

/**
 * Like transactAs, in the name of the one who asked for an issue of closings. For the worker.
 * @throws ClaimEnded when the issue has ended, or the right of the one who asked
 */
export function transactByIssue<T>(
  db: Kysely<Database>,
  { utilityId, issueId }: { utilityId: number; issueId: number },
  fn: (tx: Tx, asker: IssueAsker) => Promise<T>,
): Promise<T> {
  return db.transaction().execute(async (tx) => {
    const { rows } = await sql<IssueAsker>`
      select * from claim_closing_issue(${utilityId}, ${issueId})`.execute(tx);
    const [asker] = rows;
    if (!asker) throw new ClaimEnded('the issue has ended, or the right of the one who asked');
    return fn(tx, asker);
  });
}

async function claimUtility(tx: Tx, claim: Claim): Promise<void> {
  if ('apiKey' in claim) {
    const { rows } = await sql`select utility_id from claim_api_key(${claim.apiKey})`.execute(tx);
    if (rows.length === 0) throw new ClaimEnded('this key was revoked, or is past its end');
    return;
  }
  const { rows } = await sql`select utility_id from claim_session(${claim.sessionToken})`.execute(
    tx,
  );
  if (rows.length === 0) throw new ClaimEnded('the session has ended: sign in again');
}

/**
 * Refuses a connection whose role is not that of this process or may do more: a superuser, one that bypasses row
 * security, or a member of another role of the product. Called once when a process starts.
 */
export async function assertBoundRole(pool: pg.Pool, role: ProcessRole): Promise<void> {
  const { rows } = await pool.query<{ name: string; free: boolean; acts_as: string[] }>(
    `select r.rolname as name, r.rolsuper or r.rolbypassrls as free,
       array(select k.rolname::text from pg_roles k
             where k.rolname like 'kenshin\\_%' and k.rolname <> r.rolname and pg_has_role(r.oid, k.oid, 'member')
             order by 1) as acts_as
     from pg_roles r where r.rolname = current_user`,
  );
  const found = rows[0];
  if (!found || found.free) {
    throw new Error(
      `the database role "${found?.name}" bypasses row security; connect as ${role} or a login that is a member of it`,
    );
  }
  const roles = [found.name, ...found.acts_as];
  const others = roles.filter((each) => each !== role && (ROLES as string[]).includes(each));
  if (roles.includes(role) && others.length === 0) return;
  const fault = others.length > 0 ? `has the rights of ${others.join(' and ')}` : 'has no rights';
  throw new Error(
    `the database role "${found.name}" ${fault}; this process connects as ${role} or a login that is a member of it alone`,
  );
}
