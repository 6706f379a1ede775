/**
 * Signing in: the database returns salt and cost of a name, this process derives the key in its turn of the queue, the
 * database compares it and counts the try or opens the session. An unknown name takes the same path, so that timing
 * does not reveal it.
 */
import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { DomainError } from '../errors.ts';
import { formatJst } from '../time.ts';
import { type DeviceCookie, newDeviceToken, type TypedName } from './device-cookie.ts';
import { deriveKey, type KeyDerivation } from './password.ts';
import { normalizeRegistrationCode } from './registration-code.ts';
import { hashSessionToken, newSessionToken } from './session-token.ts';
import { createSignInQueue } from './sign-in-queue.ts';

const queue = createSignInQueue({ atOnce: 2, known: 24, others: 16, perClient: 8 });

/** Codes of utilities that exist; all unknown codes share one utility's turns. */
const foundUtilities = new Set<string>();

/**
 * Connections for the work before the utility is known, limited to the few functions that may read across utilities.
 */
export interface SignInDatabase {
  lookUp<T>(fn: (db: ReadDb) => Promise<T>): Promise<T>;
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

/** Origin and instant of a try. */
export interface SignInSource {
  /** Network that counts as one client; empty when the address is unknown. */
  addressGroup: string;
  device: DeviceCookie;
  /** Token of this browser's previous session, which the sign-in ends. */
  replacedToken?: string | undefined;
  /** Instant of the try, from which the remaining seconds of a lock are counted. */
  now: Date;
  /** Aborted when the client disconnects. */
  signal?: AbortSignal | undefined;
}

export interface SignedIn {
  token: string;
  expiresAt: Date;
  /** New value of the browser's device cookie. */
  deviceCookie: string;
}

/**
 * Opens a session for a member of staff.
 * @throws DomainError `unauthenticated` for a wrong utility, login or password (which one is not said); `locked` with
 * `details.until` (ISO 8601, JST) and `details.retryAfterS` after too many wrong tries from this origin, even with the
 * right password; `unavailable` with `details.retryAfterS` when too many sign in at this moment.
 */
export function signInStaff(
  signInDatabase: SignInDatabase,
  input: StaffCredentials,
  source: SignInSource,
): Promise<SignedIn> {
  const name = typedStaffName(input);
  return inTurn(name, source, () =>
    attempt(signInDatabase, { name, password: input.password, source }),
  );
}

/**
 * Opens a session for a household; customer number and code are accepted in any typed form.
 * @throws DomainError as signInStaff.
 */
export function signInConsumer(
  signInDatabase: SignInDatabase,
  input: ConsumerCredentials,
  source: SignInSource,
): Promise<SignedIn> {
  const name = typedConsumerName(input);
  const password = normalizeRegistrationCode(input.registrationCode);
  return inTurn(name, source, () => attempt(signInDatabase, { name, password, source }));
}

/** The name of a member of staff as it is looked up. */
export function typedStaffName(input: Pick<StaffCredentials, 'utilityCode' | 'login'>): TypedName {
  const name = typed(input.login).trim().toLowerCase();
  return { kind: 'staff', utilityCode: codeOf(input), name };
}

/** The name of a household as it is looked up: its customer number. */
export function typedConsumerName(
  input: Pick<ConsumerCredentials, 'utilityCode' | 'customerNumber'>,
): TypedName {
  const name = typed(input.customerNumber).replace(/\s/g, '');
  return { kind: 'consumer', utilityCode: codeOf(input), name };
}

function codeOf(input: { utilityCode: string }): string {
  return typed(input.utilityCode).trim().toLowerCase();
}

/** NFKC form without control characters. */
function typed(text: string): string {
  return text.normalize('NFKC').replace(/\p{Cc}/gu, '');
}

function inTurn<T>(name: TypedName, source: SignInSource, work: () => Promise<T>): Promise<T> {
  const isKnown = source.device.tokenOf(name) !== undefined;
  const utility = foundUtilities.has(name.utilityCode) ? name.utilityCode : '';
  // With the utility, because the queue bounds a client over all utilities, and a login differs in each.
  const known = `${name.utilityCode} ${name.kind} ${name.name}`;
  const client = isKnown ? known : source.addressGroup;
  return queue.run({ isKnown, utility, client }, source.signal, work);
}

interface Attempt {
  name: TypedName;
  password: string;
  source: SignInSource;
}

async function attempt(
  signInDatabase: SignInDatabase,
  { name, password, source }: Attempt,
): Promise<SignedIn> {
  const begun = await begin(signInDatabase, name, source);
  if (begun.utility_id !== null) foundUtilities.add(name.utilityCode);
  if (begun.locked_until) throw locked(begun.locked_until, source.now);
  const key = await deriveKey(password, begun);
  const token = newSessionToken();
  const device = source.device.tokenOf(name) ?? newDeviceToken();
  const finished = await finish(signInDatabase, name, { key, token, device, source });
  if (finished.expires_at) {
    const deviceCookie = source.device.withToken(name, device);
    return { token, expiresAt: finished.expires_at, deviceCookie };
  }
  throw finished.locked_until
    ? locked(finished.locked_until, source.now)
    : new DomainError('unauthenticated', 'the name or the password is wrong');
}

interface Begun extends KeyDerivation {
  /** Null when no utility has the code. */
  utility_id: number | null;
  locked_until: Date | null;
}

async function begin(
  signInDatabase: SignInDatabase,
  { kind, utilityCode, name }: TypedName,
  { addressGroup, device }: SignInSource,
): Promise<Begun> {
  const token = device.tokenOf({ kind, utilityCode, name }) ?? null;
  const query = sql<Begun>`
    select * from begin_sign_in(${kind}, ${utilityCode}, ${name}, ${addressGroup}, ${token})`;
  return onlyRow(await signInDatabase.lookUp((db) => query.execute(db)));
}

interface Finished {
  outcome: 'in' | 'wrong' | 'locked';
  locked_until: Date | null;
  expires_at: Date | null;
}

async function finish(
  signInDatabase: SignInDatabase,
  { kind, utilityCode, name }: TypedName,
  given: { key: Buffer; token: string; device: string; source: SignInSource },
): Promise<Finished> {
  const { key, token, device, source } = given;
  const { addressGroup, replacedToken = null } = source;
  const query = sql<Finished>`
    select * from finish_sign_in(${kind}, ${utilityCode}, ${name}, ${key}, ${hashSessionToken(token)},
                                 ${addressGroup}, ${device}, ${replacedToken})`;
  return onlyRow(await signInDatabase.lookUp((db) => query.execute(db)));
}

function onlyRow<T>({ rows }: { rows: T[] }): T {
  const [row] = rows;
  if (!row) throw new Error('a sign-in function gave no row');
  return row;
}

function locked(until: Date, now: Date): DomainError {
  const at = formatJst(until);
  const retryAfterS = Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 1000));
  const message = `too many wrong tries; try again after ${at}`;
  return new DomainError('locked', message, { until: at, retryAfterS });
}
