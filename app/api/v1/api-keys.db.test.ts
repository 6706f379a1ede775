/** Every route of the document, called with an API key through the real look-up, in the role of the web process. */
import { randomUUID } from 'node:crypto';
import { encode } from 'next-auth/jwt';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createUtility, fitHousehold, rising, storeDay } from '../../../db/testing/fixtures.ts';
import { issueKey, openStaffSession } from '../../../db/testing/sessions.ts';
import { exchangeBefore, fillEdits, fillRegisterChanges } from '../../../db/testing/tenancy.ts';
import { type TestDatabase, testDatabase } from '../../../db/testing/testing.ts';
import { KEY_SCOPES, type KeyScope } from '../../../lib/actor.ts';
import { apiDocument, createApi } from './app.ts';
import type { RouteRight } from './resource.ts';
import { BODIES } from './testing-routes.ts';
import { askIssueOf, doubtRegister, issueRunOf, saveLayoutOf } from './testing-run.ts';

interface Operation {
  'x-capability': RouteRight;
  parameters?: { name: string; in: 'path' | 'query' | 'header'; required?: boolean }[];
  requestBody?: { content: Record<string, { schema: { $ref?: string } }> };
}

const NOW = new Date('2026-11-26T10:00:00+09:00');
const SECRET = 'a secret of a test, long enough for the cookie';
const cookie = vi.hoisted(() => ({ value: undefined as string | undefined }));

// The framework's request store exists only inside Next, so it is the one mock.
vi.mock('next/headers', () => ({
  cookies: async () => ({
    get: (name: string) =>
      name === 'next-auth.session-token' && cookie.value ? { value: cookie.value } : undefined,
  }),
  headers: async () => new Headers(),
}));

const FITTING: Record<string, string> = {
  closingDay: '20',
  month: '2025-11',
  from: '2025-11',
  to: '2025-11',
  format: 'machine',
  q: '1',
  day: '2025-11-01',
  fromOn: '2025-11-01',
  requestId: '1',
};

let database: TestDatabase;
let web: typeof import('../../context.ts');
let own: number;
let other: number;
/** Numbers that only the key's own utility has. */
let ownNumbers: string[];

beforeAll(async () => {
  database = await testDatabase();
  const admin = database.adminPool;
  own = await createUtility(admin);
  other = await createUtility(admin);
  const home = await fitHousehold(admin, own, { closingDay: 20 });
  const stored = { ...home, day: '2025-11-01', indexL: rising(1_000, 5) };
  await storeDay(admin, own, stored);
  await doubtRegister(admin, own, stored);
  ownNumbers = [home.customerNumber, home.terminalNumber];
  const { rows } = await admin.query<{ area_id: number; serial: string; number: string }>(
    `select a.area_id, m.serial, p.number from area a join meter m on m.utility_id = a.utility_id
     join supply_point p on p.utility_id = a.utility_id where a.utility_id = $1`,
    [own],
  );
  ownNumbers.push(rows[0]!.serial);
  Object.assign(FITTING, { meterId: `${home.meterId}`, areaId: `${rows[0]!.area_id}` });
  Object.assign(FITTING, { customer: home.customerNumber, supplyPoint: rows[0]!.number });
  const closing = { closesOn: '2025-11-20', previousOn: '2025-10-20' };
  Object.assign(FITTING, { runId: `${await issueRunOf(database, own, closing)}` });
  Object.assign(FITTING, { circumstanceId: '1', decisionId: '1' });
  Object.assign(FITTING, { layoutId: `${await saveLayoutOf(database, own)}` });
  Object.assign(FITTING, { exchangeId: `${await exchangeBefore(admin, own, home)}` });
  Object.assign(FITTING, { editId: `${await fillEdits(admin, own, home.meterId)}` });
  Object.assign(FITTING, { supplyPointId: `${home.supplyPointId}` });
  Object.assign(FITTING, { changeId: `${await fillRegisterChanges(admin, own, home)}` });
  vi.stubEnv('DATABASE_URL', database.webUrl);
  vi.stubEnv('NEXTAUTH_SECRET', SECRET);
  vi.stubEnv('NEXTAUTH_URL', 'http://127.0.0.1:3000');
  vi.stubEnv('LOG_LEVEL', 'error');
  web = await import('../../context.ts');
});
beforeEach(async () => {
  // One that waits: a test may have cancelled the former one.
  Object.assign(FITTING, { issueId: `${await askIssueOf(database, own)}` });
});
afterEach(() => {
  cookie.value = undefined;
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await database.close();
});

const api = createApi({
  contextOf: (request) => web.requestContext(request, NOW),
  origin: () => 'https://kenshin.example',
  log: { error: () => undefined, info: () => undefined },
});

/** Name of the schema of a route's body. */
function bodyName(body: Operation['requestBody']): string | undefined {
  return body?.content['application/json']?.schema.$ref?.split('/').at(-1);
}

const { paths } = apiDocument(api) as { paths: Record<string, Record<string, Operation>> };
const routes = Object.entries(paths).flatMap(([path, item]) =>
  Object.entries(item).map(([name, { 'x-capability': right, parameters = [], requestBody }]) => ({
    ...{ route: `${name.toUpperCase()} ${path}`, method: name.toUpperCase(), path, right },
    ...{ parameters, body: bodyName(requestBody) },
  })),
);
type Route = (typeof routes)[number];

const isScope = (right: RouteRight): right is KeyScope =>
  KEY_SCOPES.some((scope) => scope === right);
const keyRoutes = routes.filter(({ right }) => isScope(right));

function addressOf({ path, parameters }: Route): string {
  const query = new URLSearchParams();
  let filled = path;
  for (const { name, in: where, required } of parameters) {
    const value = FITTING[name] ?? '';
    if (where === 'path') filled = filled.replace(`{${name}}`, value);
    else if (where === 'query' && required) query.set(name, value);
  }
  return `${filled}?${query}`;
}

/** A change with a key of its own, and the body of the route where it takes one. */
function changeOf({ body }: Route, headers: Record<string, string>) {
  return {
    headers: { ...headers, 'idempotency-key': randomUUID(), 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(BODIES[body]) }),
  };
}

async function ask(route: Route, headers: Record<string, string>) {
  const { method } = route;
  const response = await api.request(addressOf(route), {
    ...(method === 'GET' ? { method, headers } : { method, ...changeOf(route, headers) }),
  });
  // A file keeps its turn until its body has been read.
  return { response, body: await response.text() };
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

const change = (text: string, keyId: number) => database.adminPool.query(text, [keyId]);

async function signIn(): Promise<void> {
  const { token } = await openStaffSession(database.adminPool, own, 'admin');
  cookie.value = await encode({ token: { token }, secret: SECRET });
}

describe('a key', () => {
  it.each(keyRoutes)('opens $route with its right, and not with all others', async (route) => {
    const right = route.right as KeyScope;
    const { key } = await issueKey(database.adminPool, own, [right]);
    const { response, body } = await ask(route, bearer(key));
    expect([response.ok, body.length > 0]).toEqual([true, true]);
    const others = KEY_SCOPES.filter((scope) => scope !== right);
    const without = await issueKey(database.adminPool, own, others);
    const refused = await ask(route, bearer(without.key));
    expect(refused.response.status).toBe(403);
    expect(JSON.parse(refused.body)).toMatchObject({ code: 'forbidden', capability: right });
  });

  it.each(routes.filter(({ right }) => !isScope(right)))(
    'may not use $route, which is for people',
    async (route) => {
      const { key } = await issueKey(database.adminPool, own, KEY_SCOPES);
      const { response, body } = await ask(route, bearer(key));
      expect([response.status, JSON.parse(body).code]).toEqual([403, 'forbidden']);
    },
  );

  it.each([
    ['revoked', 'update api_key set revoked_at = now() where api_key_id = $1'],
    ['past its end', 'update api_key set expires_at = now() where api_key_id = $1'],
  ])('is refused when it is %s', async (_how, text) => {
    const { key, keyId } = await issueKey(database.adminPool, own, KEY_SCOPES);
    await change(text, keyId);
    for (const route of routes) {
      const { response, body } = await ask(route, bearer(key));
      expect([route.route, response.status]).toEqual([route.route, 401]);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
      expect(JSON.parse(body)).toMatchObject({ code: 'unauthenticated' });
    }
  });

  it.each(keyRoutes)('of another utility gets no data of this one from $route', async (route) => {
    const { key } = await issueKey(database.adminPool, other, KEY_SCOPES);
    const { response, body } = await ask(route, bearer(key));
    expect(response.status).toBeLessThan(500);
    for (const number of ownNumbers) expect(body).not.toContain(number);
  });

  it('of this utility gets its data from $route', async () => {
    const { key } = await issueKey(database.adminPool, own, ['meter.read']);
    const meters = keyRoutes.find(({ path }) => path.endsWith('/v1/meters'))!;
    const { body } = await ask(meters, bearer(key));
    for (const number of ownNumbers) expect(body).toContain(number);
  });

  it('that ends between look-up and read reads nothing', async () => {
    const { key, keyId } = await issueKey(database.adminPool, own, KEY_SCOPES);
    const request = new Request('https://kenshin.example/', { headers: bearer(key) });
    const { read, transact } = await web.requestContext(request, NOW);
    await change('update api_key set revoked_at = now() where api_key_id = $1', keyId);
    const work = vi.fn(async () => undefined);
    await expect(read(work)).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(transact(work)).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(work).not.toHaveBeenCalled();
  });

  it('is the actor of its exports, and records the day of its use', async () => {
    const { key, keyId } = await issueKey(database.adminPool, own, ['closing.export']);
    const file = keyRoutes.find(({ path }) => path.endsWith('/file'))!;
    await ask(file, bearer(key));
    const acts = await database.adminPool.query<{ act: string }>(
      'select act from audit where utility_id = $1 and actor = $2 order by audit_id',
      [own, `key:${keyId}`],
    );
    expect(acts.rows.map(({ act }) => act)).toEqual(['closing.export-begun', 'closing.exported']);
    const { rows } = await change(
      `select last_used_on >= ((now() - interval '1 hour') at time zone 'Asia/Tokyo')::date as noted
       from api_key_use where api_key_id = $1`,
      keyId,
    );
    expect(rows).toEqual([{ noted: true }]);
  });
});

describe('an Authorization header without a live key', () => {
  it.each([
    '',
    'Bearer',
    'Basic a2Vuc2hpbg==',
    `Bearer kenshin_${'A'.repeat(43)}`,
    'Bearer kenshin_short',
  ])('is refused as "%s", whatever cookie is beside it', async (authorization) => {
    await signIn();
    expect((await ask(keyRoutes[0]!, {})).response.status).toBe(200);
    for (const route of keyRoutes) {
      const { response } = await ask(route, { authorization });
      expect([route.route, response.status]).toEqual([route.route, 401]);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
    }
  });
});

describe('a request from the page of another site', () => {
  const foreign = { 'sec-fetch-site': 'cross-site' };

  it.each(keyRoutes)('is refused at $route with a cookie, and not with a key', async (route) => {
    await signIn();
    expect((await ask(route, foreign)).response.status).toBe(403);
    const { key } = await issueKey(database.adminPool, own, [route.right as KeyScope]);
    expect((await ask(route, { ...foreign, ...bearer(key) })).response.ok).toBe(true);
  });
});
