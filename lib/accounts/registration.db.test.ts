import { describe, expect, it } from 'vitest';
import { transactAs } from '../../db/client.ts';
import { createSupplyPoint, createUtility, occupy } from '../../db/testing/fixtures.ts';
import type { TestDatabase } from '../../db/testing/testing.ts';
import type { Actor, SystemActor } from '../actor.ts';
import {
  createAccount,
  issueRegistrationCode,
  setPassword,
  withdrawRegistrationCode,
} from './credential-commands.ts';
import { findSignInUtility } from './session-queries.ts';
import { type SignInDatabase, signInConsumer, signInStaff } from './sign-in-commands.ts';
import {
  beforeEachTest,
  newBrowser,
  PASSWORD,
  type SignInUtility,
  signInDatabaseOf,
} from './testing-sign-in.ts';

const NOW = new Date('2026-11-26T10:00:00+09:00');
const TRIES_BEFORE_LOCK = 5;
const UUID = expect.stringMatching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);

let database: TestDatabase;
let utility: SignInUtility;
let signInDatabase: SignInDatabase;
let utilityId: number;
let utilityCode: string;
beforeEachTest((given) => {
  ({ database, utility } = given);
  ({ utilityId, utilityCode } = utility);
  signInDatabase = signInDatabaseOf(database);
});

const seed = (utility = utilityId): SystemActor => ({
  kind: 'system',
  utilityId: utility,
  name: 'seed',
});

const whoIs = (token: string) => utility.whoIs(token);

describe('a household', () => {
  async function household(customerNumber: string, fromOn = '2020-01-01', toOn?: string) {
    const supplyPointId = await createSupplyPoint(database.adminPool, utilityId);
    const period = { fromOn, ...(toOn && { toOn }) };
    return occupy(database.adminPool, utilityId, { supplyPointId, customerNumber, ...period });
  }
  const issue = (customerNumber: string, now = NOW) =>
    transactAs(database.db, utilityId, (tx) =>
      issueRegistrationCode(tx, seed(), { customerNumber, now }),
    );
  const access = async () => {
    const { rows } = await database.adminPool.query(
      'select issued_at, withdrawn_at from consumer_access where utility_id = $1',
      [utilityId],
    );
    return rows;
  };
  const enter = (customerNumber: string, registrationCode: string) =>
    newBrowser().enter((source) =>
      signInConsumer(signInDatabase, { utilityCode, customerNumber, registrationCode }, source),
    );

  it('signs in with customer number and registration code in any typed form', async () => {
    const { occupancyId } = await household('000123');
    const code = await issue('000123');
    const token = await enter('０００１２３ ', code.toLowerCase().replaceAll('-', ' '));
    expect(await whoIs(token)).toEqual({
      actor: {
        kind: 'consumer',
        utilityId,
        occupancyId,
        customerNumber: '000123',
        sessionId: UUID,
      },
      displayName: '000123',
    });
  });

  it('is refused with a neighbour’s code, a wrong code, and without one', async () => {
    await household('000123');
    await household('000124');
    await household('000125');
    await issue('000123');
    const neighbours = await issue('000124');
    const wrong = { code: 'unauthenticated' };
    await expect(enter('000123', neighbours)).rejects.toMatchObject(wrong);
    await expect(enter('000123', '')).rejects.toMatchObject(wrong);
    await expect(enter('000125', neighbours)).rejects.toMatchObject(wrong);
    await expect(enter('123', neighbours)).rejects.toMatchObject(wrong);
  });

  it('is locked after five wrong codes', async () => {
    await household('000123');
    const code = await issue('000123');
    for (let time = 0; time < TRIES_BEFORE_LOCK; time += 1) {
      await enter('000123', 'WRONG').catch(() => undefined);
    }
    await expect(enter('000123', code)).rejects.toMatchObject({ code: 'locked' });
    expect(await enter('000123', await issue('000123'))).toBeTruthy();
  });

  it('with an unknown number is locked in the same way', async () => {
    const codes: string[] = [];
    for (let time = 0; time < TRIES_BEFORE_LOCK; time += 1) {
      await enter('999999', 'WRONG').catch((error: { code: string }) => codes.push(error.code));
    }
    expect(codes).toEqual([...Array(TRIES_BEFORE_LOCK - 1).fill('unauthenticated'), 'locked']);
  });

  it('gets a new code, which ends the old one and its sessions', async () => {
    await household('000123');
    const old = await issue('000123');
    const token = await enter('000123', old);
    const fresh = await issue('000123');
    expect(await whoIs(token)).toBeUndefined();
    await expect(enter('000123', old)).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(await enter('000123', fresh)).toBeTruthy();
  });

  const WITHDRAWN = new Date('2026-11-27T09:00:00+09:00');
  const withdraw = (customerNumber: string) =>
    transactAs(database.db, utilityId, (tx) =>
      withdrawRegistrationCode(tx, seed(), { customerNumber, now: WITHDRAWN }),
    );

  it('loses its code, also after moving out, and may get a new one', async () => {
    const { occupancyId } = await household('000123');
    const code = await issue('000123');
    const token = await enter('000123', code);
    await database.adminPool.query(
      `update occupancy set to_on = '2021-01-01' where utility_id = $1 and occupancy_id = $2`,
      [utilityId, occupancyId],
    );
    expect(await withdraw('000123')).toBe(1);
    expect(await access()).toEqual([{ issued_at: NOW, withdrawn_at: WITHDRAWN }]);
    expect(await whoIs(token)).toBeUndefined();
    await expect(enter('000123', code)).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(withdraw('000123')).rejects.toMatchObject({ code: 'not_found' });
    await database.adminPool.query(
      'update occupancy set to_on = null where utility_id = $1 and occupancy_id = $2',
      [utilityId, occupancyId],
    );
    expect(await enter('000123', await issue('000123'))).toBeTruthy();
  });

  it('gets a code until the JST day on which it moved out, and none from then on', async () => {
    await household('000123', '2020-01-01', '2021-01-01');
    const lastMoment = new Date('2020-12-31T23:59:59+09:00');
    const movedOut = new Date('2021-01-01T00:00:00+09:00');
    expect(await issue('000123', lastMoment)).toBeTruthy();
    expect(await access()).toEqual([{ issued_at: lastMoment, withdrawn_at: null }]);
    await expect(issue('000123', movedOut)).rejects.toMatchObject({ code: 'not_found' });
    await expect(issue('999999')).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('registration of accounts', () => {
  const desk = { login: 'kenshin', displayName: '検針係', role: 'billing' } as const;
  const register = (by: Actor, password = PASSWORD) =>
    transactAs(database.db, by.utilityId, (tx) => createAccount(tx, by, { ...desk, password }));
  const signIn = (password = PASSWORD) =>
    newBrowser().enter((source) =>
      signInStaff(signInDatabase, { utilityCode, login: 'kenshin', password }, source),
    );

  it('lets the new account in with its password, and records neither', async () => {
    await register(seed());
    expect(await signIn()).toBeTruthy();
    const { rows } = await database.adminPool.query<{ act: string; detail: unknown }>(
      'select act, detail from audit where utility_id = $1 order by audit_id',
      [utilityId],
    );
    expect(rows.map(({ act }) => act)).toEqual(['account.created', 'session.started']);
    expect(JSON.stringify(rows)).not.toMatch(/scrypt|long enough/);
  });

  it('refuses staff, a weak password and a login that is taken', async () => {
    await register(seed());
    const { actor } = (await whoIs(await signIn()))!;
    await expect(register(actor)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(register(seed(), 'short')).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(register(seed())).rejects.toMatchObject({ code: 'conflict' });
  });

  it('changes no password in another utility', async () => {
    const accountId = await register(seed());
    const other = await createUtility(database.adminPool, `${utilityCode}-b`);
    const change = { accountId, password: 'an entirely new password', now: NOW };
    await expect(
      transactAs(database.db, other, (tx) => setPassword(tx, seed(other), change)),
    ).rejects.toMatchObject({ code: 'not_found' });
    expect(await signIn()).toBeTruthy();
  });
});

describe('the sign-in page', () => {
  it('finds a utility by its code, and none without one when there are several', async () => {
    expect(await findSignInUtility(database.webDb, utilityCode)).toEqual({
      code: utilityCode,
      name: expect.any(String),
    });
    expect(await findSignInUtility(database.webDb, 'no-such-gas')).toBeUndefined();
    await createUtility(database.adminPool, `${utilityCode}-b`);
    expect(await findSignInUtility(database.webDb, undefined)).toBeUndefined();
  });
});
