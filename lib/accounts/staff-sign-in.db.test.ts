import { describe, expect, it } from 'vitest';
import { createAccount } from '../../db/testing/accounts.ts';
import { createUtility } from '../../db/testing/fixtures.ts';
import type { TestDatabase } from '../../db/testing/testing.ts';
import { setPassword } from './credential-commands.ts';
import { createVerifier } from './password.ts';
import { type SignedInActor, STAFF_SESSION_HOURS } from './session.ts';
import { signOut, signOutEverywhere } from './session-commands.ts';
import { hashSessionToken } from './session-token.ts';
import { signInStaff } from './sign-in-commands.ts';
import {
  answerTo,
  beforeEachTest,
  CHEAP,
  newBrowser,
  openSignInUtility,
  PASSWORD,
  type SignInUtility,
  signInDatabaseOf,
  TRIED_AT,
} from './testing-sign-in.ts';

const UUID = expect.stringMatching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);

let database: TestDatabase;
let utility: SignInUtility;
beforeEachTest((given) => {
  ({ database, utility } = given);
});

const whoIs = (token: string) => utility.whoIs(token);

async function actorOf(token: string): Promise<SignedInActor> {
  const session = await whoIs(token);
  if (!session) throw new Error('no live session');
  return session.actor;
}

describe('staff', () => {
  it('sign in with utility, login and password, and are identified by their session', async () => {
    const accountId = await utility.addAccount();
    const token = await utility.signIn();
    expect(await whoIs(token)).toEqual({
      actor: {
        kind: 'staff',
        utilityId: utility.utilityId,
        accountId,
        role: 'billing',
        sessionId: UUID,
      },
      displayName: '検針係',
    });
    expect(await utility.acts()).toEqual(['session.started staff']);
  });

  it('may type their login in capitals, in full width or with a space behind', async () => {
    await utility.addAccount();
    expect(await utility.signIn(PASSWORD, ' Ｋｅｎｓｈｉｎ ')).toBeTruthy();
  });

  it('are refused alike for a wrong password, login or utility', async () => {
    await utility.addAccount();
    const wrong = { code: 'unauthenticated', message: 'the name or the password is wrong' };
    await expect(utility.signIn('another password')).rejects.toMatchObject(wrong);
    await expect(utility.signIn(PASSWORD, 'nobody')).rejects.toMatchObject(wrong);
    const elsewhere = { utilityCode: 'no-such-gas', login: 'kenshin', password: PASSWORD };
    await expect(
      signInStaff(signInDatabaseOf(database), elsewhere, newBrowser().source()),
    ).rejects.toMatchObject(wrong);
    expect(await utility.acts()).toContain('session.refused staff');
  });

  it('are separate from the same login of another utility', async () => {
    const accountId = await utility.addAccount();
    const other = await createUtility(database.adminPool, `${utility.utilityCode}-b`);
    const verifier = await createVerifier('the other password', CHEAP);
    await createAccount(database.adminPool, other, { login: 'kenshin', role: 'billing', verifier });
    await expect(utility.signIn('the other password')).rejects.toMatchObject({
      code: 'unauthenticated',
    });
    expect(await actorOf(await utility.signIn())).toMatchObject({
      utilityId: utility.utilityId,
      accountId,
    });
  });

  it('are asked to retry when many sign in at once, and get in afterwards', async () => {
    await utility.addAccount();
    const crowd = await Promise.all(Array.from({ length: 60 }, () => answerTo(utility.signIn())));
    expect(new Set(crowd)).toEqual(new Set(['in', 'unavailable']));
    expect(await answerTo(utility.signIn())).toBe('in');
  });

  it('cannot have control characters in a login', async () => {
    expect(await answerTo(utility.signIn(PASSWORD, 'a\0b'))).toBe('unauthenticated');
  });

  it('are refused when their account is disabled, and signed out at once when it becomes so', async () => {
    await utility.addAccount();
    const token = await utility.signIn();
    await database.adminPool.query('update account set disabled_at = now() where utility_id = $1', [
      utility.utilityId,
    ]);
    expect(await whoIs(token)).toBeUndefined();
    await expect(utility.signIn()).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});

describe('a session', () => {
  it('is opened by its token only: neither by its id nor by what the row stores of the token', async () => {
    await utility.addAccount();
    const token = await utility.signIn();
    expect(token).toMatch(/^[\w-]{43}$/);
    const { sessionId } = await actorOf(token);
    const kept = hashSessionToken(token);
    for (const other of [sessionId, kept.toString('hex'), kept.toString('base64url'), '']) {
      expect(await whoIs(other)).toBeUndefined();
    }
    const { rows } = await database.adminPool.query(
      `select s::text || coalesce(string_agg(a::text, ''), '') as everything
       from session s left join audit a using (utility_id) where utility_id = $1 group by s`,
      [utility.utilityId],
    );
    expect(rows[0].everything).toContain(sessionId);
    expect(rows[0].everything).not.toContain(token);
  });

  it('ends at once when it is signed out, and the others of the account go on', async () => {
    await utility.addAccount();
    const [one, other] = [await utility.signIn(), await utility.signIn()];
    const actor = await actorOf(one);
    await utility.inSession(one, (tx) => signOut(tx, actor));
    expect(await whoIs(one)).toBeUndefined();
    expect(await whoIs(other)).toBeDefined();
  });

  it('ends with all others when signed out everywhere', async () => {
    await utility.addAccount();
    await utility.addAccount('other-desk');
    const [one, other, desk] = [
      await utility.signIn(),
      await utility.signIn(),
      await utility.signIn(PASSWORD, 'other-desk'),
    ];
    const actor = await actorOf(one);
    const ended = await utility.inSession(one, (tx) => signOutEverywhere(tx, actor));
    expect(ended).toBe(2);
    expect(await Promise.all([one, other, desk].map(whoIs))).toEqual([
      undefined,
      undefined,
      expect.anything(),
    ]);
  });

  it('lasts as long as its cookie', async () => {
    await utility.addAccount();
    await utility.signIn();
    const { rows } = await database.adminPool.query<{ hours: number }>(
      'select extract(epoch from expires_at - started_at)::int / 3600 as hours from session where utility_id = $1',
      [utility.utilityId],
    );
    expect(rows).toEqual([{ hours: STAFF_SESSION_HOURS }]);
  });

  it('ends when its browser signs in again, also as another person', async () => {
    await utility.addAccount();
    await utility.addAccount('other-desk');
    const [browser, elsewhere] = [newBrowser(), await utility.signIn()];
    const first = await utility.signIn(PASSWORD, 'kenshin', browser);
    const second = await utility.signIn(PASSWORD, 'other-desk', browser);
    const kept = await Promise.all([first, second, elsewhere].map(whoIs));
    expect(kept).toEqual([undefined, expect.anything(), expect.anything()]);
    const { rows } = await database.adminPool.query(
      "select actor = subject as own, detail ->> 'because' as because from audit where utility_id = $1 and act = 'session.ended'",
      [utility.utilityId],
    );
    expect(rows).toEqual([{ own: true, because: 'signed in again' }]);
  });

  it('ends when its time is over', async () => {
    await utility.addAccount();
    const token = await utility.signIn();
    await database.adminPool.query(
      "update session set expires_at = now() - interval '1 second' where token_hash = $1",
      [hashSessionToken(token)],
    );
    expect(await whoIs(token)).toBeUndefined();
  });

  it('ends when the password changes', async () => {
    const accountId = await utility.addAccount();
    const token = await utility.signIn();
    const change = { accountId, password: 'an entirely new password', now: TRIED_AT };
    await utility.transact((tx) => setPassword(tx, utility.operator, change));
    expect(await whoIs(token)).toBeUndefined();
  });

  it('cannot be ended by another utility', async () => {
    await utility.addAccount();
    const token = await utility.signIn();
    const actor = await actorOf(token);
    const other = await openSignInUtility(database, `${utility.utilityCode}-b`);
    await other.addAccount();
    const { utilityId } = other;
    await other.inSession(await other.signIn(), (tx) => signOut(tx, { ...actor, utilityId }));
    expect(await whoIs(token)).toBeDefined();
  });
});
