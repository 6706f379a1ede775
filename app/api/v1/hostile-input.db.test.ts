/** Every parameter of every route, as the document lists them, with values that somebody hostile or clumsy would send. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUtility, fitHousehold, rising, storeDay } from '../../../db/testing/fixtures.ts';
import { openSession, openStaffSession, workInSession } from '../../../db/testing/sessions.ts';
import { type TestDatabase, testDatabase } from '../../../db/testing/testing.ts';
import type { SignedInActor } from '../../../lib/accounts/session.ts';
import { capabilitiesOf } from '../../../lib/actor.ts';
import { apiDocument, createApi } from './app.ts';
import type { RouteRight } from './resource.ts';

interface Parameter {
  name: string;
  in: 'path' | 'query';
  required?: boolean;
}
interface Operation {
  'x-capability': RouteRight;
  parameters?: Parameter[];
}
interface Document {
  paths: Record<string, { get?: Operation }>;
}

const HOSTILE = [
  '',
  ' ',
  '0',
  '-1',
  '1.5',
  '1e3',
  '0x10',
  'NaN',
  'Infinity',
  'null',
  '[object Object]',
  '2147483647',
  '2147483648',
  '-2147483649',
  '99999999999',
  '9007199254740991',
  '9223372036854775808',
  '99999999999999999999999',
  '0000-00-00',
  '0000-01-01',
  '0001-01-01',
  '1999-12-31',
  '2000-01-01',
  '2026-02-29',
  '2199-12-31',
  '9999-12-31',
  '+275760-09-13',
  '2026-11-22T00:00:00Z',
  'infinity',
  '0000-01',
  '0001-01',
  '2000-01',
  '2026-00',
  '2026-13',
  '2199-12',
  '9999-12',
  '\0',
  'a\0b',
  '\u0001\u001f\u007f',
  '\ud800',
  '\u202e',
  '𠮷',
  '%',
  '_',
  '\\',
  "' or 1=1 --",
  '$1',
  '{}',
  '../../etc/passwd',
  '<script>alert(1)</script>',
  'x'.repeat(10_000),
] as const;

/** A value that fits, for the parameters beside the hostile one. */
const FITTING: Record<string, string> = {
  closingDay: '20',
  month: '2026-11',
  from: '2026-11',
  to: '2026-11',
  format: 'machine',
  q: '1',
  day: '2026-11-01',
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
  const { occupancyId, customerNumber } = home;
  const { rows } = await database.adminPool.query<{ area_id: number }>(
    'select area_id from area where utility_id = $1',
    [utilityId],
  );
  ids = { meterId: home.meterId, areaId: rows[0]!.area_id };
  const desk = await openStaffSession(database.adminPool, utilityId);
  const own = await openSession(database.adminPool, utilityId, { occupancyId });
  const { accountId, sessionId } = desk;
  actors = [
    { kind: 'staff', utilityId, accountId, role: 'admin', sessionId },
    { kind: 'consumer', utilityId, occupancyId, customerNumber, sessionId: own.sessionId },
  ];
  tokens = new Map([desk, own].map(({ token }, at) => [actors[at], token]));
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

function addressOf(path: string, parameters: Parameter[], hostile: Record<string, string>): string {
  const query = new URLSearchParams();
  let filled = `${path}`;
  for (const parameter of parameters) {
    const { name } = parameter;
    const value = hostile[name] ?? (ids[name] === undefined ? FITTING[name] : String(ids[name]));
    if (parameter.in === 'path')
      filled = filled.replace(
        `{${name}}`,
        encodeURIComponent((value ?? '').replace(/\p{Cs}/gu, '?')),
      );
    else if (value !== undefined && (parameter.required || name in hostile)) query.set(name, value);
  }
  return `${filled}?${query}`;
}

const routes = Object.entries((apiDocument(apiFor(undefined)) as Document).paths).flatMap(
  ([path, { get }]) => (get?.parameters?.length ? [{ path, operation: get }] : []),
);

/** Said of an answer that is a fault of ours, or refuses an input without naming a field. */
function whatIsWrong(status: number, body: string): string | undefined {
  if (status >= 500) return `${status}`;
  if (status !== 400) return undefined;
  const { faults: told = [] } = JSON.parse(body) as { faults?: { field: string }[] };
  return told.some(({ field }) => field !== '') ? undefined : 'no field is named';
}

describe('the API', () => {
  it('has routes with parameters', () => {
    expect(routes.length).toBeGreaterThan(10);
  });

  it.each(routes)(
    'takes nothing for $path that ends in a fault of ours, and names what does not fit',
    async (route) => {
      const { path, operation } = route;
      const actor = actors.find((one) =>
        capabilitiesOf(one).some((right) => right === operation['x-capability']),
      );
      const parameters = operation.parameters ?? [];
      const broken: string[] = [];
      for (const { name } of parameters) {
        for (const value of HOSTILE) {
          const address = addressOf(path, parameters, { [name]: value });
          const response = await apiFor(actor).request(address);
          const what = whatIsWrong(response.status, await response.text());
          if (what) broken.push(`${what} ${address.slice(0, 100)}`);
        }
      }
      expect(broken, String(faults.at(-1))).toEqual([]);
    },
  );

  it('names the parameter that does not fit', async () => {
    const response = await apiFor(actors[0]).request('/api/v1/collection?day=0001-01-01');
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      faults: [{ field: 'query.day', message: 'a day of the years 2000 to 2199' }],
    });
  });

  it('takes a query that says a thing twice, or is not well encoded', async () => {
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
});
