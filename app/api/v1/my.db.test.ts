import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  createUtility,
  fitHousehold,
  type Household,
  rising,
  storeDay,
} from '../../../db/testing/fixtures.ts';
import { openSession, type TestSession, workInSession } from '../../../db/testing/sessions.ts';
import { type TestDatabase, testDatabase } from '../../../db/testing/testing.ts';
import { OwnDayWire, OwnMonthWire } from '../../../lib/usage/usage-wire.ts';
import { createApi } from './app.ts';

const NOW = new Date('2026-11-26T10:00:00+09:00');

let database: TestDatabase;
let utilityId: number;
let home: Household;
let session: TestSession;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  utilityId = await createUtility(database.adminPool);
  home = await fitHousehold(database.adminPool, utilityId);
  session = await openSession(database.adminPool, utilityId, home);
  const days = ['2025-04-01', '2025-04-02'];
  for (const [at, day] of days.entries()) {
    const indexL = rising(1_010 + at * 240, 10);
    await storeDay(database.adminPool, utilityId, { ...home, day, indexL });
  }
});

/** @param now the instant of the request */
function get(path: string, now = NOW): Promise<Response> {
  const { occupancyId, customerNumber } = home;
  const api = createApi({
    contextOf: async () => ({
      actor: {
        kind: 'consumer',
        utilityId,
        occupancyId,
        customerNumber,
        sessionId: session.sessionId,
      },
      displayName: customerNumber,
      now,
      ...workInSession(database, session.token),
    }),
    origin: async () => 'https://kenshin.example',
    log: { error: () => undefined, info: () => undefined },
  });
  return Promise.resolve(api.request(`/api/v1${path}`));
}

test('a month has the form of the document, and its answer is not cached', async () => {
  const response = await get('/my/usage?month=2025-04');
  expect(response.headers.get('cache-control')).toBe('no-store');
  const own = OwnMonthWire.strict().parse(await response.json());
  expect(own).toMatchObject({ customerNumber: home.customerNumber, progress: 'over' });
  expect(own.usage.totalL).toBe(470);
  expect(own.usage.until).toEqual({ day: '2025-04-02', hourEnding: 24 });
});

test("the latest month is the last with a reading; the final one is that of the request's instant", async () => {
  const latest = async (now: string) => {
    const own = OwnMonthWire.parse(await (await get('/my/usage', new Date(now))).json());
    return [own.usage.month, own.finalMonth];
  };
  expect(await latest('2025-04-30T23:59:59+09:00')).toEqual(['2025-04', '2025-04']);
  expect(await latest('2025-05-01T00:00:00+09:00')).toEqual(['2025-04', '2025-05']);
});

test('a billing period has the form of the document', async () => {
  const response = await get('/my/usage?month=2025-04&period=billing');
  const own = OwnMonthWire.strict().parse(await response.json());
  expect(own).toMatchObject({ period: 'billing', closingDay: 31 });
  expect(own.usage).toMatchObject({ firstDay: '2025-04-01', lastDay: '2025-04-30' });
});

test('a day has 24 hours with their beginning and end', async () => {
  const own = OwnDayWire.strict().parse(await (await get('/my/hours?day=2025-04-02')).json());
  expect(own.hours[0]).toEqual({
    hourEnding: 1,
    startsAt: '2025-04-02T00:00:00+09:00',
    endsAt: '2025-04-02T01:00:00+09:00',
    state: 'measured',
    usageL: 10,
    marks: [],
  });
});

test.each([
  { path: '/my/usage?month=2025-4', status: 400, field: 'month' },
  { path: '/my/usage?month=2025-13', status: 400, field: 'month' },
  { path: '/my/usage?period=week', status: 400, field: 'period' },
  { path: '/my/hours?day=2025-02-30', status: 400, field: 'day' },
  { path: '/my/hours', status: 400, field: 'day' },
])('$path is refused, naming the field', async ({ path, status, field }) => {
  const response = await get(path);
  expect(response.status).toBe(status);
  expect((await response.json()).faults).toMatchObject([{ field }]);
});

test.each(['/my/usage?month=2019-12', '/my/usage?month=2199-01', '/my/hours?day=2025-03-31'])(
  "%s is not found, because it is outside the household's occupancy",
  async (path) => {
    expect((await get(path)).status).toBe(404);
  },
);
