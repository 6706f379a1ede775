import { sql } from 'kysely';
import { encode } from 'next-auth/jwt';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { transactAs } from '../db/client.ts';
import type { ReadDb } from '../db/schema.ts';
import { createUtility } from '../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../db/testing/testing.ts';
import { createAccount } from '../lib/accounts/credential-commands.ts';
import { signOut } from '../lib/accounts/session-commands.ts';
import { getOwnUtility } from '../lib/accounts/session-queries.ts';
import { newSessionToken } from '../lib/accounts/session-token.ts';
import { ofPerson } from './api/v1/resource.ts';
import { type AuthRequest, createAuthOptions } from './auth.ts';

const SECRET = 'a secret of a test, long enough for the cookie';
const PASSWORD = 'a long enough password';
const NOW = new Date('2026-11-26T10:00:00+09:00');
const cookie = vi.hoisted(() => ({ value: undefined as string | undefined }));

// The framework's request store exists only inside Next, so it is the one mock.
vi.mock('next/headers', () => ({
  cookies: async () => ({
    get: (name: string) =>
      name === 'next-auth.session-token' && cookie.value ? { value: cookie.value } : undefined,
  }),
  headers: async () => new Headers(),
}));

let database: TestDatabase;
let utilityId: number;
let web: typeof import('./context.ts');

beforeAll(async () => {
  database = await testDatabase();
  utilityId = await createUtility(database.adminPool, 'context-gas');
  const actor = { kind: 'system', utilityId, name: 'seed' } as const;
  const account = { login: 'desk', displayName: '係', role: 'admin', password: PASSWORD } as const;
  await transactAs(database.db, utilityId, (tx) => createAccount(tx, actor, account));
  vi.stubEnv('DATABASE_URL', database.webUrl);
  vi.stubEnv('NEXTAUTH_SECRET', SECRET);
  vi.stubEnv('NEXTAUTH_URL', 'http://127.0.0.1:3000');
  vi.stubEnv('LOG_LEVEL', 'error');
  web = await import('./context.ts');
});
afterEach(() => {
  cookie.value = undefined;
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await database.close();
});

const request = (): AuthRequest => ({
  address: '192.0.2.1',
  device: undefined,
  session: undefined,
  now: NOW,
});

function staffProvider(authRequest = request()) {
  const { providers } = createAuthOptions(web.authSettings(), authRequest);
  return providers.find(({ options }) => options?.id === 'staff');
}

/** The context of a request by its cookie alone. */
const openContext = async () =>
  ofPerson(await web.requestContext(new Request('https://kenshin.example/'), NOW));

/** Signs in through the provider as next-auth does and keeps the cookie that it would set. */
async function signIn(): Promise<string> {
  const staff = staffProvider();
  const form = { utilityCode: 'context-gas', login: 'desk', password: PASSWORD };
  const user = await staff?.options?.authorize(form, {});
  cookie.value = await encode({ token: { token: user.id }, secret: SECRET });
  return user.id;
}

describe('the context of a request', () => {
  it('is refused without a cookie, with one of another secret, and with nonsense', async () => {
    const unauthenticated = { code: 'unauthenticated' };
    await expect(openContext()).rejects.toMatchObject(unauthenticated);
    cookie.value = 'nonsense';
    await expect(openContext()).rejects.toMatchObject(unauthenticated);
    const token = { token: newSessionToken() };
    cookie.value = await encode({ token, secret: 'a secret of somebody else, just as long' });
    await expect(openContext()).rejects.toMatchObject(unauthenticated);
    cookie.value = await encode({ token, secret: SECRET });
    await expect(openContext()).rejects.toMatchObject(unauthenticated);
  });

  it('has the signed-in actor and reads as their utility', async () => {
    await signIn();
    const { actor, displayName, now, read } = await openContext();
    expect(actor).toMatchObject({ kind: 'staff', utilityId, role: 'admin' });
    expect(now).toEqual(NOW);
    expect(displayName).toBe('係');
    await createUtility(database.adminPool, 'neighbour-gas');
    expect(await read((db) => getOwnUtility(db, actor))).toMatchObject({ code: 'context-gas' });
    const seen = await read((db) => db.selectFrom('utility').select('code').execute());
    expect(seen).toEqual([{ code: 'context-gas' }]);
  });

  it('of a page is found by the cookie, and undefined without one', async () => {
    expect(await web.findPageContext()).toBeUndefined();
    await signIn();
    expect((await web.findPageContext())?.actor).toMatchObject({ kind: 'staff', utilityId });
  });

  it('ends with the session, even with a valid cookie', async () => {
    await signIn();
    const { actor, transact } = await openContext();
    await transact((tx) => signOut(tx, actor));
    await expect(openContext()).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('reads in a transaction that cannot write', async () => {
    await signIn();
    const { read } = await openContext();
    await expect(
      read((db) => db.selectFrom('utility').select('code').forUpdate().execute()),
    ).rejects.toThrow('read-only');
  });

  it('limits the time of a statement, and uses other connections for files and their acts', async () => {
    await signIn();
    const { read, transact } = await openContext();
    const limits = (db: ReadDb) =>
      sql<{ limits: string }>`
        select current_setting('statement_timeout') || ' ' || current_setting('idle_in_transaction_session_timeout')
          || ' ' || current_setting('application_name') as limits`.execute(db);
    const pages = [{ limits: '15s 15s kenshin web pages' }];
    const files = [{ limits: '10min 10min kenshin web files' }];
    expect((await transact(limits)).rows).toEqual(pages);
    expect((await read(limits, { cost: 'heavy' })).rows).toEqual(pages);
    expect((await read(limits, { cost: 'file' })).rows).toEqual(files);
    expect((await transact(limits, { cost: 'record' })).rows).toEqual(files);
  });

  it('passes the reason of a refused sign-in to the form as one word', async () => {
    const authRequest = request();
    const staff = staffProvider(authRequest);
    const form = { utilityCode: 'context-gas', login: 'desk', password: 'wrong' };
    await expect(staff?.options?.authorize(form, {})).rejects.toThrow(/^unauthenticated$/);
    await expect(staff?.options?.authorize({}, {})).rejects.toThrow(/^unauthenticated$/);
    expect(authRequest.outcome).toMatchObject({ code: 'unauthenticated' });
  });
});
