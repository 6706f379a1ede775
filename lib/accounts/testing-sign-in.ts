/** Shared set-up of sign-in tests: a utility in a test database, and browsers at addresses. */
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { transactAs, transactByClaim } from '../../db/client.ts';
import type { Tx } from '../../db/schema.ts';
import { createAccount } from '../../db/testing/accounts.ts';
import { createUtility } from '../../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import type { SystemActor } from '../actor.ts';
import { readDeviceCookie } from './device-cookie.ts';
import { createVerifier } from './password.ts';
import type { LiveSession } from './session.ts';
import { findLiveSession } from './session-queries.ts';
import {
  type SignedIn,
  type SignInDatabase,
  type SignInSource,
  signInStaff,
} from './sign-in-commands.ts';

export const PASSWORD = 'a long enough password';
/** Minimal cost, so that a test may fail as often as it needs. */
export const CHEAP = { scrypt_n: 16, scrypt_r: 1, scrypt_p: 1 } as const;

const DEVICE_KEY = Buffer.alloc(32, 7);

/** Sign-in connections with the role of the web process. */
export function signInDatabaseOf(database: TestDatabase): SignInDatabase {
  return { lookUp: (fn) => fn(database.webDb) };
}

/** A browser at an address that keeps its cookies as a real one does. */
export interface Browser {
  source(): SignInSource;
  /** Runs a sign-in, keeps the resulting cookies and returns the session's token. */
  enter(signIn: (source: SignInSource) => Promise<SignedIn>): Promise<string>;
}

/** Instant of every try and change in these tests; only the remaining seconds of a lock depend on it. */
export const TRIED_AT = new Date('2026-11-26T10:00:00+09:00');

export function newBrowser(addressGroup = '192.0.2.1'): Browser {
  let device: string | undefined;
  let token: string | undefined;
  const source = (): SignInSource => ({
    addressGroup,
    device: readDeviceCookie(device, DEVICE_KEY),
    replacedToken: token,
    now: TRIED_AT,
  });
  return {
    source,
    enter: async (signIn) => {
      const signedIn = await signIn(source());
      device = signedIn.deviceCookie;
      token = signedIn.token;
      return token;
    },
  };
}

/** Provides a database for the suite and a new utility for each test, before the test begins. */
export function beforeEachTest(
  use: (given: { database: TestDatabase; utility: SignInUtility }) => unknown,
): void {
  let database: TestDatabase;
  let count = 0;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    count += 1;
    await use({ database, utility: await openSignInUtility(database, `gas-${count}`) });
  });
}

/** Outcome of a sign-in as one word. */
export function answerTo(signingIn: Promise<unknown>): Promise<string> {
  return signingIn.then(
    () => 'in',
    (error: { code?: string }) => error.code ?? String(error),
  );
}

/** A test's own utility, in which staff sign in. */
export interface SignInUtility {
  utilityId: number;
  utilityCode: string;
  operator: SystemActor;
  /** Runs `fn` as the operator's commands do. */
  transact<T>(fn: (tx: Tx) => Promise<T>): Promise<T>;
  addAccount(login?: string, password?: string): Promise<number>;
  /** Signs in, with a new browser unless one is given; returns the session's token. */
  signIn(password?: string, login?: string, browser?: Browser): Promise<string>;
  /** The live session of a token, as the web process finds it. */
  whoIs(token: string): Promise<LiveSession | undefined>;
  /** Runs `fn` as the web process does for that session. */
  inSession<T>(token: string, fn: (tx: Tx) => Promise<T>): Promise<T>;
  /** Consecutive wrong tries from an address, each with a new browser. */
  fail(times: number, login?: string, addressGroup?: string): Promise<void>;
  /** Acts of the audit, as `act kind-of-subject`. */
  acts(): Promise<string[]>;
}

export async function openSignInUtility(
  database: TestDatabase,
  utilityCode: string,
): Promise<SignInUtility> {
  const utilityId = await createUtility(database.adminPool, utilityCode);
  const signInDatabase = signInDatabaseOf(database);
  const signIn: SignInUtility['signIn'] = (
    password = PASSWORD,
    login = 'kenshin',
    browser = newBrowser(),
  ) =>
    browser.enter((source) =>
      signInStaff(signInDatabase, { utilityCode, login, password }, source),
    );
  return {
    utilityId,
    utilityCode,
    operator: { kind: 'system', utilityId, name: 'operate' },
    transact: (fn) => transactAs(database.db, utilityId, fn),
    addAccount: async (login = 'kenshin', password = PASSWORD) => {
      const verifier = await createVerifier(password, CHEAP);
      return createAccount(database.adminPool, utilityId, { login, role: 'billing', verifier });
    },
    signIn,
    whoIs: (token) => findLiveSession(database.webDb, token),
    inSession: (sessionToken, fn) => transactByClaim(database.webDb, { sessionToken }, fn),
    fail: async (times, login, addressGroup) => {
      for (let time = 0; time < times; time += 1)
        await answerTo(signIn('wrong password', login, newBrowser(addressGroup)));
    },
    acts: async () => {
      const { rows } = await database.adminPool.query<{ act: string; subject: string }>(
        'select act, subject from audit where utility_id = $1 order by audit_id',
        [utilityId],
      );
      return rows.map(({ act, subject }) => `${act} ${subject.split(':')[0]}`);
    },
  };
}
