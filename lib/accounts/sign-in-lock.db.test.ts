/** Locks after wrong tries: which names and addresses they affect, and which users still get in. */
import { describe, expect, it } from 'vitest';
import { createSupplyPoint, occupy } from '../../db/testing/fixtures.ts';
import type { TestDatabase } from '../../db/testing/testing.ts';
import { issueRegistrationCode } from './credential-commands.ts';
import { signInConsumer } from './sign-in-commands.ts';
import {
  answerTo,
  beforeEachTest,
  newBrowser,
  PASSWORD,
  type SignInUtility,
  signInDatabaseOf,
  TRIED_AT,
} from './testing-sign-in.ts';

/** Wrong tries of a name from one address that lock it there. */
const TRIES_OF_AN_ADDRESS = 5;
/** Wrong tries of a login from all addresses, known devices excluded. */
const TRIES_OF_A_LOGIN = 100;
/** Wrong tries from one address, over all names. */
const TRIES_OF_ALL_NAMES = 60;

let database: TestDatabase;
let utility: SignInUtility;
beforeEachTest((given) => {
  ({ database, utility } = given);
});

const answer = (password?: string, login?: string, browser = newBrowser()): Promise<string> =>
  answerTo(utility.signIn(password, login, browser));

/** Tries the login from many addresses, from each until it is locked there. */
async function besiege(login: string, tries: number): Promise<void> {
  for (let done = 0; done < tries; done += TRIES_OF_AN_ADDRESS) {
    await utility.fail(TRIES_OF_AN_ADDRESS, login, `198.51.100.${done}`);
  }
}

/** Ends every lock of the utility. */
const passTime = () =>
  database.adminPool.query(
    "update sign_in_try set locked_until = now() - interval '1 second' where utility_id = $1 and locked_until is not null",
    [utility.utilityId],
  );

async function lockSeconds(): Promise<number[]> {
  const { rows } = await database.adminPool.query<{ seconds: number }>(
    `select round(extract(epoch from locked_until - tried_at))::int as seconds from sign_in_try
     where utility_id = $1 and locked_until > now() order by 1`,
    [utility.utilityId],
  );
  return rows.map(({ seconds }) => seconds);
}

describe('wrong tries from one address', () => {
  it('lock the name there at the fifth and state until when, also for the right password', async () => {
    await utility.addAccount();
    await utility.fail(TRIES_OF_AN_ADDRESS - 1);
    const locked = {
      code: 'locked',
      details: {
        until: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}\+09:00$/),
        retryAfterS: expect.any(Number),
      },
    };
    await expect(utility.signIn('wrong password')).rejects.toMatchObject(locked);
    await expect(utility.signIn()).rejects.toMatchObject(locked);
  });

  it('lock it nowhere else', async () => {
    await utility.addAccount();
    await utility.fail(TRIES_OF_AN_ADDRESS + 20);
    expect(await answer(PASSWORD, 'kenshin', newBrowser('192.0.2.2'))).toBe('in');
  });

  it('lock it for longer each time, a quarter of an hour at most', async () => {
    await utility.addAccount();
    await utility.fail(TRIES_OF_AN_ADDRESS);
    const seconds = [await lockSeconds()];
    for (let time = 0; time < 5; time += 1) {
      await passTime();
      await utility.fail(1);
      seconds.push(await lockSeconds());
    }
    expect(seconds.flat()).toEqual([60, 120, 240, 480, 900, 900]);
  });

  it('are reset by the right password, at the fifth try too', async () => {
    await utility.addAccount();
    await utility.fail(TRIES_OF_AN_ADDRESS - 1);
    expect(await answer()).toBe('in');
    await utility.fail(TRIES_OF_AN_ADDRESS - 1);
    expect(await answer()).toBe('in');
  });

  it('do not lock out the right password after the lock has ended', async () => {
    await utility.addAccount();
    await utility.fail(TRIES_OF_AN_ADDRESS);
    await passTime();
    expect(await answer()).toBe('in');
  });

  it('are compared no more than five times, however many come at once', async () => {
    await utility.addAccount();
    const answers = await Promise.all(Array.from({ length: 10 }, () => answer('wrong password')));
    // The fifth is answered with the lock that it caused.
    expect(answers.filter((given) => given === 'unauthenticated')).toHaveLength(4);
    expect(answers.filter((given) => given === 'locked')).toHaveLength(6);
    const compared = (await utility.acts()).filter((act) => act === 'session.refused staff');
    expect(compared).toHaveLength(TRIES_OF_AN_ADDRESS);
  });

  it('lock an unknown login in the same way', async () => {
    await utility.addAccount();
    const answers: Record<string, string[]> = {};
    for (const [login, address] of [
      ['kenshin', '192.0.2.1'],
      ['nobody', '192.0.2.2'],
    ] as const) {
      answers[login] = [];
      for (let time = 0; time <= TRIES_OF_AN_ADDRESS; time += 1)
        answers[login].push(await answer('wrong', login, newBrowser(address)));
    }
    expect(answers.nobody).toEqual(answers.kenshin);
    expect(answers.nobody?.slice(-3)).toEqual(['unauthenticated', 'locked', 'locked']);
  });

  it('over many names lock all names there, and none elsewhere', async () => {
    await utility.addAccount();
    for (let name = 0; name < TRIES_OF_ALL_NAMES; name += 1) {
      await utility.addAccount(`desk-${name}`);
      await utility.fail(1, `desk-${name}`);
    }
    expect(await lockSeconds()).toEqual([2]);
    await database.adminPool.query(
      "update sign_in_try set locked_until = now() + interval '1 minute' where utility_id = $1 and typed_hash = ''",
      [utility.utilityId],
    );
    expect(await answer()).toBe('locked');
    expect(await answer(PASSWORD, 'kenshin', newBrowser('192.0.2.2'))).toBe('in');
  });

  it('lock out no other address: 27 names are tried until they are locked, and 27 get in from their own addresses', async () => {
    const logins = Array.from({ length: 27 }, (_, each) => `desk-${each}`);
    for (const login of logins) await utility.addAccount(login);
    for (const login of logins) await utility.fail(TRIES_OF_AN_ADDRESS, login);
    const answers: string[] = [];
    for (const [each, login] of logins.entries())
      answers.push(await answer(PASSWORD, login, newBrowser(`203.0.113.${each}`)));
    expect(answers.filter((given) => given === 'in')).toHaveLength(27);
  });

  it('are counted alone: a whole desk signs in at once with the right password', async () => {
    await utility.addAccount();
    const desk = await Promise.all(Array.from({ length: 8 }, () => answer()));
    expect(desk).toEqual(Array.from({ length: 8 }, () => 'in'));
    await utility.fail(TRIES_OF_AN_ADDRESS - 1);
    expect(await answer()).toBe('in');
  });
});

describe('wrong tries from many addresses', () => {
  it('lock a login for browsers that have not signed in before, and never for one that has', async () => {
    await utility.addAccount();
    const known = newBrowser();
    await utility.signIn(PASSWORD, 'kenshin', known);
    await besiege('kenshin', TRIES_OF_A_LOGIN);
    expect(await answer(PASSWORD, 'kenshin', newBrowser('203.0.113.1'))).toBe('locked');
    expect(await answer(PASSWORD, 'kenshin', known)).toBe('in');
  });

  it('lock a login for ten seconds first, five minutes at most', async () => {
    await utility.addAccount();
    await besiege('kenshin', TRIES_OF_A_LOGIN - TRIES_OF_AN_ADDRESS);
    await passTime();
    const seconds: number[] = [];
    for (let time = 0; time < 12; time += 1) {
      await utility.fail(1, 'kenshin', `203.0.113.${time}`);
      seconds.push(...(await lockSeconds()));
      await passTime();
    }
    expect(seconds).toEqual([10, 20, 40, 80, 160, 300, 300, 300]);
  });

  it('never lock a customer number, because a registration code cannot be guessed', async () => {
    const supplyPointId = await createSupplyPoint(database.adminPool, utility.utilityId);
    await occupy(database.adminPool, utility.utilityId, {
      supplyPointId,
      customerNumber: '000123',
      fromOn: '2020-01-01',
    });
    const registrationCode = await utility.transact((tx) =>
      issueRegistrationCode(tx, utility.operator, { customerNumber: '000123', now: TRIED_AT }),
    );
    // Inserts the counter of the hundred tries, each of which would cost a real hash.
    await database.adminPool.query(
      `insert into sign_in_try (utility_id, kind, typed_hash, source_hash, failed_count, tried_at)
       values ($1, 'consumer', sign_in_keyed_hash('name 000123'), '', 1000, now())`,
      [utility.utilityId],
    );
    const enter = (code: string, address: string) =>
      answerTo(
        newBrowser(address).enter((source) =>
          signInConsumer(
            signInDatabaseOf(database),
            { utilityCode: utility.utilityCode, customerNumber: '000123', registrationCode: code },
            source,
          ),
        ),
      );
    expect(await enter('WRONG', '198.51.100.1')).toBe('unauthenticated');
    expect(await enter(registrationCode, '203.0.113.1')).toBe('in');
  });
});

describe('a browser that has signed in with a login before', () => {
  it('gets in with the right password whatever is tried at its own address', async () => {
    await utility.addAccount();
    const known = newBrowser();
    await utility.signIn(PASSWORD, 'kenshin', known);
    await utility.fail(TRIES_OF_AN_ADDRESS + 2);
    expect(await answer()).toBe('locked');
    expect(await answer(PASSWORD, 'kenshin', known)).toBe('in');
  });

  it('counts as any other after five wrong tries of its own', async () => {
    await utility.addAccount();
    const known = newBrowser();
    await utility.signIn(PASSWORD, 'kenshin', known);
    const answers: string[] = [];
    for (let time = 0; time < 2 * TRIES_OF_AN_ADDRESS; time += 1)
      answers.push(await answer('wrong password', 'kenshin', known));
    expect(answers).toEqual([...Array(9).fill('unauthenticated'), 'locked']);
    expect(await answer(PASSWORD, 'kenshin', known)).toBe('locked');
    expect(await lockSeconds()).toEqual([60, 900]);
  });

  it('counts as unknown for every other login', async () => {
    await utility.addAccount();
    await utility.addAccount('other-desk');
    const known = newBrowser();
    await utility.signIn(PASSWORD, 'kenshin', known);
    await utility.fail(TRIES_OF_AN_ADDRESS, 'other-desk');
    expect(await answer(PASSWORD, 'other-desk', known)).toBe('locked');
  });
});
