/** End of a lock, and the stored rows on wrong tries and browsers. */
import { describe, expect, it } from 'vitest';
import type { TestDatabase } from '../../db/testing/testing.ts';
import { unlockSignIn } from './account-commands.ts';
import { setPassword } from './credential-commands.ts';
import {
  answerTo,
  beforeEachTest,
  newBrowser,
  openSignInUtility,
  PASSWORD,
  type SignInUtility,
  TRIED_AT,
} from './testing-sign-in.ts';

/** Wrong tries of a name from one address that lock it there. */
const TRIES_OF_AN_ADDRESS = 5;

let database: TestDatabase;
let utility: SignInUtility;
beforeEachTest((given) => {
  ({ database, utility } = given);
});

const answer = (password?: string, login?: string, browser = newBrowser()): Promise<string> =>
  answerTo(utility.signIn(password, login, browser));

/** Locks the login as a hundred wrong tries from everywhere would. */
const closeEverywhere = () =>
  database.adminPool.query(
    `insert into sign_in_try (utility_id, kind, typed_hash, source_hash, failed_count, locked_until, tried_at)
     values ($1, 'staff', sign_in_keyed_hash('name kenshin'), '', 100, now() + interval '1 minute', now())
     on conflict (utility_id, kind, typed_hash, source_hash) do update
     set failed_count = excluded.failed_count, locked_until = excluded.locked_until`,
    [utility.utilityId],
  );

describe('a lock', () => {
  it('is removed by a new password', async () => {
    const accountId = await utility.addAccount();
    await utility.fail(TRIES_OF_AN_ADDRESS);
    const change = { accountId, password: 'an entirely new phrase', now: TRIED_AT };
    await utility.transact((tx) => setPassword(tx, utility.operator, change));
    expect(await answer('an entirely new phrase')).toBe('in');
  });

  it('is removed by unlocking, everywhere, recorded in the audit', async () => {
    await utility.addAccount();
    await utility.fail(TRIES_OF_AN_ADDRESS);
    await closeEverywhere();
    expect(await answer(PASSWORD, 'kenshin', newBrowser('203.0.113.1'))).toBe('locked');
    await utility.transact((tx) =>
      unlockSignIn(tx, utility.operator, { kind: 'staff', name: 'kenshin' }),
    );
    expect(await answer(PASSWORD, 'kenshin', newBrowser('203.0.113.1'))).toBe('in');
    expect(await answer()).toBe('in');
    expect((await utility.acts()).slice(-3)).toEqual([
      'sign-in.unlocked staff',
      'session.started staff',
      'session.started staff',
    ]);
  });

  it('is recorded in the audit with its end when the name is registered', async () => {
    await utility.addAccount();
    await utility.fail(TRIES_OF_AN_ADDRESS);
    const { rows } = await database.adminPool.query(
      'select detail from audit where utility_id = $1 order by audit_id desc limit 1',
      [utility.utilityId],
    );
    expect(rows[0].detail).toEqual({
      failedCount: TRIES_OF_AN_ADDRESS,
      lockedUntil: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}\+09:00$/),
    });
  });

  it('is not visible in another utility', async () => {
    await utility.addAccount();
    await utility.fail(TRIES_OF_AN_ADDRESS);
    const other = await openSignInUtility(database, `${utility.utilityCode}-b`);
    await other.addAccount();
    expect(await answerTo(other.signIn())).toBe('in');
  });
});

describe('the stored data on wrong tries', () => {
  const rowCount = async (): Promise<number> => {
    const { rows } = await database.adminPool.query<{ count: number }>(
      'select count(*)::int as count from sign_in_try where utility_id = $1',
      [utility.utilityId],
    );
    return rows[0]!.count;
  };

  it('contains no name that could be guessed from it, because people also type passwords there', async () => {
    await utility.addAccount();
    await utility.fail(1);
    await utility.signIn();
    const { rows } = await database.adminPool.query(
      `select kept, typed_hash = sha256('kenshin') as is_plain, typed_hash = sign_in_keyed_hash('name kenshin') as is_keyed
       from (select 'try' as kept, utility_id, typed_hash from sign_in_try where source_hash <> '' and typed_hash <> ''
             union all select 'device', utility_id, typed_hash from known_device) k
       where utility_id = $1 order by kept`,
      [utility.utilityId],
    );
    expect(rows).toEqual(
      ['device', 'try'].map((kept) => ({ kept, is_plain: false, is_keyed: true })),
    );
  });

  it('is deleted after a day', async () => {
    await utility.addAccount();
    await utility.fail(TRIES_OF_AN_ADDRESS - 1);
    await utility.fail(1, 'nobody');
    await database.adminPool.query(
      "update sign_in_try set tried_at = now() - interval '25 hours' where utility_id = $1",
      [utility.utilityId],
    );
    expect(await answer('wrong')).toBe('unauthenticated');
    const { rows } = await database.adminPool.query(
      'select distinct failed_count from sign_in_try where utility_id = $1',
      [utility.utilityId],
    );
    expect(rows).toEqual([{ failed_count: 1 }]);
    // By name and address, by name, by address; those of the other name are deleted.
    expect(await rowCount()).toBe(3);
  });

  it('is bounded: beyond the maximum the oldest rows are deleted', async () => {
    for (let name = 0; name < 10; name += 1) {
      await utility.addAccount(`name-${name}`);
      await utility.fail(1, `name-${name}`, `192.0.2.${name}`);
    }
    expect(await rowCount()).toBe(30);
    await database.adminPool.query('select clear_sign_in_tries($1, 29)', [utility.utilityId]);
    expect(await rowCount()).toBe(10);
    await database.adminPool.query('select clear_sign_in_tries($1, 29)', [utility.utilityId]);
    expect(await rowCount()).toBe(10);
  });

  it('is of fifty browsers a name, the latest to sign in', async () => {
    await utility.addAccount();
    const known = newBrowser();
    await utility.signIn(PASSWORD, 'kenshin', known);
    await database.adminPool.query(
      `insert into known_device (utility_id, kind, typed_hash, device_hash, used_at)
       select $1, 'staff', sign_in_keyed_hash('name kenshin'), sha256(n::text::bytea), now() - make_interval(days => n + 1)
       from generate_series(1, 60) n`,
      [utility.utilityId],
    );
    await utility.signIn(PASSWORD, 'kenshin', known);
    const { rows } = await database.adminPool.query(
      "select count(*)::int as count, min(used_at) > now() - interval '55 days' as recent from known_device where utility_id = $1",
      [utility.utilityId],
    );
    expect(rows).toEqual([{ count: 50, recent: true }]);
  });
});
