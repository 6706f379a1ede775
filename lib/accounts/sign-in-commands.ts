/**
 * Signing in. Two passwords are looked at at once and a few wait: each costs 32 MiB and a processor for a moment, and
 * whoever asks is not known yet. Tries of one name go one after the other, so that a thousand at once are still no more
 * than five; a name that nobody bears takes the same way as any other.
 */
import { type RawBuilder, sql } from 'kysely';
import type { ReadDb, Tx } from '../../db/schema.ts';
import { recordAct } from '../audit/commands.ts';
import { DomainError } from '../errors.ts';
import { createSlots } from '../slots.ts';
import { formatJst } from '../time.ts';
import { isPassword } from './password.ts';
import { normalizeRegistrationCode } from './registration-code.ts';
import { CONSUMER_SESSION_HOURS, STAFF_SESSION_HOURS } from './session.ts';
import { hashSessionToken, newSessionToken } from './session-token.ts';
import {
  countFailure,
  type Failure,
  forgetTries,
  holdTries,
  type SignInName,
} from './sign-in-try-commands.ts';

const passwordSlots = createSlots({
  atOnce: 2,
  waiting: 32,
  refusal: 'too many people are signing in at this moment; try again in a few seconds',
});

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

/** The account or occupancy behind a name, not yet known to be who signs in. */
interface Bearer {
  id: number;
  hash: string;
}

interface Named extends SignInName {
  /** Nobody, where the name does not exist: the way is the same and ends with a refusal. */
  bearer: Bearer | undefined;
}

type Outcome = { token: string } | { lockedUntil: Date | null };

const KINDS = {
  staff: {
    table: 'account',
    key: 'account_id',
    hash: 'password_hash',
    hours: STAFF_SESSION_HOURS,
  },
  consumer: {
    table: 'consumer_access',
    key: 'occupancy_id',
    hash: 'code_hash',
    hours: CONSUMER_SESSION_HOURS,
  },
} as const;

/**
 * Opens a session for a member of staff and returns its token.
 * @throws DomainError `unauthenticated` for a wrong utility, login or password (which one is not said); `locked` with
 * `details.until` (ISO 8601, JST) after too many wrong tries, the right password included; `unavailable` when too many
 * sign in at this moment.
 */
export function signInStaff(entrance: Entrance, input: StaffCredentials): Promise<string> {
  const name = typed(input.login).trim().toLowerCase();
  const query = sql<{ utility_id: number; id: number | null; hash: string | null }>`
    select utility_id, account_id as id, password_hash as hash
    from staff_sign_in(${codeOf(input)}, ${name})`;
  return passwordSlots.run(async () =>
    admit(entrance, await findNamed(entrance, 'staff', name, query), input.password),
  );
}

/**
 * Opens a session for a household and returns its token; customer number and code are taken as people type them.
 * @throws DomainError as signInStaff.
 */
export function signInConsumer(entrance: Entrance, input: ConsumerCredentials): Promise<string> {
  const name = typed(input.customerNumber).replace(/\s/g, '');
  const query = sql<{ utility_id: number; id: number | null; hash: string | null }>`
    select utility_id, occupancy_id as id, code_hash as hash
    from consumer_sign_in(${codeOf(input)}, ${name})`;
  const code = normalizeRegistrationCode(input.registrationCode);
  return passwordSlots.run(async () =>
    admit(entrance, await findNamed(entrance, 'consumer', name, query), code),
  );
}

function codeOf(input: { utilityCode: string }): string {
  return typed(input.utilityCode).trim().toLowerCase();
}

/** In one width, and without what no keyboard types. */
function typed(text: string): string {
  return text.normalize('NFKC').replace(/\p{Cc}/gu, '');
}

/** The name at its utility; nothing when the utility does not exist, which anybody may know. */
async function findNamed(
  entrance: Entrance,
  kind: Named['kind'],
  name: string,
  query: RawBuilder<{ utility_id: number; id: number | null; hash: string | null }>,
): Promise<Named | undefined> {
  const { rows } = await entrance.lookUp((db) => query.execute(db));
  const row = rows[0];
  if (!row) return undefined;
  const { utility_id: utilityId, id, hash } = row;
  const bearer = id !== null && hash !== null ? { id, hash } : undefined;
  return { kind, utilityId, name, bearer };
}

async function admit(
  entrance: Entrance,
  named: Named | undefined,
  password: string,
): Promise<string> {
  if (!named) {
    await isPassword(password, undefined);
    throw refusal();
  }
  const outcome = await entrance.transact(named.utilityId, (tx) => attempt(tx, named, password));
  if ('token' in outcome) return outcome.token;
  throw outcome.lockedUntil ? lockedUntil(outcome.lockedUntil) : refusal();
}

/** One try. A refusal is an outcome and no exception: what it counted has to be kept. */
async function attempt(tx: Tx, named: Named, password: string): Promise<Outcome> {
  const closedUntil = await holdTries(tx, named);
  if (closedUntil) return { lockedUntil: closedUntil };
  const { bearer } = named;
  const isRight = await isPassword(password, bearer?.hash);
  if (isRight && bearer && (await isStillHash(tx, named, bearer))) {
    await forgetTries(tx, named);
    return { token: await openSession(tx, named, bearer) };
  }
  const failure = await countFailure(tx, named);
  if (bearer) await recordFailure(tx, named, bearer, failure);
  return failure;
}

/** False when the password was changed while this try waited; until the transaction ends it cannot be. */
async function isStillHash(tx: Tx, { kind, utilityId }: Named, bearer: Bearer): Promise<boolean> {
  const { table, key, hash } = KINDS[kind];
  const { rows } = await sql`
    select from ${sql.table(table)}
    where utility_id = ${utilityId} and ${sql.ref(key)} = ${bearer.id} and ${sql.ref(hash)} = ${bearer.hash}
    for share`.execute(tx);
  return rows.length > 0;
}

async function openSession(tx: Tx, named: Named, bearer: Bearer): Promise<string> {
  const { key, hours } = KINDS[named.kind];
  const token = newSessionToken();
  const { rows } = await sql<{ session_id: string }>`
    insert into session (utility_id, ${sql.ref(key)}, token_hash, expires_at)
    values (${named.utilityId}, ${bearer.id}, ${hashSessionToken(token)}, now() + make_interval(hours => ${hours}))
    returning session_id`.execute(tx);
  const sessionId = rows[0]!.session_id;
  await record(tx, named, bearer, { act: 'session.started', detail: { sessionId } });
  return token;
}

async function recordFailure(
  tx: Tx,
  named: Named,
  bearer: Bearer,
  { failedCount, lockedUntil: until }: Failure,
): Promise<void> {
  const detail = { failedCount, ...(until && { lockedUntil: formatJst(until) }) };
  await record(tx, named, bearer, { act: 'session.refused', detail });
}

/** Nobody is proven yet, so the act is the entrance's, upon the account that was named. */
async function record(
  tx: Tx,
  { kind, utilityId }: Named,
  { id }: Bearer,
  { act, detail }: { act: string; detail: Record<string, unknown> },
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
