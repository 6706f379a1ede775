import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readAs, transactAs } from '../../db/client.ts';
import type { Tx } from '../../db/schema.ts';
import { createAccount } from '../../db/testing/accounts.ts';
import { createUtility } from '../../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import type { Actor, SystemActor } from '../actor.ts';
import {
  disableAccount,
  enableAccount,
  endSessions,
  setRole,
  unlockSignIn,
} from './account-commands.ts';
import { getAccount } from './account-queries.ts';
import { findLiveSession } from './session-queries.ts';
import { hashSessionToken, newSessionToken } from './session-token.ts';

const NOW = new Date('2026-11-26T10:00:00+09:00');
/** An end in the far future. */
const LATER = new Date('2100-01-01T00:00:00+09:00');

let database: TestDatabase;
let utilityId: number;
let accountId: number;
let operator: SystemActor;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  utilityId = await createUtility(database.adminPool);
  accountId = await createAccount(database.adminPool, utilityId, {
    role: 'billing',
    login: 'desk',
  });
  operator = { kind: 'system', utilityId, name: 'operate' };
});

const disabledAt = async () => (await act((tx) => getAccount(tx, operator, 'desk'))).disabledAt;
const act = <T>(fn: (tx: Tx) => Promise<T>): Promise<T> => transactAs(database.db, utilityId, fn);
const whoIs = (token: string) => findLiveSession(database.webDb, token);

async function openSession(expiresAt = LATER): Promise<string> {
  const token = newSessionToken();
  await database.adminPool.query(
    'insert into session (utility_id, account_id, token_hash, expires_at) values ($1, $2, $3, $4)',
    [utilityId, accountId, hashSessionToken(token), expiresAt],
  );
  return token;
}

async function revocations(): Promise<(Date | null)[]> {
  const { rows } = await database.adminPool.query<{ revoked_at: Date | null }>(
    'select revoked_at from session where utility_id = $1 order by expires_at',
    [utilityId],
  );
  return rows.map(({ revoked_at }) => revoked_at);
}

async function acts(): Promise<[string, string, string, unknown][]> {
  const { rows } = await database.adminPool.query(
    'select actor, act, subject, detail from audit where utility_id = $1 order by audit_id',
    [utilityId],
  );
  return rows.map(({ actor, act: done, subject, detail }) => [actor, done, subject, detail]);
}

describe('an account', () => {
  it('is found by its login, and not from another utility', async () => {
    const find = (by: Actor, login: string) =>
      readAs(database.db, by.utilityId, (db) => getAccount(db, by, login));
    expect(await find(operator, 'desk')).toEqual({
      accountId,
      login: 'desk',
      displayName: '検針係',
      role: 'billing',
      disabledAt: null,
    });
    await expect(find(operator, 'nobody')).rejects.toMatchObject({ code: 'not_found' });
    const other = { ...operator, utilityId: await createUtility(database.adminPool) };
    await expect(find(other, 'desk')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('that is disabled loses its sessions, and has none when enabled again', async () => {
    const token = await openSession();
    expect(await act((tx) => disableAccount(tx, operator, { accountId, now: NOW }))).toBe(1);
    expect(await whoIs(token)).toBeUndefined();
    expect(await disabledAt()).toEqual(NOW);
    await expect(
      act((tx) => disableAccount(tx, operator, { accountId, now: NOW })),
    ).rejects.toMatchObject({
      code: 'conflict',
    });
    await act((tx) => enableAccount(tx, operator, { accountId, now: NOW }));
    expect(await whoIs(token)).toBeUndefined();
    await expect(
      act((tx) => enableAccount(tx, operator, { accountId, now: NOW })),
    ).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(await acts()).toEqual([
      ['system:operate', 'account.disabled', `staff:${accountId}`, { sessions: 1 }],
      ['system:operate', 'account.enabled', `staff:${accountId}`, {}],
    ]);
  });

  it('disabled during a sign-in, and enabled again, has no session of that sign-in', async () => {
    await act((tx) => disableAccount(tx, operator, { accountId, now: NOW }));
    const token = await openSession();
    await act((tx) => enableAccount(tx, operator, { accountId, now: NOW }));
    expect(await whoIs(token)).toBeUndefined();
  });

  it('gets another role, which a live session has at once', async () => {
    const token = await openSession();
    await act((tx) => setRole(tx, operator, { accountId, role: 'analyst' }));
    expect((await whoIs(token))?.actor).toMatchObject({ role: 'analyst' });
    expect(await acts()).toEqual([
      ['system:operate', 'account.role-set', `staff:${accountId}`, { role: 'analyst' }],
    ]);
  });

  it('has its sessions ended at the given instant', async () => {
    const tokens = [await openSession(), await openSession()];
    expect(await act((tx) => endSessions(tx, operator, { accountId, now: NOW }))).toBe(2);
    expect(await Promise.all(tokens.map(whoIs))).toEqual([undefined, undefined]);
    expect(await revocations()).toEqual([NOW, NOW]);
    expect(await acts()).toEqual([
      ['system:operate', 'account.sessions-ended', `staff:${accountId}`, { sessions: 2 }],
    ]);
  });
});

describe('ending the sessions of an account', () => {
  const end = (now: Date) => act((tx) => endSessions(tx, operator, { accountId, now }));

  it('counts those that were live at the given instant', async () => {
    await openSession(NOW);
    await openSession(new Date(NOW.getTime() + 1));
    expect(await end(NOW)).toBe(1);
    expect(await revocations()).toEqual([NOW, NOW]);
    expect(await end(NOW)).toBe(0);
  });

  it('leaves none that the database considers live, however far ahead the given instant is', async () => {
    const token = await openSession();
    expect(await whoIs(token)).toBeDefined();
    expect(await end(new Date('2101-01-01T00:00:00+09:00'))).toBe(0);
    expect(await whoIs(token)).toBeUndefined();
  });
});

describe('every verb on an account', () => {
  const VERBS: [string, (tx: Tx, by: Actor) => Promise<unknown>][] = [
    ['disableAccount', (tx, by) => disableAccount(tx, by, { accountId, now: NOW })],
    ['enableAccount', (tx, by) => enableAccount(tx, by, { accountId, now: NOW })],
    ['setRole', (tx, by) => setRole(tx, by, { accountId, role: 'admin' })],
    ['endSessions', (tx, by) => endSessions(tx, by, { accountId, now: NOW })],
    ['unlockSignIn', (tx, by) => unlockSignIn(tx, by, { kind: 'staff', name: 'desk' })],
  ];

  it.each(VERBS)('%s is refused to staff, including admins', async (_name, verb) => {
    const admin = { kind: 'staff', utilityId, accountId, role: 'admin', sessionId: 'x' } as const;
    await expect(act((tx) => verb(tx, admin))).rejects.toMatchObject({ code: 'forbidden' });
    expect(await acts()).toEqual([]);
  });

  it.each(VERBS)('%s affects no account of another utility', async (_name, verb) => {
    const other = await createUtility(database.adminPool);
    const stranger: SystemActor = { ...operator, utilityId: other };
    const attempt = transactAs(database.db, other, (tx) => verb(tx, stranger));
    await expect(attempt).rejects.toMatchObject({ code: 'not_found' });
  });
});
