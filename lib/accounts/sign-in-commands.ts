/**
 * Signing in. A try is counted before the password is looked at, in one statement that holds the row, so that a
 * thousand tries at once are still no more than five; the right password takes the count back to zero.
 */
import { type RawBuilder, sql } from 'kysely';
import type { ReadDb, Tx } from '../../db/schema.ts';
import { recordAct } from '../audit/commands.ts';
import { DomainError } from '../errors.ts';
import { formatJst } from '../time.ts';
import { isPassword } from './password.ts';
import { normalizeRegistrationCode } from './registration-code.ts';
import { CONSUMER_SESSION_HOURS, STAFF_SESSION_HOURS } from './session.ts';

/** Wrong passwords in a row that close an account for a while. */
const TRIES_BEFORE_LOCK = 5;
/** How long it stays closed. */
const LOCK_MINUTES = 15;

/**
 * Connections for what happens before anybody's utility is known: look-ups through the few functions that may see past
 * it, then transactions of the utility that was found.
 */
export interface Entrance {
  lookUp<T>(fn: (db: ReadDb) => Promise<T>): Promise<T>;
  read<T>(utilityId: number, fn: (db: ReadDb) => Promise<T>): Promise<T>;
  transact<T>(utilityId: number, fn: (tx: Tx) => Promise<T>): Promise<T>;
}

export interface StaffCredentials {
  utilityCode: string;
  login: string;
  password: string;
}

export interface ConsumerCredentials {
  utilityCode: string;
  customerNumber: string;
  registrationCode: string;
}

/** Someone who may sign in, not yet known to be who they say. */
interface Candidate {
  kind: 'staff' | 'consumer';
  utilityId: number;
  id: number;
  hash: string;
}

interface Try {
  failedCount: number;
  lockedUntil: Date | null;
}

const KINDS = {
  staff: { table: 'account', key: 'account_id', hours: STAFF_SESSION_HOURS },
  consumer: { table: 'consumer_access', key: 'occupancy_id', hours: CONSUMER_SESSION_HOURS },
} as const;

/**
 * Opens a session for a member of staff and returns its id.
 * @throws DomainError `unauthenticated` for a wrong utility, login or password (which one is not said); `locked` with
 * `details.until` (ISO 8601, JST) after too many wrong tries, the right password included.
 */
export async function signInStaff(entrance: Entrance, input: StaffCredentials): Promise<string> {
  const login = input.login.normalize('NFKC').trim().toLowerCase();
  const rows = await entrance.lookUp((db) =>
    find<{ utility_id: number; account_id: number; password_hash: string }>(
      db,
      sql`select * from staff_sign_in(${codeOf(input)}, ${login})`,
    ),
  );
  const candidate = rows.map((row) => ({
    kind: 'staff' as const,
    utilityId: row.utility_id,
    id: row.account_id,
    hash: row.password_hash,
  }))[0];
  return admit(entrance, candidate, input.password);
}

/**
 * Opens a session for a household and returns its id; customer number and code are taken as people type them.
 * @throws DomainError as signInStaff.
 */
export async function signInConsumer(
  entrance: Entrance,
  input: ConsumerCredentials,
): Promise<string> {
  const customerNumber = input.customerNumber.normalize('NFKC').replace(/\s/g, '');
  const rows = await entrance.lookUp((db) =>
    find<{ utility_id: number; occupancy_id: number; code_hash: string }>(
      db,
      sql`select * from consumer_sign_in(${codeOf(input)}, ${customerNumber})`,
    ),
  );
  const candidate = rows.map((row) => ({
    kind: 'consumer' as const,
    utilityId: row.utility_id,
    id: row.occupancy_id,
    hash: row.code_hash,
  }))[0];
  return admit(entrance, candidate, normalizeRegistrationCode(input.registrationCode));
}

function codeOf(input: { utilityCode: string }): string {
  return input.utilityCode.normalize('NFKC').trim().toLowerCase();
}

async function find<Row>(db: ReadDb, query: RawBuilder<Row>): Promise<Row[]> {
  return (await query.execute(db)).rows;
}

async function admit(
  entrance: Entrance,
  candidate: Candidate | undefined,
  password: string,
): Promise<string> {
  if (!candidate) {
    await isPassword(password, undefined);
    throw refusal();
  }
  const attempt = await entrance.transact(candidate.utilityId, (tx) => countTry(tx, candidate));
  if (!attempt) {
    await isPassword(password, undefined);
    throw lockedUntil(
      await entrance.transact(candidate.utilityId, (tx) => endOfLock(tx, candidate)),
    );
  }
  if (await isPassword(password, candidate.hash)) {
    return entrance.transact(candidate.utilityId, (tx) => openSession(tx, candidate));
  }
  await entrance.transact(candidate.utilityId, (tx) => recordFailure(tx, candidate, attempt));
  throw attempt.lockedUntil ? lockedUntil(attempt.lockedUntil) : refusal();
}

/** Counts one try and closes the account at the last one; nothing when it is closed at this moment. */
async function countTry(tx: Tx, candidate: Candidate): Promise<Try | undefined> {
  const { table, key } = KINDS[candidate.kind];
  const { rows } = await sql<{ failed_count: number; locked_until: Date | null }>`
    update ${sql.table(table)} set
      failed_count = (case when locked_until is null then failed_count else 0 end) + 1,
      locked_until = case
        when (case when locked_until is null then failed_count else 0 end) + 1 >= ${TRIES_BEFORE_LOCK}
        then now() + make_interval(mins => ${LOCK_MINUTES}) end
    where utility_id = ${candidate.utilityId} and ${sql.ref(key)} = ${candidate.id}
      and (locked_until is null or locked_until <= now())
    returning failed_count, locked_until`.execute(tx);
  const row = rows[0];
  return row && { failedCount: row.failed_count, lockedUntil: row.locked_until };
}

async function endOfLock(tx: Tx, candidate: Candidate): Promise<Date> {
  const { table, key } = KINDS[candidate.kind];
  const { rows } = await sql<{ until: Date }>`
    select coalesce(locked_until, now()) as until from ${sql.table(table)}
    where utility_id = ${candidate.utilityId} and ${sql.ref(key)} = ${candidate.id}`.execute(tx);
  return rows[0]?.until ?? new Date();
}

async function openSession(tx: Tx, candidate: Candidate): Promise<string> {
  const { table, key, hours } = KINDS[candidate.kind];
  await sql`update ${sql.table(table)} set failed_count = 0, locked_until = null
    where utility_id = ${candidate.utilityId} and ${sql.ref(key)} = ${candidate.id}`.execute(tx);
  const { rows } = await sql<{ session_id: string }>`
    insert into session (utility_id, ${sql.ref(key)}, expires_at)
    values (${candidate.utilityId}, ${candidate.id}, now() + make_interval(hours => ${hours}))
    returning session_id`.execute(tx);
  const sessionId = rows[0]!.session_id;
  await record(tx, candidate, 'session.started', { sessionId });
  return sessionId;
}

async function recordFailure(tx: Tx, candidate: Candidate, attempt: Try): Promise<void> {
  await record(tx, candidate, 'session.refused', {
    failedCount: attempt.failedCount,
    ...(attempt.lockedUntil && { lockedUntil: formatJst(attempt.lockedUntil) }),
  });
}

/** Nobody is proven yet, so the act is the entrance's, upon the account that was named. */
async function record(
  tx: Tx,
  { kind, utilityId, id }: Candidate,
  act: string,
  detail: Record<string, unknown>,
): Promise<void> {
  const entrance = { kind: 'system', utilityId, name: 'sign-in' } as const;
  await recordAct(tx, entrance, { act, subject: `${kind}:${id}`, detail });
}

function refusal(): DomainError {
  return new DomainError('unauthenticated', 'the name or the password is wrong');
}

function lockedUntil(until: Date): DomainError {
  const at = formatJst(until);
  return new DomainError('locked', `too many wrong tries; try again after ${at}`, { until: at });
}
