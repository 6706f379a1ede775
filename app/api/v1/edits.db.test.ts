/** Edits of readings over the API: preview, act once for each key, second look, undo; refusals name the field. */
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
  await storeDay(database.adminPool, utilityId, {
    ...{ ...home, day: '2025-02-20', indexL: rising(1_000_000, 10) },
  });
  await storeDay(database.adminPool, utilityId, {
    ...{ ...home, day: '2025-03-19', indexL: rising(1_006_480, 10) },
  });
  api = await apiOf('billing');
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

const SUBJECT = { day: '2025-03-20', kind: 'entered', hourEnding: 24, indexL: 1_006_960 };
const BODY = { ...SUBJECT, reason: 'read-on-site', note: '' };
const KEY = '0f8fad5b-d9cb-469f-a165-70867728950e';

async function send(path: string, body: unknown, { by = api, key = KEY } = {}) {
  const response = await by.request(`/api/v1${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'sec-fetch-site': 'same-origin',
      'idempotency-key': key,
    },
    body: JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

const edits = () => `/meters/${home.meterId}/edits`;
const get = async (path: string) => (await api.request(`/api/v1${path}`)).json();

describe('an edit over the API', () => {
  it('is previewed without a trace, made once for its key, listed, and taken back', async () => {
    const preview = await send(`${edits()}/preview`, SUBJECT);
    expect(preview).toMatchObject({
      status: 200,
      body: {
        hours: [{ hourEnding: 24, receivedL: null, beforeL: null, afterL: 1_006_960 }],
        ...{ movedL: 250, secondLookL: 10_000, needsSecond: false, issued: [], warnings: [] },
        closings: [
          {
            ...{ closesOn: '2025-03-20', before: { quality: 'substituted' } },
            after: { quality: 'entered', indexL: 1_006_960 },
          },
        ],
      },
    });
    expect(await get(edits())).toEqual({ edits: [] });

    const made = await send(edits(), BODY);
    const { editId } = made.body;
    expect(made).toMatchObject({ status: 201, body: { state: 'standing', movedL: 250 } });
    expect(made.headers.get('location')).toBe(`/api/v1/edits/${editId}`);
    const again = await send(edits(), BODY);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.body).toEqual(made.body);
    expect(await get(edits())).toMatchObject({
      edits: [
        {
          ...{ editId, kind: 'entered', reason: 'read-on-site', state: 'standing', isOwn: true },
          hours: [{ hourEnding: 24, receivedL: null, indexL: 1_006_960 }],
        },
      ],
    });
    expect(await get(`/edits/${editId}`)).toMatchObject({ editId });

    const back = await send(`/edits/${editId}/preview`, {});
    expect(back.body).toMatchObject({ hours: [{ beforeL: 1_006_960, afterL: null }] });
    const undone = await send(`/edits/${editId}/take-back`, {}, { key: 'take-back-of-this-test' });
    expect(undone).toMatchObject({ status: 200, body: { editId, state: 'taken-back' } });
    const twice = await send(`/edits/${editId}/take-back`, {}, { key: 'take-back-a-second-time' });
    expect(twice.status).toBe(409);
    expect(faults).toEqual([]);
  });

  it('that moves much waits for another person', async () => {
    const made = await send(edits(), { ...BODY, indexL: 1_050_000 });
    expect(made.body.state).toBe('proposed');
    const { editId } = made.body;
    expect(await get('/edits?state=proposed')).toMatchObject({ total: 1, rows: [{ editId }] });
    const path = `/edits/${editId}/second`;
    const own = await send(path, { agreed: true }, { key: 'second-look-of-this-test' });
    expect([own.status, own.body.code]).toEqual([409, 'conflict']);
    const by = await apiOf('admin');
    const decided = await send(path, { agreed: true }, { by });
    expect(decided.body).toEqual({ editId, state: 'standing' });
    expect(await get('/edits?state=proposed')).toMatchObject({ total: 0, rows: [] });
  });

  it.each([
    ['a register beyond the dial', { ...BODY, indexL: 2_147_483_647 }, 400, ['indexL']],
    ['an entry without its hour', { ...BODY, hourEnding: null }, 400, ['hourEnding']],
    ['the 25th hour', { ...BODY, hourEnding: 25 }, 400, ['hourEnding']],
    ['a negative register', { ...BODY, indexL: -1 }, 400, ['indexL']],
    ['part of a litre', { ...BODY, indexL: 1.5 }, 400, ['indexL']],
    ['a reason that there is not', { ...BODY, reason: 'x' }, 400, ['reason']],
    ['another reason without a note', { ...BODY, reason: 'other' }, 400, ['note']],
    ['a note of two lines', { ...BODY, note: 'a\nb' }, 400, ['note']],
    ['a note that is too long', { ...BODY, note: 'あ'.repeat(201) }, 400, ['note']],
    [
      'a strike of what is not there',
      { ...BODY, kind: 'struck', indexL: undefined },
      400,
      ['hourEnding'],
    ],
    ['a member that there is not', { ...BODY, movedL: 0 }, 400, ['movedL']],
    [
      'a closing that was not issued',
      { ...BODY, acknowledgedClosings: ['2025-03-20'] },
      400,
      ['acknowledgedClosings'],
    ],
  ])('%s is refused, and the field is named', async (_, body, status, fields) => {
    const answer = await send(edits(), body);
    const named = answer.body.faults?.map(({ field }: { field: string }) => field);
    expect([answer.status, named]).toEqual([status, fields]);
    expect(await get(edits())).toEqual({ edits: [] });
  });

  it('is refused to an analyst, of an unknown meter, and of another utility', async () => {
    const by = await apiOf('analyst');
    expect((await send(edits(), BODY, { by })).status).toBe(403);
    expect((await send(`${edits()}/preview`, SUBJECT, { by })).status).toBe(403);
    expect((await send('/meters/2147483647/edits', BODY)).status).toBe(404);
    expect((await send('/edits/2147483647/second', { agreed: true })).status).toBe(404);
    const strange = await createUtility(database.adminPool);
    const there = await fitHousehold(database.adminPool, strange);
    expect((await send(`/meters/${there.meterId}/edits`, BODY)).status).toBe(404);
  });
});
