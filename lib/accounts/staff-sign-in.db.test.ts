import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readAs, transactAs } from '../../db/client.ts';
import { type TestDatabase, testDatabase } from '../../db/testing.ts';
import { createAccount, createUtility } from '../../db/testing-fixtures.ts';
import type { SystemActor } from '../actor.ts';
import { setPassword } from './commands.ts';
import { hashPassword } from './password.ts';
import { findLiveSession } from './queries.ts';
import type { SignedInActor } from './session.ts';
import { signOut, signOutEverywhere } from './session-commands.ts';
import { hashSessionToken } from './session-token.ts';
import { type Entrance, signInStaff } from './sign-in-commands.ts';

const TRIES_BEFORE_LOCK = 5;
const PASSWORD = 'a long enough password';
const UUID = expect.stringMatching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);

let database: TestDatabase;
let entrance: Entrance;
let utilityId: number;
let utilityCode: string;
let count = 0;

beforeAll(async () => {
  database = await testDatabase();
  entrance = {
    lookUp: (fn) => fn(database.db),
    read: (utility, fn) => readAs(database.db, utility, fn),
    transact: (utility, fn) => transactAs(database.db, utility, fn),
  };
});
afterAll(() => database.close());
beforeEach(async () => {
  count += 1;
  utilityCode = `gas-${count}`;
  utilityId = await createUtility(database.adminPool, utilityCode);
});

const seed = (utility = utilityId): SystemActor => ({
  kind: 'system',
  utilityId: utility,
  name: 'seed',
});

/** An account whose hash costs next to nothing, so that a test may fail as often as it needs. */
async function addAccount(
  login = 'kenshin',
  password = PASSWORD,
  utility = utilityId,
): Promise<number> {
  const passwordHash = await hashPassword(password, { N: 16, r: 1, p: 1 });
  return createAccount(database.adminPool, utility, { login, role: 'billing', passwordHash });
}

function signIn(password = PASSWORD, login = 'kenshin'): Promise<string> {
  return signInStaff(entrance, { utilityCode, login, password });
}

/** How a sign-in was answered, in a word. */
const answer = (signingIn: Promise<string>): Promise<string> =>
  signingIn.then(
    () => 'in',
    (error: { code: string }) => error.code,
  );

const whoIs = (token: string) => findLiveSession(database.db, token);

async function actorOf(token: string): Promise<SignedInActor> {
  const session = await whoIs(token);
  if (!session) throw new Error('no live session');
  return session.actor;
}

async function acts(): Promise<string[]> {
  const { rows } = await database.adminPool.query<{ act: string; subject: string }>(
    'select act, subject from audit where utility_id = $1 order by audit_id',
    [utilityId],
  );
  return rows.map(({ act, subject }) => `${act} ${subject.split(':')[0]}`);
}

describe('staff', () => {
  it('sign in with utility, login and password, and are known by their session', async () => {
    const accountId = await addAccount();
    const token = await signIn();
    expect(await whoIs(token)).toEqual({
      actor: { kind: 'staff', utilityId, accountId, role: 'billing', sessionId: UUID },
      displayName: '検針係',
    });
    expect(await acts()).toEqual(['session.started staff']);
  });

  it('may type their login in capitals, in full width or with a space behind', async () => {
    await addAccount();
    expect(await signIn(PASSWORD, ' Ｋｅｎｓｈｉｎ ')).toBeTruthy();
  });

  it('are refused alike for a wrong password, login or utility', async () => {
    await addAccount();
    const wrong = { code: 'unauthenticated', message: 'the name or the password is wrong' };
    await expect(signIn('another password')).rejects.toMatchObject(wrong);
    await expect(signIn(PASSWORD, 'nobody')).rejects.toMatchObject(wrong);
    const elsewhere = { utilityCode: 'no-such-gas', login: 'kenshin', password: PASSWORD };
    await expect(signInStaff(entrance, elsewhere)).rejects.toMatchObject(wrong);
    expect(await acts()).toContain('session.refused staff');
  });

  it('are kept apart from the same login of another utility', async () => {
    const accountId = await addAccount();
    const other = await createUtility(database.adminPool, `${utilityCode}-b`);
    await addAccount('kenshin', 'the other password', other);
    await expect(signIn('the other password')).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(await actorOf(await signIn())).toMatchObject({ utilityId, accountId });
  });

  it('are told to come back when a crowd signs in at once, and let in after it', async () => {
    await addAccount();
    const crowd = await Promise.all(Array.from({ length: 60 }, () => answer(signIn())));
    expect(new Set(crowd)).toEqual(new Set(['in', 'unavailable']));
    expect(await answer(signIn())).toBe('in');
  });

  it('are nobody with control characters for a login', async () => {
    expect(await answer(signIn(PASSWORD, 'a\0b'))).toBe('unauthenticated');
  });

  it('are not let in when their account is disabled, and out at once when it becomes so', async () => {
    await addAccount();
    const token = await signIn();
    await database.adminPool.query('update account set disabled_at = now() where utility_id = $1', [
      utilityId,
    ]);
    expect(await whoIs(token)).toBeUndefined();
    await expect(signIn()).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});

describe('the lock', () => {
  async function fail(times: number): Promise<void> {
    for (let time = 0; time < times; time += 1)
      await signIn('wrong password').catch(() => undefined);
  }
  const endLock = () =>
    database.adminPool.query(
      "update sign_in_try set locked_until = now() - interval '1 second' where utility_id = $1",
      [utilityId],
    );

  it('closes at the fifth wrong password and says until when, to the right one too', async () => {
    await addAccount();
    await fail(TRIES_BEFORE_LOCK - 1);
    const locked = {
      code: 'locked',
      details: { until: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}\+09:00$/) },
    };
    await expect(signIn('wrong password')).rejects.toMatchObject(locked);
    await expect(signIn()).rejects.toMatchObject(locked);
  });

  it('lets the right password in at the fifth try and begins to count anew', async () => {
    await addAccount();
    await fail(TRIES_BEFORE_LOCK - 1);
    await signIn();
    await fail(TRIES_BEFORE_LOCK - 1);
    expect(await signIn()).toBeTruthy();
  });

  it('opens by itself and then counts anew', async () => {
    await addAccount();
    await fail(TRIES_BEFORE_LOCK);
    await endLock();
    await expect(signIn('wrong password')).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(await signIn()).toBeTruthy();
  });

  it('looks at no more than five passwords, however many are tried at once', async () => {
    await addAccount();
    const tries = Array.from({ length: 12 }, () => answer(signIn('wrong password')));
    const answers = await Promise.all(tries);
    // The fifth is answered with the lock that it caused.
    expect(answers.filter((given) => given === 'unauthenticated')).toHaveLength(
      TRIES_BEFORE_LOCK - 1,
    );
    const looked = (await acts()).filter((act) => act === 'session.refused staff');
    expect(looked).toHaveLength(TRIES_BEFORE_LOCK);
  });

  it('closes a login that nobody has in the same way', async () => {
    await addAccount();
    const answers: Record<string, string[]> = {};
    for (const login of ['kenshin', 'nobody']) {
      const given: string[] = [];
      for (let time = 0; time <= TRIES_BEFORE_LOCK; time += 1)
        given.push(await answer(signIn('wrong', login)));
      answers[login] = given;
    }
    expect(answers.nobody).toEqual(answers.kenshin);
    expect(answers.nobody?.slice(-3)).toEqual(['unauthenticated', 'locked', 'locked']);
  });

  it('counts wrong passwords alone: a whole desk signs in at once', async () => {
    await addAccount();
    const desk = Array.from({ length: 8 }, () => answer(signIn()));
    expect(await Promise.all(desk)).toEqual(Array.from({ length: 8 }, () => 'in'));
    await fail(TRIES_BEFORE_LOCK - 1);
    expect(await answer(signIn())).toBe('in');
  });

  it('forgets wrong tries after a day, and clears them away', async () => {
    await addAccount();
    await fail(TRIES_BEFORE_LOCK - 1);
    await answer(signIn('wrong', 'nobody'));
    await database.adminPool.query(
      "update sign_in_try set tried_at = now() - interval '25 hours' where utility_id = $1",
      [utilityId],
    );
    expect(await answer(signIn('wrong'))).toBe('unauthenticated');
    const { rows } = await database.adminPool.query(
      'select failed_count from sign_in_try where utility_id = $1',
      [utilityId],
    );
    expect(rows).toEqual([{ failed_count: 1 }]);
  });

  it('is lifted by a new password', async () => {
    const accountId = await addAccount();
    await fail(TRIES_BEFORE_LOCK);
    const change = { accountId, password: 'an entirely new password' };
    await transactAs(database.db, utilityId, (tx) => setPassword(tx, seed(), change));
    expect(await signIn('an entirely new password')).toBeTruthy();
  });
});

describe('a session', () => {
  it('is opened by its token alone: neither its id nor what the row keeps of the token opens it', async () => {
    await addAccount();
    const token = await signIn();
    expect(token).toMatch(/^[\w-]{43}$/);
    const { sessionId } = await actorOf(token);
    const kept = hashSessionToken(token);
    for (const other of [sessionId, kept.toString('hex'), kept.toString('base64url'), '']) {
      expect(await whoIs(other)).toBeUndefined();
    }
    const { rows } = await database.adminPool.query(
      `select s::text || coalesce(string_agg(a::text, ''), '') as everything
       from session s left join audit a using (utility_id) where utility_id = $1 group by s`,
      [utilityId],
    );
    expect(rows[0].everything).toContain(sessionId);
    expect(rows[0].everything).not.toContain(token);
  });

  it('ends at once when it is signed out, and the others of the account go on', async () => {
    await addAccount();
    const [one, other] = [await signIn(), await signIn()];
    const actor = await actorOf(one);
    await transactAs(database.db, utilityId, (tx) => signOut(tx, actor));
    expect(await whoIs(one)).toBeUndefined();
    expect(await whoIs(other)).toBeDefined();
  });

  it('ends with all others when signed out everywhere', async () => {
    await addAccount();
    await addAccount('other-desk');
    const [one, other, desk] = [
      await signIn(),
      await signIn(),
      await signIn(PASSWORD, 'other-desk'),
    ];
    const actor = await actorOf(one);
    const ended = await transactAs(database.db, utilityId, (tx) => signOutEverywhere(tx, actor));
    expect(ended).toBe(2);
    expect(await Promise.all([one, other, desk].map(whoIs))).toEqual([
      undefined,
      undefined,
      expect.anything(),
    ]);
  });

  it('ends when its time is over', async () => {
    await addAccount();
    const token = await signIn();
    await database.adminPool.query(
      "update session set expires_at = now() - interval '1 second' where token_hash = $1",
      [hashSessionToken(token)],
    );
    expect(await whoIs(token)).toBeUndefined();
  });

  it('ends when the password changes', async () => {
    const accountId = await addAccount();
    const token = await signIn();
    const change = { accountId, password: 'an entirely new password' };
    await transactAs(database.db, utilityId, (tx) => setPassword(tx, seed(), change));
    expect(await whoIs(token)).toBeUndefined();
  });

  it('cannot be ended by another utility', async () => {
    await addAccount();
    const token = await signIn();
    const actor = await actorOf(token);
    const other = await createUtility(database.adminPool, `${utilityCode}-b`);
    await transactAs(database.db, other, (tx) => signOut(tx, { ...actor, utilityId: other }));
    expect(await whoIs(token)).toBeDefined();
  });
});
