/** Files of stored runs over HTTP: the same bytes each time, and in parts, as a download that goes on asks for them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUtility, fitHousehold } from '../../../db/testing/fixtures.ts';
import { openStaffSession, workInSession } from '../../../db/testing/sessions.ts';
import { type TestDatabase, testDatabase } from '../../../db/testing/testing.ts';
import type { SignedInActor } from '../../../lib/accounts/session.ts';
import { createApi } from './app.ts';
import { issueRunOf, saveLayoutOf } from './testing-run.ts';

let database: TestDatabase;
let utilityId: number;
let actor: SignedInActor;
let token: string;
let path: string;

beforeAll(async () => {
  database = await testDatabase();
  utilityId = await createUtility(database.adminPool);
  for (let home = 0; home < 5; home += 1) {
    await fitHousehold(database.adminPool, utilityId, { closingDay: 20 });
  }
  const closing = { closesOn: '2026-11-20', previousOn: '2026-10-20' };
  path = `/api/v1/closings/runs/${await issueRunOf(database, utilityId, closing)}/file`;
  const desk = await openStaffSession(database.adminPool, utilityId, 'billing');
  const { accountId, sessionId } = desk;
  actor = { kind: 'staff', utilityId, accountId, role: 'billing', sessionId };
  token = desk.token;
});
afterAll(() => database.close());

/** A request to a process of its own, which knows nothing of files that were written before. */
async function get(query: string, headers: Record<string, string> = {}) {
  const api = createApi({
    contextOf: async () => ({
      ...{ actor, displayName: 'x', now: new Date('2026-11-26T10:00:00+09:00') },
      ...workInSession(database, token),
    }),
    origin: () => 'https://kenshin.example',
    log: { error: () => undefined, info: () => undefined },
  });
  const response = await api.request(`${path}?${query}`, { headers });
  return { response, bytes: Buffer.from(await response.arrayBuffer()) };
}

describe('the file of a run', () => {
  it('has a strong tag of its own for each layout, and the same bytes under it', async () => {
    const layout = await saveLayoutOf(database, utilityId);
    const queries = ['format=machine', 'format=office-cp932', `format=layout&layout=${layout}`];
    const tags = new Set<string | null>();
    for (const query of [...queries, 'format=office-cp932&identifiers=plain', 'format=xlsx']) {
      const [first, again] = [await get(query), await get(query)];
      expect(again.bytes).toEqual(first.bytes);
      expect(again.response.headers.get('etag')).toBe(first.response.headers.get('etag'));
      expect(first.response.headers.get('accept-ranges')).toBe('bytes');
      tags.add(first.response.headers.get('etag'));
    }
    expect(tags.size).toBe(5);
    for (const tag of tags) expect(tag).toMatch(/^"[0-9a-f]{40}"$/);
  });

  it.each(['format=machine', 'format=office-cp932', 'format=xlsx'])(
    '%s is gone on with from each byte',
    async (query) => {
      const { bytes, response } = await get(query);
      const tag = response.headers.get('etag') ?? '';
      for (const first of [0, 1, 77, bytes.length - 1]) {
        const rest = await get(query, { range: `bytes=${first}-`, 'if-range': tag });
        expect(rest.response.status).toBe(206);
        const last = bytes.length - 1;
        expect(rest.response.headers.get('content-range')).toBe(
          `bytes ${first}-${last}/${bytes.length}`,
        );
        expect(rest.bytes).toEqual(bytes.subarray(first));
      }
      const middle = await get(query, { range: 'bytes=10-19' });
      expect(middle.bytes).toEqual(bytes.subarray(10, 20));
    },
  );

  it('is given whole to a client with a part of another file', async () => {
    const { bytes } = await get('format=machine');
    const whole = await get('format=machine', { range: 'bytes=5-', 'if-range': '"another"' });
    expect(whole.response.status).toBe(200);
    expect(whole.bytes).toEqual(bytes);
  });

  it('has no bytes beyond its end, and says how many it has', async () => {
    const { bytes } = await get('format=machine');
    const { response } = await get('format=machine', { range: `bytes=${bytes.length}-` });
    expect(response.status).toBe(416);
    expect(response.headers.get('content-range')).toBe(`bytes */${bytes.length}`);
  });

  it('that was gone on with is in the audit with the byte from which it was', async () => {
    await get('format=machine', { range: 'bytes=7-' });
    const { rows } = await database.adminPool.query<{ act: string; from: string }>(
      `select act, detail ->> 'fromByte' as from from audit
       where utility_id = $1 and act like 'closing.run-file-%' order by audit_id desc limit 2`,
      [utilityId],
    );
    expect(rows).toEqual([
      { act: 'closing.run-file-exported', from: '7' },
      { act: 'closing.run-file-begun', from: '7' },
    ]);
  });
});
