/** A session is opened only by a password; the web process and strangers learn no more than they need. */
import { describe, expect, it } from 'vitest';
import { transactAs } from '../../db/client.ts';
import { createAccount } from '../../db/testing/accounts.ts';
import type { TestDatabase } from '../../db/testing/testing.ts';
import { setPassword } from './credential-commands.ts';
import { createVerifier, deriveKey } from './password.ts';
import { hashSessionToken, newSessionToken } from './session-token.ts';
import {
  answerTo,
  beforeEachTest,
  CHEAP,
  PASSWORD,
  type SignInUtility,
  TRIED_AT,
} from './testing-sign-in.ts';

interface Begun {
  salt: Buffer;
  scrypt_n: number;
  scrypt_r: number;
  scrypt_p: number;
}

let database: TestDatabase;
let utility: SignInUtility;
beforeEachTest((given) => {
  ({ database, utility } = given);
});

async function begin(login: string, utilityCode = utility.utilityCode): Promise<Begun> {
  const { rows } = await database.webPool.query<Begun>(
    "select salt, scrypt_n, scrypt_r, scrypt_p from begin_sign_in('staff', $1, $2, 'x', null)",
    [utilityCode, login],
  );
  return rows[0]!;
}

async function finish(derived: Buffer, login = 'kenshin'): Promise<string> {
  const { rows } = await database.webPool.query<{ outcome: string }>(
    "select outcome from finish_sign_in('staff', $1, $2, $3, $4, 'x', 'device', null)",
    [utility.utilityCode, login, derived, hashSessionToken(newSessionToken())],
  );
  return rows[0]!.outcome;
}

/** Live sessions of an account, in the order of their start. */
async function liveSessions(accountId: number): Promise<string[]> {
  const { rows } = await database.adminPool.query<{ session_id: string }>(
    'select session_id from session where utility_id = $1 and account_id = $2 and revoked_at is null order by started_at',
    [utility.utilityId, accountId],
  );
  return rows.map(({ session_id }) => session_id);
}

describe('the database during a sign-in', () => {
  it('opens a session for the derived key, and not for what it stores', async () => {
    const verifier = await createVerifier(PASSWORD, CHEAP);
    await createAccount(database.adminPool, utility.utilityId, {
      login: 'kenshin',
      role: 'billing',
      verifier,
    });
    expect(await finish(verifier.verifier)).toBe('wrong');
    expect(await finish(Buffer.alloc(0))).toBe('wrong');
    const begun = await begin('kenshin');
    expect(await finish(await deriveKey('another password', begun))).toBe('wrong');
    expect(await finish(await deriveKey(PASSWORD, begun))).toBe('in');
  });

  it('keeps ten sessions of a person: another one ends the oldest, recorded in the audit', async () => {
    const verifier = await createVerifier(PASSWORD, CHEAP);
    const accounts: number[] = [];
    for (const login of ['kenshin', 'eigyo']) {
      const account = { login, role: 'billing', verifier } as const;
      accounts.push(await createAccount(database.adminPool, utility.utilityId, account));
    }
    const key = await deriveKey(PASSWORD, await begin('kenshin'));
    expect(await finish(key, 'eigyo')).toBe('in');
    const started: string[] = [];
    for (let count = 0; count < 12; count += 1) {
      expect(await finish(key)).toBe('in');
      started.push(...(await liveSessions(accounts[0]!)).filter((id) => !started.includes(id)));
    }
    expect(await liveSessions(accounts[0]!)).toEqual(started.slice(2));
    expect(await liveSessions(accounts[1]!)).toHaveLength(1);
    const { rows } = await database.adminPool.query(
      "select subject, detail->>'sessionId' as id from audit where utility_id = $1 and act = 'session.ended' order by audit_id",
      [utility.utilityId],
    );
    const subject = `staff:${accounts[0]}`;
    expect(rows).toEqual(started.slice(0, 2).map((id) => ({ subject, id })));
  });

  it('returns a constant salt and the usual cost for an unknown name, different for each', async () => {
    const verifier = await createVerifier(PASSWORD);
    await createAccount(database.adminPool, utility.utilityId, {
      login: 'kenshin',
      role: 'billing',
      verifier,
    });
    const [known, nobody] = [await begin('kenshin'), await begin('nobody')];
    expect(known.salt).toEqual(verifier.salt);
    expect(nobody.salt).toHaveLength(known.salt.length);
    expect({ ...nobody, salt: undefined }).toEqual({ ...known, salt: undefined });
    expect(await begin('nobody')).toEqual(nobody);
    const others = [await begin('nobody-else'), await begin('nobody', 'no-such-gas')];
    for (const other of others) expect(other.salt).not.toEqual(nobody.salt);
  });

  it('completes no try with the previous password while a new one is being set', async () => {
    const accountId = await utility.addAccount();
    let answer: Promise<string> | undefined;
    await transactAs(database.db, utility.utilityId, async (tx) => {
      const change = { accountId, password: 'an entirely new phrase', now: TRIED_AT };
      await setPassword(tx, utility.operator, change);
      answer = answerTo(utility.signIn());
      await expect
        .poll(async () => {
          const { rows } = await database.adminPool.query(
            "select from pg_locks where locktype = 'advisory' and not granted",
          );
          return rows.length;
        })
        .toBe(1);
    });
    expect(await answer).toBe('unauthenticated');
  });
});
