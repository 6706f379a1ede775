/** Changes of a supply point over the API: preview, registration once for each key, undo, time travel; refusals name the field. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  createSupplyPoint,
  createTariff,
  createUtility,
  fitHousehold,
  fitTerminal,
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

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  utilityId = await createUtility(database.adminPool);
  home = await fitHousehold(database.adminPool, utilityId, { closingDay: 20 });
  for (const day of ['2025-02-20', '2025-03-10', '2025-03-20']) {
    await storeDay(database.adminPool, utilityId, { ...home, day, indexL: rising(1_000_000, 10) });
  }
  api = await apiOf('admin');
});

const NOW = new Date('2025-04-01T12:00:00+09:00');
const KEY = '0f8fad5b-d9cb-469f-a165-70867728950e';

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
    log: { error: () => undefined, info: () => undefined },
  });
}

function send(method: string, path: string, body?: object, by = api) {
  return by.request(`/api/v1${path}`, {
    method,
    headers: {
      'content-type': 'application/json',
      'sec-fetch-site': 'same-origin',
      'idempotency-key': `${method.toLowerCase()}-${KEY}`,
    },
    ...(body && { body: JSON.stringify(body) }),
  });
}

const place = () => `/supply-points/${home.supplyPointId}`;
const moveOut = () => ({ kind: 'move-out', occupancyId: home.occupancyId, toOn: '2025-03-11' });

it('previews, registers once for each key, lists and undoes', async () => {
  const preview = await send('POST', `${place()}/changes/preview`, moveOut());
  expect(preview.status).toBe(200);
  expect(await preview.json()).toMatchObject({
    ...{ kind: 'move-out', holdsFrom: '2025-03-11', filed: [] },
    closings: [
      { closesOn: '2025-03-20', after: { kind: 'final', closesOn: '2025-03-10' } },
      { closesOn: '2025-04-20', isToCome: true, after: null },
    ],
  });
  const first = await send('POST', `${place()}/changes`, moveOut());
  expect(first.status).toBe(201);
  const { changeId } = await first.json();
  expect(first.headers.get('location')).toBe(`/api/v1/register-changes/${changeId}`);
  const again = await send('POST', `${place()}/changes`, moveOut());
  expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
  const listed = await send('GET', `${place()}/changes`);
  expect(await listed.json()).toMatchObject({ changes: [{ changeId, undone: null }] });
  expect((await send('DELETE', `/register-changes/${changeId}`)).status).toBe(200);
  const one = await send('GET', `/register-changes/${changeId}`);
  expect(await one.json()).toMatchObject({ undone: { by: expect.any(String) }, resting: [] });
});

it('says how the register stood on a day', async () => {
  await send('POST', `${place()}/changes`, moveOut());
  const on = async (day: string) => (await send('GET', `${place()}?on=${day}`)).json();
  expect(await on('2025-03-10')).toMatchObject({ stay: { customerNumber: home.customerNumber } });
  expect(await on('2025-03-11')).toMatchObject({ on: '2025-03-11', stay: null, closingDay: 20 });
  expect((await send('GET', `${place()}?on=2025-13-01`)).status).toBe(400);
  expect((await send('GET', '/supply-points/2147483647')).status).toBe(404);
});

it('names the field of what does not fit', async () => {
  const wrong = await send('POST', `${place()}/changes/preview`, {
    ...{ kind: 'move-in', customerNumber: '0777', fromOn: '2025-03-15' },
  });
  expect(wrong.status).toBe(409);
  expect(await wrong.json()).toMatchObject({ faults: [{ field: 'fromOn', reason: 'occupied' }] });
  const unknown = await send('POST', `${place()}/changes/preview`, { kind: 'other' });
  expect(unknown.status).toBe(400);
});

it.each(['billing', 'analyst'] as const)('lets %s read and change nothing', async (role) => {
  const by = await apiOf(role);
  expect((await send('GET', place(), undefined, by)).status).toBe(200);
  expect((await send('GET', `${place()}/changes`, undefined, by)).status).toBe(200);
  for (const path of ['changes', 'changes/preview']) {
    expect((await send('POST', `${place()}/${path}`, moveOut(), by)).status).toBe(403);
  }
  expect((await send('DELETE', '/register-changes/1', undefined, by)).status).toBe(403);
});

it('finds nothing of another utility', async () => {
  const mine = place();
  const { changeId } = await (await send('POST', `${mine}/changes`, moveOut())).json();
  utilityId = await createUtility(database.adminPool);
  const by = await apiOf('admin');
  expect((await send('GET', mine, undefined, by)).status).toBe(404);
  expect((await send('POST', `${mine}/changes`, moveOut(), by)).status).toBe(404);
  expect((await send('DELETE', `/register-changes/${changeId}`, undefined, by)).status).toBe(404);
});

it('corrects a meter, removes and fits one, and exchanges the terminal by the same routes', async () => {
  const keyed = (n: number) => ({ 'idempotency-key': `fitting-${n}-${KEY}` });
  const post = (n: number, body: object, path = 'changes') =>
    api.request(`/api/v1${place()}/${path}`, {
      method: 'POST',
      headers: {
        ...{ 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
        ...keyed(n),
      },
      body: JSON.stringify(body),
    });
  const corrected = {
    ...{ kind: 'meter-corrected', meterId: home.meterId, sizeM3PerHour: 4, dialL: 100_000_000 },
  };
  const preview = await post(1, corrected, 'changes/preview');
  expect(await preview.json()).toMatchObject({
    ...{ kind: 'meter-corrected', months: [], warnings: [] },
    doubts: { before: { steps: expect.any(Number) }, after: { steps: expect.any(Number) } },
  });
  const removed = { kind: 'meter-removed', removedAt: '2025-03-25T10:00:00+09:00' };
  const fitted = {
    ...{ kind: 'meter-fitted', serial: '778', fittedAt: '2025-03-26T10:00:00+09:00' },
    newMeter: { size: 4, dialL: 10_000_000 },
  };
  for (const [at, body] of [corrected, removed, fitted].entries()) {
    expect([at, (await post(at + 2, body)).status]).toEqual([at, 201]);
  }
  const { meter, meters } = await (await send('GET', place())).json();
  expect(meter).toMatchObject({ serial: '778' });
  expect(meters).toMatchObject([{ meterId: home.meterId, sizeM3PerHour: 4 }, { serial: '778' }]);
  for (const [body, field, reason] of [
    [{ ...removed, removedAt: '2025-03-26T09:00:00+09:00' }, 'removedAt', 'too-early'],
    [{ ...removed, removedAt: '2025-04-02T09:00:00+09:00' }, 'removedAt', 'to-come'],
    [{ ...corrected, sizeM3PerHour: 4 }, 'sizeM3PerHour', 'no-change'],
    [
      { kind: 'terminal-exchanged', number: '1', exchangedAt: '2025-03-26T10:00:00+09:00' },
      ...['number', 'unregistered'],
    ],
  ] as [object, string, string][]) {
    const refused = await post(9, body, 'changes/preview');
    expect(await refused.json()).toMatchObject({ faults: [{ field, reason }] });
  }
  for (const body of [
    { ...corrected, dialL: 999 },
    { ...corrected, sizeM3PerHour: 2.55 },
    { ...corrected, serial: '1' },
    { ...removed, finalIndexL: -1 },
    { ...removed, removedAt: '2025-03-25' },
    { ...fitted, serial: '12a' },
    { kind: 'terminal-exchanged', number: '', exchangedAt: removed.removedAt },
  ]) {
    expect((await post(10, body, 'changes/preview')).status).toBe(400);
  }
});

it('lists tariffs, and terminals that report the meter without being there', async () => {
  const tariffId = await createTariff(database.adminPool, utilityId);
  expect(await (await send('GET', '/tariffs')).json()).toMatchObject({ tariffs: [{ tariffId }] });
  const away = await createSupplyPoint(database.adminPool, utilityId);
  const spare = await fitTerminal(database.adminPool, utilityId, {
    ...{ supplyPointId: away, fromAt: '2020-01-01T00:00:00Z', toAt: '2021-01-01T00:00:00Z' },
  });
  const quarantine = (number: string, day: string) =>
    database.adminPool.query(
      `select quarantine_frame($1, 't', 'unknown_meter', null, '', $4, true, $2, $3)`,
      [number, home.serial, day, NOW],
    );
  await quarantine(spare.terminalNumber, '2025-03-30');
  await quarantine(spare.terminalNumber, '2025-03-31');
  await quarantine(home.terminalNumber, '2025-03-31');
  const reported = async () =>
    (await (await send('GET', `${place()}/reported-terminals`)).json()).terminals;
  expect(await reported()).toMatchObject([
    { number: spare.terminalNumber, days: ['2025-03-30', '2025-03-31'] },
  ]);
  const exchangedAt = '2025-03-29T10:00:00+09:00';
  const body = { kind: 'terminal-exchanged', number: spare.terminalNumber, exchangedAt };
  expect((await send('POST', `${place()}/changes`, body)).status).toBe(201);
  expect(await reported()).toEqual([]);
  await quarantine(home.terminalNumber, '2025-03-31');
  expect(await reported()).toEqual([]);
});
