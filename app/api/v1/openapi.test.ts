import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import {
  actorName,
  capabilitiesOf,
  KEY_SCOPES,
  type KeyScope,
  type StaffRole,
} from '../../../lib/actor.ts';
import { DomainError } from '../../../lib/errors.ts';
import type { ApiActor, RequestContext } from '../../context.ts';
import type { Cost } from '../../fair-shares.ts';
import type { WorkOptions } from '../../pools.ts';
import { apiDocument, createApi } from './app.ts';
import type { RouteRight } from './resource.ts';
import { BODIES, COSTS, fitting, RIGHTS, WITHOUT_KEY } from './testing-routes.ts';

const ORIGIN = 'https://kenshin.example';
const PUBLIC = 'GET /api/v1/openapi.json';

interface Operation {
  'x-capability'?: RouteRight;
  'x-cost'?: Cost;
  security?: unknown[];
  parameters?: { name: string; in: string; required?: boolean }[];
  requestBody?: { required?: boolean; content: Record<string, { schema: { $ref?: string } }> };
  responses: Record<string, unknown>;
}
interface Document {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, { properties?: object }> };
}

const staff = (role: StaffRole): ApiActor => ({
  kind: 'staff',
  utilityId: 1,
  accountId: 1,
  role,
  sessionId: 'a',
});
const household: ApiActor = {
  kind: 'consumer',
  utilityId: 1,
  occupancyId: 1,
  customerNumber: '000101',
  sessionId: 'b',
};
const key = (...scopes: KeyScope[]): ApiActor => ({
  kind: 'key',
  utilityId: 1,
  keyId: 7,
  name: 'x',
  scopes,
});
const NOW = new Date('2026-11-26T10:00:00+09:00');
const ACTORS = [
  ...[staff('admin'), staff('analyst'), staff('billing'), household],
  ...KEY_SCOPES.map((scope) => key(scope)),
];

function mayUse(actor: ApiActor, right: RouteRight | undefined): boolean {
  if (right === 'signed-in') return actor.kind !== 'key';
  return capabilitiesOf(actor).some((capability) => capability === right);
}

function titleOf(actor: ApiActor): string {
  if (actor.kind === 'staff') return actor.role;
  return actor.kind === 'key' ? `a key for ${actor.scopes.join()}` : 'household';
}

function apiFor(actor: ApiActor | undefined, workOptions: WorkOptions[] = []) {
  const reached = (_: unknown, options: WorkOptions = {}) => {
    workOptions.push(options);
    return Promise.reject(new Error('the database was reached'));
  };
  return createApi({
    contextOf: async (): Promise<RequestContext> => {
      if (!actor) throw new DomainError('unauthenticated', 'sign in first');
      return { actor, displayName: 'x', now: NOW, read: reached, transact: reached };
    },
    origin: () => ORIGIN,
    log: {
      error: (fields) => void logged.push(fields),
      info: (fields) => void logged.push(fields),
    },
    addressOf: () => '192.0.2.7',
  });
}

const logged: Record<string, unknown>[] = [];

const document = apiDocument(apiFor(undefined)) as Document;

const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({
    route: `${method.toUpperCase()} ${path}`,
    method: method.toUpperCase(),
    // Any value fits a path parameter here: the right is checked before the input.
    path: path.replace(/\{[^}]+\}/g, '1'),
    operation,
  })),
);

/** A request to a route with all it needs except its query. */
function requestOf(
  { method, operation }: { method: string; operation: Operation },
  site = 'same-origin',
) {
  const schema = operation.requestBody?.content['application/json']?.schema.$ref;
  const body = schema && BODIES[schema.slice(schema.lastIndexOf('/') + 1)];
  if (operation.requestBody && !body) throw new Error(`${schema} has no body in BODIES`);
  const headers = { 'sec-fetch-site': site, 'idempotency-key': 'a-key-of-this-test' };
  if (!body) return { method, headers };
  const json = { ...headers, 'content-type': 'application/json' };
  return { method, headers: json, body: JSON.stringify(body) };
}

function ask(actor: ApiActor | undefined, method: string, path: string) {
  return apiFor(actor).request(path, { method, headers: { 'sec-fetch-site': 'same-origin' } });
}

/** Names of parameters, headers and top-level members of the body. */
function namesOf({ parameters = [], requestBody }: Operation): string[] {
  const ref = requestBody?.content['application/json']?.schema.$ref ?? '';
  const schema = document.components.schemas[ref.slice(ref.lastIndexOf('/') + 1)];
  return [...parameters.map(({ name }) => name), ...Object.keys(schema?.properties ?? {})];
}

describe('the API document', () => {
  it('is the one that is committed', () => {
    const committed = readFileSync(new URL('../../../docs/openapi.json', import.meta.url), 'utf8');
    expect(document, 'run "npm run openapi" and review docs/openapi.json').toEqual(
      JSON.parse(committed),
    );
  });

  it('has every route of the API', () => {
    const answered = apiFor(undefined)
      .routes.filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)(\{[^}]*\})?/g, '{$1}')}`);
    const described = operations.map(({ route }) => route);
    expect([...new Set(answered)].filter((route) => route !== PUBLIC).sort()).toEqual(
      described.sort(),
    );
  });

  it('states the right of every route as in the table here', () => {
    const named = operations.map(({ route, operation }) => [route, operation['x-capability']]);
    expect(Object.fromEntries(named)).toEqual(RIGHTS);
  });

  it('states the cost of every route as in the table here', () => {
    for (const { route, operation } of operations) {
      expect(operation['x-cost'], route).toBe(COSTS[route] ?? 'heavy');
    }
  });

  it('states the refusals of every route', () => {
    for (const { route, operation } of operations) {
      expect(Object.keys(operation.responses), route).toEqual(
        expect.arrayContaining(['400', '401', '403', '429', '500', '503']),
      );
    }
  });

  it('requires an idempotency key for each change, and states its conflicts', () => {
    for (const { route, method, operation } of operations) {
      if (method === 'GET') continue;
      const header = operation.parameters?.find(({ name }) => name === 'Idempotency-Key');
      const isKeyed = header?.in === 'header' && header.required === true;
      expect([route, isKeyed]).toEqual([route, !(route in WITHOUT_KEY)]);
      if (isKeyed || operation.requestBody) expect(operation.responses).toHaveProperty('409');
    }
  });

  it('gives the parts of a request different names, so that a fault is unambiguous', () => {
    for (const { route, operation } of operations) {
      const names = namesOf(operation).map((name) => name.toLowerCase());
      expect([route, names.length]).toEqual([route, new Set(names).size]);
    }
  });

  it('allows a key every reading route for staff, to issue closings, and no other', () => {
    for (const { route, operation } of operations) {
      const isForKeys = KEY_SCOPES.some((scope) => scope === RIGHTS[route]);
      // Only people may make changes; a program issues closings, as by the file.
      const isReading = /^GET \/api\/v1\/(?!session|my|closings\/ready-mails)/.test(route);
      const isIssuing = /^POST \/api\/v1\/closings\/issues(\/|$)/.test(route);
      expect(isForKeys, route).toBe(isReading || isIssuing);
      const schemes = isForKeys ? [{ session: [] }, { apiKey: [] }] : [{ session: [] }];
      expect(operation.security, route).toEqual(schemes);
    }
  });
});

describe('every route', () => {
  it.each(operations)(
    'refuses $route to a client that is not signed in',
    async ({ method, path }) => {
      const response = await ask(undefined, method, path);
      expect(response.status).toBe(401);
      expect(response.headers.get('content-type')).toBe('application/problem+json');
      expect(await response.json()).toMatchObject({ code: 'unauthenticated' });
    },
  );

  const refused = operations.flatMap(({ route, method, path, operation }) =>
    ACTORS.map((actor) => ({ route, method, path, actor, right: operation['x-capability'] }))
      .filter(({ actor, right }) => !mayUse(actor, right))
      .map((row) => ({ ...row, who: titleOf(row.actor) })),
  );
  it.each(refused)('refuses $route to $who', async ({ method, path, actor, right }) => {
    const response = await ask(actor, method, path);
    expect(response.status).toBe(403);
    const capability = right === 'signed-in' ? undefined : right;
    const { code, ...problem } = await response.json();
    expect([code, problem.capability]).toEqual(['forbidden', capability]);
  });

  it.each(operations)('answers HEAD of $path without running anything', async ({ path }) => {
    const workOptions: WorkOptions[] = [];
    const contextOf = vi.fn(() => Promise.reject(new Error('the session was looked up')));
    const log = { error: () => undefined, info: () => undefined };
    const api = createApi({ contextOf, origin: () => ORIGIN, log });
    const query = fitting(path);
    for (const one of [api, apiFor(staff('admin'), workOptions)]) {
      const response = await one.request(`${path}?${query}`, { method: 'HEAD' });
      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toContain('GET');
    }
    expect(contextOf).not.toHaveBeenCalled();
    expect(workOptions).toEqual([]);
  });

  it.each(operations)(
    'runs the database work of $route at its cost, and ends it with its client',
    async (row) => {
      const { route, path, operation } = row;
      const actor = ACTORS.find((one) => mayUse(one, operation['x-capability']));
      const workOptions: WorkOptions[] = [];
      const client = new AbortController();
      const request = new Request(`https://kenshin.example${path}?${fitting(path)}`, {
        ...requestOf(row),
        signal: client.signal,
      });
      await apiFor(actor, workOptions).fetch(request);
      expect(workOptions.length, route).toBeGreaterThan(0);
      client.abort();
      for (const { cost, signal } of workOptions) {
        expect(cost).toBe(operation['x-cost']);
        expect(signal?.aborted).toBe(true);
      }
    },
  );

  it.each(refused)('logs the actor that was refused $route', async ({ method, path, actor }) => {
    logged.length = 0;
    await ask(actor, method, path);
    const { utilityId } = actor;
    const session = actor.kind === 'key' ? undefined : actor.sessionId;
    const line = { code: 'forbidden', actor: actorName(actor), utilityId };
    expect(logged).toMatchObject([{ ...line, address: '192.0.2.7', method }]);
    expect(logged[0]?.session).toBe(session);
  });

  it.each(operations)(
    'refuses $route when a page or link of another site made the request',
    async (row) => {
      for (const site of ['cross-site', 'same-site']) {
        const init = { method: row.method, headers: { 'sec-fetch-site': site } };
        const response = await apiFor(staff('admin')).request(row.path, init);
        expect(response.status).toBe(403);
        expect(await response.json()).toMatchObject({ code: 'forbidden' });
      }
    },
  );

  it.each(operations)('ignores the origin of a request to $route that has a key', async (row) => {
    const right = row.operation['x-capability'];
    const init = { method: row.method, headers: { 'sec-fetch-site': 'cross-site' } };
    const response = await apiFor(key(...KEY_SCOPES)).request(
      `${row.path}?${fitting(row.path)}`,
      init,
    );
    // The right is sufficient, so the request goes on: a change lacks its key, the others fail at the database here.
    const goesOn = row.method === 'GET' ? 500 : 400;
    expect(response.status).toBe(mayUse(key(...KEY_SCOPES), right) ? goesOn : 403);
  });

  it.each(operations.filter(({ method }) => method !== 'GET'))(
    'refuses $route from a page of another site',
    async ({ method, path }) => {
      for (const headers of [
        { 'sec-fetch-site': 'cross-site', origin: ORIGIN },
        { 'sec-fetch-site': 'same-site' },
        { origin: 'https://elsewhere.example' },
        {},
      ]) {
        const init = { method, headers: headers as Record<string, string> };
        const response = await apiFor(staff('admin')).request(path, init);
        expect(response.status).toBe(403);
      }
    },
  );
});

describe('the API', () => {
  it('answers an unknown path with a problem', async () => {
    const response = await ask(staff('admin'), 'GET', '/api/v1/nothing-here');
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'not_found' });
  });

  it('shortens long texts of a client in its log', async () => {
    logged.length = 0;
    await ask(staff('admin'), 'GET', `/api/v1/${'x'.repeat(15_000)}`);
    expect(logged).toMatchObject([{ code: 'not_found', actor: 'staff:1' }]);
    expect(JSON.stringify(logged).length).toBeLessThan(1_000);
  });

  it('does not reveal internal errors', async () => {
    const response = await ask(staff('admin'), 'GET', '/api/v1/session');
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('database was reached');
  });

  it('shows its document to any client', async () => {
    const response = await ask(undefined, 'GET', '/api/v1/openapi.json');
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ openapi: '3.1.0' });
  });
});
