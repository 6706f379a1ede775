import iconv from 'iconv-lite';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  createArea,
  createUtility,
  fitHousehold,
  rising,
  storeDay,
  unique,
} from '../../../db/testing/fixtures.ts';
import { openStaffSession, workInSession } from '../../../db/testing/sessions.ts';
import { type TestDatabase, testDatabase } from '../../../db/testing/testing.ts';
import { ClosingRowWire } from '../../../lib/closing/closing-wire.ts';
import { createApi } from './app.ts';

const NOW = new Date('2026-11-26T10:00:00+09:00');

let database: TestDatabase;
let utilityId: number;
let utilityCode: string;
let session: Awaited<ReturnType<typeof openStaffSession>>;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  utilityCode = `u${unique(8)}`;
  utilityId = await createUtility(database.adminPool, utilityCode);
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
      ready: true,
      asOf: NOW.toISOString(),
      counts: {
        ...{ total: 3, final: 0, awaitedUntil: null },
        quality: { actual: 1, awaited: 0, substituted: 1, none: 1 },
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

  test('says while reports are not due yet which are awaited and when it will be ready', async () => {
    await threeHomes();
    const path = '/closings?closingDay=20&month=2025-04';
    const morning = new Date('2025-04-21T04:00:00+09:00');
    expect(await (await get(path, morning)).json()).toMatchObject({
      ready: false,
      counts: {
        quality: { actual: 1, awaited: 2, substituted: 0, none: 0 },
        awaitedUntil: '2025-04-21T05:00:00+09:00',
      },
    });
    const awaited = await (await get(`${path}&show=awaited`, morning)).json();
    expect(awaited).toMatchObject({ total: 2, rows: [{ indexL: 5_023 }, { indexL: null }] });
    const due = await (await get(path, new Date('2025-04-21T05:00:00+09:00'))).json();
    expect(due).toMatchObject({ ready: true, counts: { quality: { substituted: 1, none: 1 } } });
  });

  test('lists the rows of a number, with their total, and counts all', async () => {
    await threeHomes();
    const path = '/closings?closingDay=20&month=2025-04';
    const { rows } = await (await get(path)).json();
    const { customerNumber } = rows[1];
    const search = encodeURIComponent(customerNumber.replace(/^0/, ''));
    expect(await (await get(`${path}&search=${search}`)).json()).toMatchObject({
      ...{ total: 1, rows: [{ customerNumber }], counts: { total: 3 } },
      totals: { usageM3: '4', withoutUsage: 0 },
    });
    expect((await (await get(path)).json()).totals).toEqual({ usageM3: '4', withoutUsage: 2 });
    expect(await (await get(`${path}&search=zzz`)).json()).toMatchObject({ total: 0, rows: [] });
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
    const run = response.headers.get('closing-runs');
    expect(run).toMatch(/^\d+$/);
    expect(response.headers.get('content-disposition')).toBe(
      `attachment; filename="closing-${utilityCode}-2025-04-20-run${run}-import-cp932.csv"`,
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
      field: '2.地区',
      message: '𠮷 (𠮷野地区)',
    });
  });

  test('is named a draft when it is one, and says in its rows which reports are awaited', async () => {
    await threeHomes();
    const made = async (more: string, now = new Date('2025-04-21T04:00:00+09:00')) => {
      const response = await get(`${file}&format=machine${more}`, now);
      const name = response.headers.get('content-disposition')?.match(/"(.*)"/)?.[1];
      const run = response.headers.get('closing-runs');
      return { name, run, awaited: (await response.text()).split(',awaited,').length - 1 };
    };
    expect(await made('&draft=true')).toEqual({
      ...{ name: `closing-${utilityCode}-2025-04-20-draft-machine.csv`, run: null, awaited: 2 },
    });
    const due = await made('', new Date('2025-04-21T05:00:00+09:00'));
    expect(due).toMatchObject({
      ...{ name: `closing-${utilityCode}-2025-04-20-run${due.run}-machine.csv`, awaited: 0 },
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

describe('a row of a closing', () => {
  test('is explained, and recorded once a day for each person and row', async () => {
    await threeHomes();
    const { rows } = await (await get('/closings?closingDay=20&month=2025-04')).json();
    const path = (at: number) =>
      `/closings/row?closingDay=20&month=2025-04&customer=${rows[at].customerNumber}&supplyPoint=${rows[at].supplyPointNumber}`;
    const answer = await (await get(path(1))).json();
    expect(answer).toMatchObject({ row: rows[1], rounding: 'difference-of-floors' });
    expect(answer.days).toHaveLength(5);
    for (const at of [1, 2, 2]) await get(path(at));
    expect((await acts()).filter((act) => act === 'closing.row-read')).toHaveLength(2);
  });

  test('that does not exist is not found, and not recorded', async () => {
    const path = '/closings/row?closingDay=20&month=2025-04&customer=1&supplyPoint=1';
    expect((await get(path)).status).toBe(404);
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
