/**
 * Every parameter and body of every route of the document, with hostile and mistaken values: none causes a 500, each
 * refusal names the field at fault, and nothing is written.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUtility, fitHousehold, rising, storeDay } from '../../../db/testing/fixtures.ts';
import { openSession, openStaffSession, workInSession } from '../../../db/testing/sessions.ts';
import { type TestDatabase, testDatabase } from '../../../db/testing/testing.ts';
import type { SignedInActor } from '../../../lib/accounts/session.ts';
import { capabilitiesOf } from '../../../lib/actor.ts';
import { apiDocument, createApi } from './app.ts';
import type { RouteRight } from './resource.ts';
import {
  HOSTILE,
  hostileBodies,
  isPlainText,
  isSuccess,
  memberTypes,
  type Schema,
} from './testing-bodies.ts';
import { BODIES, ROW } from './testing-routes.ts';
import {
  askIssueOf,
  decidableRow,
  doubtRegister,
  issueRunOf,
  markDay,
  proposeEdit,
  saveLayoutOf,
} from './testing-run.ts';

interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
}
interface Operation {
  'x-capability': RouteRight;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

/** Valid values for the parameters beside the hostile one. */
const FITTING: Record<string, string> = {
  closingDay: '20',
  month: '2026-11',
  from: '2026-11',
  to: '2026-11',
  format: 'machine',
  q: '1',
  day: '2026-11-01',
  'Idempotency-Key': 'a-key-of-this-test',
};

let database: TestDatabase;
let utilityId: number;
let actors: SignedInActor[];
let tokens: Map<SignedInActor | undefined, string>;
let ids: Record<string, number>;
const faults: unknown[] = [];

beforeAll(async () => {
  database = await testDatabase();
  utilityId = await createUtility(database.adminPool);
  const home = await fitHousehold(database.adminPool, utilityId, { closingDay: 20 });
  const readings = { ...home, day: '2026-11-01', indexL: rising(1_000, 5) };
  await storeDay(database.adminPool, utilityId, readings);
  await doubtRegister(database.adminPool, utilityId, readings);
  await markDay(database.adminPool, utilityId, readings);
  const editId = await proposeEdit(database.adminPool, utilityId, readings);
  const { occupancyId, customerNumber } = home;
  const { rows } = await database.adminPool.query<{ area_id: number }>(
    'select area_id from area where utility_id = $1',
    [utilityId],
  );
  Object.assign(ROW, await decidableRow(database, utilityId));
  Object.assign(FITTING, { supplyPoint: ROW.supplyPoint });
  const runId = await issueRunOf(database, utilityId, {
    ...{ closesOn: '2026-11-20', previousOn: '2026-10-20' },
  });
  const layoutId = await saveLayoutOf(database, utilityId);
  ids = { meterId: home.meterId, areaId: rows[0]!.area_id, exchangeId: 1, runId, layoutId };
  const issueId = await askIssueOf(database, utilityId);
  ids = { ...ids, supplyPointId: home.supplyPointId, changeId: 1, editId, issueId };
  const desk = await openStaffSession(database.adminPool, utilityId);
  const own = await openSession(database.adminPool, utilityId, { occupancyId });
  const { accountId, sessionId } = desk;
  actors = [
    { kind: 'staff', utilityId, accountId, role: 'admin', sessionId },
    { kind: 'consumer', utilityId, occupancyId, customerNumber, sessionId: own.sessionId },
  ];
  tokens = new Map([desk, own].map(({ token }, at) => [actors[at], token]));
  await database.adminPool.query(`update account set mail_address = 'desk@gas.example'`);
});
afterAll(() => database.close());

function apiFor(actor: SignedInActor | undefined) {
  return createApi({
    contextOf: async () => ({
      actor: actor!,
      displayName: 'x',
      now: new Date('2026-11-26T10:00:00+09:00'),
      ...workInSession(database, tokens.get(actor) ?? ''),
    }),
    origin: () => 'https://kenshin.example',
    log: { error: (fields) => faults.push(fields.err), info: () => undefined },
  });
}

interface Route {
  method: string;
  path: string;
  operation: Operation;
}

const SAME_ORIGIN = { 'sec-fetch-site': 'same-origin' };

/** A request with one hostile parameter; undefined for header values that a client cannot send. */
function requestOf(route: Route, hostile: Record<string, string>, body?: string): Request {
  const { method, path, operation } = route;
  const headers = new Headers({ ...SAME_ORIGIN, 'content-type': 'application/json' });
  const query = new URLSearchParams();
  let filled = path;
  for (const parameter of operation.parameters ?? []) {
    const value = hostile[parameter.name] ?? fittingValue(parameter.name) ?? '';
    if (parameter.in === 'path') filled = filled.replace(`{${parameter.name}}`, inPath(value));
    if (parameter.in === 'header') setHeader(headers, parameter.name, value);
    if (isInQuery(parameter, hostile)) query.set(parameter.name, value);
  }
  const given = body ?? fittingBody(operation);
  const init = given === undefined ? { method, headers } : { method, headers, body: given };
  return new Request(`https://kenshin.example${filled}?${query}`, init);
}

const isInQuery = (parameter: Parameter, hostile: object): boolean =>
  parameter.in === 'query' && (parameter.required === true || parameter.name in hostile);

const fittingValue = (name: string): string | undefined =>
  ids[name] === undefined ? FITTING[name] : String(ids[name]);

const inPath = (value: string): string => encodeURIComponent(value.replace(/\p{Cs}/gu, '?'));

function setHeader(headers: Headers, name: string, value: string): void {
  try {
    headers.set(name, value);
  } catch {
    headers.delete(name);
  }
}

const schemaOf = ({ requestBody }: Operation): Schema | undefined =>
  requestBody?.content['application/json']?.schema;

/** A valid body, for hostile parameters beside it and as the base of hostile bodies. */
function fittingBody(operation: Operation): string | undefined {
  const ref = schemaOf(operation)?.$ref;
  return ref && JSON.stringify(BODIES[ref.slice(ref.lastIndexOf('/') + 1)]);
}

const document = apiDocument(apiFor(undefined)) as Document;

const routes: Route[] = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).flatMap(([method, operation]) =>
    operation.parameters?.length ? [{ method: method.toUpperCase(), path, operation }] : [],
  ),
);

function actorFor({ operation }: Route): SignedInActor | undefined {
  return actors.find((one) =>
    capabilitiesOf(one).some((right) => right === operation['x-capability']),
  );
}

/** What is wrong with an answer: a 500, or a refusal without a field of the document. Undefined when it is right. */
function whatIsWrong(status: number, body: string, { operation }: Route): string | undefined {
  if (status >= 500) return `${status}`;
  if (status !== 400) return undefined;
  const { faults: named = [] } = JSON.parse(body) as { faults?: { field: string }[] };
  if (named.length === 0) return 'no field is named';
  const known = [
    ...(operation.parameters ?? []).map(({ name }) => name),
    ...Object.keys(memberTypes(document.components.schemas, schemaOf(operation))),
    'body',
  ];
  // A member that only the body has is named by its own name.
  const strange = named.filter(
    ({ field }) =>
      // Items of a list by their index: `acknowledgedClosings.0`.
      !known.includes(field.replace(/\.\d+$/, '')) &&
      !/^((?:newMeter|row)\.|body\.(\w+Codes\.)?)?(__proto__|constructor|more|a|toString)$/.test(
        field,
      ),
  );
  return strange.length > 0 ? `a field that is none: ${strange[0]?.field}` : undefined;
}

const isKey = (value: string): boolean => /^[0-9A-Za-z_-]{16,64}$/.test(value);

/** Row counts of the tables that a change could write. */
async function rowsWritten(): Promise<unknown> {
  const { rows } = await database.adminPool.query(
    `select (select count(*) from meter_fitting) as fittings, (select count(*) from meter) as meters,
       (select count(*) from write_request) as requests,
       (select count(*) from audit where act not like 'closing.%') as acts`,
  );
  return rows;
}

/** Each parameter with each hostile value; values with which a change would succeed are left out. */
function hostileValues({ method, operation }: Route): [string, string][] {
  const fits = (name: string, value: string) =>
    method !== 'GET' &&
    (Number(value) === ids[name] || (name === 'Idempotency-Key' && isKey(value)));
  return (operation.parameters ?? []).flatMap(({ name }) =>
    HOSTILE.filter((value) => !fits(name, value)).map((value): [string, string] => [name, value]),
  );
}

describe('the API', () => {
  it('has routes with parameters and routes with a body', () => {
    expect(routes.length).toBeGreaterThan(10);
    expect(routes.filter(({ operation }) => schemaOf(operation)).length).toBeGreaterThan(1);
  });

  it.each(routes)(
    'never answers 500 for parameters of $method $path, and names the invalid one',
    async (route) => {
      const before = await rowsWritten();
      const broken: string[] = [];
      for (const [name, value] of hostileValues(route)) {
        const request = requestOf(route, { [name]: value });
        const response = await apiFor(actorFor(route)).fetch(request);
        const what = whatIsWrong(response.status, await response.text(), route);
        if (what) broken.push(`${what} ${request.url.slice(0, 100)}`);
      }
      expect(broken, String(faults.at(-1))).toEqual([]);
      expect(await rowsWritten()).toEqual(before);
    },
  );

  it.each(routes.filter(({ operation }) => schemaOf(operation)))(
    'never answers 500 for bodies of $method $path, and names the invalid member',
    async (route) => {
      const before = await rowsWritten();
      const types = memberTypes(document.components.schemas, schemaOf(route.operation));
      const broken: string[] = [];
      const fitting = JSON.parse(fittingBody(route.operation)!);
      for (const { what, text } of hostileBodies(types, fitting)) {
        if (isPlainText(what)) continue;
        const response = await apiFor(actorFor(route)).fetch(requestOf(route, {}, text));
        const answer = await response.text();
        const wrong = whatIsWrong(response.status, answer, route);
        if (wrong) broken.push(`${wrong} ${what}`);
        if (response.ok) broken.push(`${response.status} ${what}`);
      }
      expect(broken, String(faults.at(-1))).toEqual([]);
      expect(await rowsWritten()).toEqual(before);
    },
    60_000,
  );

  it('names the parameter that does not fit', async () => {
    const response = await apiFor(actors[0]).request('/api/v1/collection?day=0001-01-01');
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      faults: [{ field: 'day', message: 'a day of the years 2000 to 2199' }],
    });
  });

  it('accepts a repeated or badly encoded query parameter without a 500', async () => {
    for (const address of [
      '/api/v1/meters?areaId=1&areaId=2',
      '/api/v1/meters?q[]=1&q=2',
      '/api/v1/search?q=%ED%A0%80%zz',
      '/api/v1/meters/%zz',
      '/api/v1/meters/%00',
    ]) {
      expect((await apiFor(actors[0]).request(address)).status).toBeLessThan(500);
    }
  });

  // Last, because it writes. It proves that the refusals above are for the hostile part only.
  it('accepts the valid bodies', async () => {
    const withBody = routes.filter(({ operation }) => schemaOf(operation));
    // A preview first: what was done cannot be previewed any more.
    const isLater = ({ path }: Route) => Number(!path.endsWith('/preview'));
    const inOrder = withBody.sort((one, other) => isLater(one) - isLater(other));
    for (const [at, route] of inOrder.entries()) {
      const own = { 'Idempotency-Key': `a-valid-key-of-route-${at}` };
      const response = await apiFor(actorFor(route)).fetch(requestOf(route, own));
      const text = await response.text();
      expect([route.path, response.status], text).toEqual([
        route.path,
        expect.toSatisfy(isSuccess),
      ]);
    }
  });
});
