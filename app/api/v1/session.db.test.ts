import { afterAll, beforeAll, expect, test } from 'vitest';
import { readAs, transactAs } from '../../../db/client.ts';
import { type TestDatabase, testDatabase } from '../../../db/testing.ts';
import { createAccount, createUtility } from '../../../db/testing-fixtures.ts';
import { findLiveSession } from '../../../lib/accounts/queries.ts';
import { hashSessionToken, newSessionToken } from '../../../lib/accounts/session-token.ts';
import { createApi } from './app.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

async function signedIn() {
  const utilityId = await createUtility(database.adminPool);
  const accountId = await createAccount(database.adminPool, utilityId, { role: 'admin' });
  const token = newSessionToken();
  const { rows } = await database.adminPool.query<{ session_id: string }>(
    `insert into session (utility_id, account_id, token_hash, expires_at) values ($1, $2, $3, now() + interval '1 hour')
     returning session_id`,
    [utilityId, accountId, hashSessionToken(token)],
  );
  const sessionId = rows[0]!.session_id;
  const api = createApi({
    contextOf: async () => ({
      actor: { kind: 'staff', utilityId, accountId, role: 'admin', sessionId },
      displayName: '係',
      read: (fn) => readAs(database.db, utilityId, fn),
      transact: (fn) => transactAs(database.db, utilityId, fn),
    }),
    origin: () => 'https://kenshin.example',
    log: { error: () => undefined, info: () => undefined },
  });
  return { api, token };
}

test.each(['/session', '/sessions'])(
  'DELETE %s ends the session and takes away its cookie',
  async (path) => {
    const { api, token } = await signedIn();
    const init = { method: 'DELETE', headers: { 'sec-fetch-site': 'same-origin' } };
    const response = await api.request(`/api/v1${path}`, init);
    expect(response.ok).toBe(true);
    expect(await findLiveSession(database.db, token)).toBeUndefined();
    expect(response.headers.getSetCookie()).toEqual([
      '__Host-next-auth.session-token=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax',
      'next-auth.session-token=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax',
    ]);
  },
);
