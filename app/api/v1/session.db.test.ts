import { afterAll, beforeAll, expect, test } from 'vitest';
import { createUtility } from '../../../db/testing/fixtures.ts';
import { openStaffSession, workInSession } from '../../../db/testing/sessions.ts';
import { type TestDatabase, testDatabase } from '../../../db/testing/testing.ts';
import { findLiveSession } from '../../../lib/accounts/session-queries.ts';
import { createApi } from './app.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

async function signedIn() {
  const utilityId = await createUtility(database.adminPool);
  const { token, accountId, sessionId } = await openStaffSession(database.adminPool, utilityId);
  const api = createApi({
    contextOf: async () => ({
      actor: { kind: 'staff', utilityId, accountId, role: 'admin', sessionId },
      displayName: '係',
      now: new Date('2026-11-26T10:00:00+09:00'),
      ...workInSession(database, token),
    }),
    origin: () => 'https://kenshin.example',
    log: { error: () => undefined, info: () => undefined },
  });
  return { api, token };
}

test.each(['/session', '/sessions'])(
  'DELETE %s ends the session and deletes its cookie',
  async (path) => {
    const { api, token } = await signedIn();
    const init = { method: 'DELETE', headers: { 'sec-fetch-site': 'same-origin' } };
    const response = await api.request(`/api/v1${path}`, init);
    expect(response.ok).toBe(true);
    expect(await findLiveSession(database.webDb, token)).toBeUndefined();
    expect(response.headers.getSetCookie()).toEqual([
      '__Host-next-auth.session-token=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax',
      'next-auth.session-token=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax',
    ]);
  },
);
