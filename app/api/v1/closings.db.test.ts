import iconv from 'iconv-lite';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  createArea,
  createUtility,
  fitHousehold,
  rising,
  storeDay,
} from '../../../db/testing/fixtures.ts';
import { openStaffSession, workInSession } from '../../../db/testing/sessions.ts';
import { type TestDatabase, testDatabase } from '../../../db/testing/testing.ts';
import { ClosingRowWire } from '../../../lib/closing/closing-wire.ts';
import { createApi } from './app.ts';

const NOW = new Date('2026-11-26T10:00:00+09:00');

let database: TestDatabase;
let utilityId: number;
let session: Awaited<ReturnType<typeof openStaffSession>>;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  utilityId = await createUtility(database.adminPool);
  session = await openStaffSession(database.adminPool, utilityId, 'billing');
});

/** @param now the instant of the request */
function get(path: string, now = NOW): Promise<Response> {
  const api = createApi({
    contextOf: async () => ({
      actor: { kind: 'staff', utilityId, role: 'billing', ...session },
      displayName: '検針係',
      now,
      ...workInSession(database, session.token),
    }),
    origin: () => 'https://kenshin.example',
    log: { error: () => undefined, info: () => undefined },
  });
  return Promise.resolve(api.request(`/api/v1${path}`));
}

/** Three customers: read at 24:00, read earlier, not read; the register of the first fell. */
async function threeHomes(areaName = '港町地区'): Promise<void> {
  const areaId = await createArea(database.adminPool, utilityId, { name: areaName });
  const supplyPoint = { closingDay: 20, areaId };
  const [actual, earlier] = [
    await fitHousehold(database.adminPool, utilityId, supplyPoint),
    await fitHousehold(database.adminPool, utilityId, supplyPoint),
    await fitHousehold(database.adminPool, utilityId, supplyPoint),
  ];
  const days = [
    { ...actual, day: '2025-03-20', indexL: rising(9_000, 1) },
    { ...actual, day: '2025-04-20', indexL: rising(1_000, 1) },
    { ...earlier, day: '2025-03-20', indexL: rising(1_000, 1) },
    { ...earlier, day: '2025-04-18', indexL: rising(5_000, 1) },
  ];
  for (const day of days) await storeDay(database.adminPool, utilityId, day);
}

describe('the preview of a closing', () => {
  test('counts all rows by quality and returns one page of the requested ones', async () => {
    await threeHomes();
    const all = await (await get('/closings?closingDay=20&month=2025-04&limit=2')).json();
    expect(all).toMatchObject({
      closesOn: '2025-04-20',
      previousOn: '2025-03-20',
      closed: true,
      counts: {
        ...{ total: 3, final: 0, quality: { actual: 1, substituted: 1, none: 1 } },
        reasons: { 'index-fell': 1, none: 1 },
      },
      toCheck: 2,
      vacant: { supplyPoints: 0, usageL: 0, unknown: 0 },
      total: 3,
    });
    expect(Object.keys(all.rows[0]).sort()).toEqual(Object.keys(ClosingRowWire.shape).sort());
    expect(all.rows).toHaveLength(2);
    const rest = await (await get('/closings?closingDay=20&month=2025-04&offset=2')).json();
    expect(rest.rows).toHaveLength(1);
    const check = await (await get('/closings?closingDay=20&month=2025-04&show=check')).json();
    expect(check.total).toBe(2);
    const rows = check.rows as { quality: string; remarks: string[] }[];
    expect(rows.map(({ quality, remarks }) => [quality, remarks]).sort()).toEqual([
      ['actual', ['index-fell']],
      ['none', []],
    ]);
  });

  test('of a future day has no rows and says so', async () => {
    await threeHomes();
    const answer = await (await get('/closings?closingDay=20&month=2199-04')).json();
    expect(answer).toMatchObject({ closed: false, closesOn: '2199-04-20', rows: [] });
  });

  test('closes with the end of its day in Japan', async () => {
    await threeHomes();
    const at = async (now: string) => {
      const answer = await get('/closings?closingDay=20&month=2025-04', new Date(now));
      const { closed, rows } = await answer.json();
      return { closed, rows: rows.length };
    };
    expect(await at('2025-04-20T23:59:59+09:00')).toEqual({ closed: false, rows: 0 });
    expect(await at('2025-04-21T00:00:00+09:00')).toEqual({ closed: true, rows: 3 });
  });

  test.each(['closingDay=0&month=2025-04', 'closingDay=20&month=2025-13', 'month=2025-04'])(
    'refuses %s',
    async (query) => {
      const response = await get(`/closings?${query}`);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ code: 'invalid_input' });
    },
  );

  test('offers the closing days of the register', async () => {
    await threeHomes();
    await fitHousehold(database.adminPool, utilityId, { closingDay: 31 });
    const { days } = await (await get('/closing-days')).json();
    expect(days).toMatchObject([
      { closingDay: 20, supplyPoints: 3 },
      { closingDay: 31, supplyPoints: 1 },
    ]);
  });
});

describe('the file of a closing', () => {
  const file = '/closings/file?closingDay=20&from=2025-04&to=2025-04';

  test('is a download in the requested encoding, named after the closing', async () => {
    await threeHomes();
    const response = await get(`${file}&format=office-cp932&identifiers=plain`);
    expect(response.headers.get('content-disposition')).toBe(
      'attachment; filename="closing-2025-04-20.csv"',
    );
    const lines = iconv.decode(Buffer.from(await response.arrayBuffer()), 'cp932').split('\r\n');
    expect(lines).toHaveLength(5);
    expect(lines[0]).toMatch(/^お客様番号,/);
    expect(lines[1]).toContain('港町地区');
  });

  test('with a name that CP932 lacks is refused before it begins, with row and column', async () => {
    await threeHomes('𠮷野地区');
    const response = await get(`${file}&format=office-cp932`);
    expect(response.status).toBe(400);
    const problem = await response.json();
    expect(problem.faults).toHaveLength(3);
    expect(problem.faults[0]).toEqual({
      field: '2.エリア',
      message: '𠮷 (𠮷野地区)',
    });
  });

  test('is recorded', async () => {
    await threeHomes();
    await (await get(`${file}&format=machine`)).text();
    const { rows } = await database.adminPool.query(
      'select act, detail from audit where utility_id = $1',
      [utilityId],
    );
    expect(rows).toMatchObject([
      { act: 'closing.export-begun', detail: { format: 'machine' } },
      { act: 'closing.issued', detail: { rows: 3 } },
      { act: 'closing.exported', detail: { total: 3 } },
    ]);
  });

  test('whose reader disconnects is recorded as broken off', async () => {
    await threeHomes();
    const response = await get(`${file}&format=machine`);
    await response.body?.cancel();
    await vi.waitFor(async () => expect(await acts()).toContain('closing.export-broken-off'));
    expect(await acts()).toEqual(['closing.export-begun', 'closing.export-broken-off']);
  });
});

describe('a page of a closing', () => {
  const page = '/closings?closingDay=20&month=2025-04';

  test('is recorded, also when the first page holds all rows, because all pages together equal the file', async () => {
    await threeHomes();
    expect((await (await get(page)).json()).rows).toHaveLength(3);
    await get(`${page}&limit=2&offset=2`);
    await get(`${page}&limit=2&offset=2`);
    const { rows } = await database.adminPool.query(
      'select actor, act, subject, detail from audit where utility_id = $1 order by audit_id',
      [utilityId],
    );
    const same = {
      actor: `staff:${session.accountId}`,
      act: 'closing.page-read',
      subject: 'closing-day:20',
    };
    const last = {
      ...same,
      detail: { month: '2025-04', show: 'all', offset: 2, limit: 2, rows: 1 },
    };
    const first = { ...same, detail: { ...last.detail, offset: 0, limit: 100, rows: 3 } };
    expect(rows).toEqual([first, last, last]);
  });

  test('is recorded once a day for each person and query, if it is the first page', async () => {
    await threeHomes();
    for (const more of ['', '', '&show=check', '&limit=1']) await get(`${page}${more}`);
    expect(await acts()).toHaveLength(3);
    session = await openStaffSession(database.adminPool, utilityId, 'billing');
    await get(page);
    expect(await acts()).toHaveLength(4);
  });

  test('without rows is not recorded', async () => {
    await get(page);
    expect(await acts()).toEqual([]);
  });
});

async function acts(): Promise<string[]> {
  const { rows } = await database.adminPool.query<{ act: string }>(
    'select act from audit where utility_id = $1 order by audit_id',
    [utilityId],
  );
  return rows.map(({ act }) => act);
}
