/** Exchange of a meter over the API: preview, registration once for each key, undo; refusals name the field. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  createUtility,
  fitHousehold,
  type Household,
  rising,
  storeDay,
} from '../../../db/testing/fixtures.ts';
import { openStaffSession, workInSession } from '../../../db/testing/sessions.ts';
import { type TestDatabase, testDatabase } from '../../../db/testing/testing.ts';
import type { StaffRole } from '../../../lib/actor.ts';
import { createApi } from './app.ts';

let database: TestDatabase;
let utilityId: number;
let home: Household;
let api: ReturnType<typeof createApi>;
const faults: unknown[] = [];

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  faults.length = 0;
  utilityId = await createUtility(database.adminPool);
  home = await fitHousehold(database.adminPool, utilityId, { closingDay: 20 });
  const indexL = rising(1_000_000, 10);
  await storeDay(database.adminPool, utilityId, { ...home, day: '2025-02-20', indexL });
  await storeDay(database.adminPool, utilityId, { ...home, day: '2025-03-20', indexL });
  api = await apiOf('admin');
});

const NOW = new Date('2025-04-01T12:00:00+09:00');

async function apiOf(role: StaffRole) {
  const desk = await openStaffSession(database.adminPool, utilityId, role);
  const { accountId, sessionId, token } = desk;
  return createApi({
    contextOf: async () => ({
      actor: { kind: 'staff', utilityId, accountId, role, sessionId },
      displayName: 'x',
      now: NOW,
      ...workInSession(database, token),
    }),
    origin: () => 'https://kenshin.example',
    log: { error: (fields) => faults.push(fields.err), info: () => undefined },
  });
}

const BODY = {
  exchangedAt: '2025-03-10T10:30:00+09:00',
  finalIndexL: 1_000_900,
  newSerial: '777',
  startIndexL: 0,
  newMeter: { size: 4, dialL: 10_000_000, verificationExpiresOn: '2035-03-31' },
};
const KEY = { 'idempotency-key': '0f8fad5b-d9cb-469f-a165-70867728950e' };

function send(path: string, body: unknown, headers: Record<string, string> = KEY, by = api) {
  return by.request(`/api/v1${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'sec-fetch-site': 'same-origin',
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

const exchanges = () => `/meters/${home.meterId}/exchanges`;
const exchange = (body: unknown = BODY, headers = KEY) => send(exchanges(), body, headers);

function undo(exchangeId: number, key = 'undo-key-of-this-test', by = api) {
  const headers = { 'idempotency-key': key, 'sec-fetch-site': 'same-origin' };
  return by.request(`/api/v1/exchanges/${exchangeId}`, { method: 'DELETE', headers });
}

async function acts(): Promise<string[]> {
  const { rows } = await database.adminPool.query<{ act: string }>(
    'select act from audit where utility_id = $1 order by audit_id',
    [utilityId],
  );
  return rows.map(({ act }) => act);
}

describe('an exchange', () => {
  it('is previewed, registered, found, and undone', async () => {
    const preview = await send(`${exchanges()}/preview`, BODY, {});
    expect(preview.status).toBe(200);
    expect(await preview.json()).toMatchObject({
      removed: { meterSerial: home.serial, lastIndexL: 1_000_230 },
      fitted: { meterSerial: '777', registered: false },
      closings: [
        {
          closesOn: '2025-03-20',
          before: { usageL: 0, usageM3: '0', quality: 'actual' },
          after: { usageL: 670, usageM3: '0', quality: 'substituted', remarks: ['exchanged'] },
        },
      ],
      warnings: [
        { code: 'removed-reported-later', field: 'exchangedAt' },
        { code: 'will-be-registered' },
      ],
    });
    expect(await acts()).toEqual([]);

    const response = await exchange();
    expect(response.status).toBe(201);
    const done = await response.json();
    expect(response.headers.get('location')).toBe(`/api/v1/exchanges/${done.exchangeId}`);
    expect(done).toMatchObject({ removedMeterId: home.meterId });

    const listed = await (await api.request(`/api/v1${exchanges()}`)).json();
    expect(listed).toMatchObject({ exchanges: [{ exchangeId: done.exchangeId }] });
    const found = await api.request(response.headers.get('location') ?? '');
    expect(await found.json()).toMatchObject({
      exchangedAt: '2025-03-10T01:30:00.000Z',
      removed: { meterSerial: home.serial, finalIndexL: 1_000_900 },
      fitted: { meterId: done.fittedMeterId, meterSerial: '777', startIndexL: 0 },
      resting: [],
    });

    const undone = await undo(done.exchangeId);
    expect([undone.status, await undone.json()]).toEqual([200, { keptMeter: false }]);
    expect((await api.request(`/api/v1/exchanges/${done.exchangeId}`)).status).toBe(404);
    expect(await acts()).toEqual(['meter.registered', 'meter.exchanged', 'meter.exchange-undone']);
    expect(faults).toEqual([]);
  });

  it('sent twice acts once, and returns the first answer again', async () => {
    const answers = [await exchange(), await exchange()];
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    const [first, second] = answers;
    expect(second?.headers.get('location')).toBe(first?.headers.get('location'));
    expect(answers.map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([
      null,
      'true',
    ]);
    expect(await second?.text()).toBe(await first?.text());
    expect(await acts()).toHaveLength(2);
  });

  it('sent ten times at once acts once', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => exchange()));
    for (const { status } of answers) expect([201, 409]).toContain(status);
    const bodies = await Promise.all(
      answers.filter(({ status }) => status === 201).map((answer) => answer.text()),
    );
    expect(new Set(bodies).size).toBe(1);
    for (const answer of answers.filter(({ status }) => status === 409)) {
      expect(answer.headers.get('retry-after')).toBe('2');
    }
    expect(await acts()).toEqual(['meter.registered', 'meter.exchanged']);
  });

  it('undone twice with one key returns the same answer; with another key it is not found', async () => {
    const { exchangeId } = await (await exchange()).json();
    const answers = [await undo(exchangeId), await undo(exchangeId)];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect((await undo(exchangeId, 'another-key-of-this')).status).toBe(404);
  });

  it('over a closing of which a file was made is refused until it names that closing', async () => {
    await database.adminPool.query(
      `insert into audit (utility_id, actor, act, subject, detail)
       values ($1, 'system:test', 'closing.exported', 'closing-day:20', '{"closings": ["2025-03-20"], "export": "x"}')`,
      [utilityId],
    );
    const { filed } = await (await send(`${exchanges()}/preview`, BODY, {})).json();
    expect(filed).toEqual([{ closesOn: '2025-03-20', begunAt: expect.any(String) }]);
    const refused = await exchange();
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({
      detail: expect.stringContaining('2025-03-20'),
      faults: [{ field: 'acknowledgedClosings', reason: 'closing-filed' }],
    });
    const other = await exchange({ ...BODY, acknowledgedClosings: ['2025-02-20', '2025-03-20'] });
    expect([other.status, (await other.json()).faults?.[0].field]).toEqual([
      ...[400, 'acknowledgedClosings'],
    ]);
    expect(await acts()).toEqual(['closing.exported']);
    expect((await exchange({ ...BODY, acknowledgedClosings: ['2025-03-20'] })).status).toBe(201);
  });

  it('with records that rest on it cannot be undone, and the refusal names them', async () => {
    const { exchangeId, fittedMeterId } = await (await exchange()).json();
    const again = { ...BODY, exchangedAt: '2025-04-01T09:00:00+09:00', newSerial: '778' };
    const key = { 'idempotency-key': 'a-second-key-of-this' };
    const next = await send(
      `/meters/${fittedMeterId}/exchanges`,
      { ...again, finalIndexL: 5 },
      key,
    );
    expect(next.status).toBe(201);
    const refused = await undo(exchangeId);
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({
      code: 'conflict',
      detail: expect.stringContaining('meter 777 was removed on 2025-04-01'),
    });
    const found = await api.request(`/api/v1/exchanges/${exchangeId}`);
    expect((await found.json()).resting.map(({ kind }: { kind: string }) => kind)).toEqual([
      'fitting',
      'removal',
    ]);
  });
});

describe('an exchange that does not fit', () => {
  it.each([
    ['no key', BODY, {}, 400, ['Idempotency-Key']],
    ['a short key', BODY, { 'idempotency-key': 'short' }, 400, ['Idempotency-Key']],
    ['no body', '', KEY, 400, ['body']],
    ['a body that is no JSON', '{"exchangedAt":', KEY, 400, ['body']],
    ['a list', [BODY], KEY, 400, ['body']],
    ['a field that does not exist', { ...BODY, finalIndex: 5 }, KEY, 400, ['finalIndex']],
    ['an index as text', { ...BODY, finalIndexL: '5' }, KEY, 400, ['finalIndexL']],
    ['a day without its time', { ...BODY, exchangedAt: '2025-03-10' }, KEY, 400, ['exchangedAt']],
    [
      'an instant to come',
      { ...BODY, exchangedAt: '2199-01-01T00:00:00Z' },
      KEY,
      400,
      ['exchangedAt'],
    ],
    [
      'a closing that is no day',
      { ...BODY, acknowledgedClosings: ['2025-02-30'] },
      KEY,
      400,
      ['acknowledgedClosings.0'],
    ],
    ['a size of two decimals', sized(4.25), KEY, 400, ['newMeter.size']],
    ['an index beyond the dial', { ...BODY, startIndexL: 10_000_000 }, KEY, 400, ['startIndexL']],
    [
      'an instant too early',
      { ...BODY, exchangedAt: '2019-01-01T00:00:00Z' },
      KEY,
      409,
      ['exchangedAt'],
    ],
    ['a meter nobody knows', unknown(), KEY, 400, ['newMeter.size', 'newMeter.dialL']],
  ])('%s is refused, and the field is named', async (...row) => {
    const [, body, headers, status, fields] = row;
    const response = await send(exchanges(), body, headers as Record<string, string>);
    const problem = await response.json();
    expect([response.status, problem.faults?.map(({ field }: { field: string }) => field)]).toEqual(
      [status, fields],
    );
    expect(await acts()).toEqual([]);
  });

  it('leaves its key free for the corrected request', async () => {
    expect((await exchange({ ...BODY, startIndexL: 10_000_000 })).status).toBe(400);
    expect((await exchange()).status).toBe(201);
    const other = await exchange({ ...BODY, startIndexL: 1 });
    expect(other.status).toBe(409);
    expect(await other.json()).toMatchObject({ faults: [{ field: 'Idempotency-Key' }] });
  });

  it('by a person without the right is refused, and nothing is written', async () => {
    for (const role of ['analyst', 'billing'] as const) {
      const by = await apiOf(role);
      expect((await send(exchanges(), BODY, KEY, by)).status).toBe(403);
      expect((await send(`${exchanges()}/preview`, BODY, KEY, by)).status).toBe(403);
      expect((await undo(1, 'undo-key-of-this-test', by)).status).toBe(403);
    }
    expect(await acts()).toEqual([]);
  });
});

function sized(size: number): object {
  return { ...BODY, newMeter: { ...BODY.newMeter, size } };
}

function unknown(): object {
  const { newMeter: _, ...body } = BODY;
  return body;
}
