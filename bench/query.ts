/**
 * `npm run -s bench -- query`: reads of the pages through the API over HTTP, against the bare SQL in the same run: one
 * meter's 13 months, 31 days and 48 hours, the pressure of an area of 1,000 meters over 30 days, and the areas, the
 * smallest read; at a fleet of 1,000 meters and at ten times that. Then the cost that roles and the sealed utility add
 * to a transaction. Medians in milliseconds; calls of both sides alternate, each for another meter.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sql } from 'kysely';
import pg from 'pg';
import { createApi } from '../app/api/v1/app.ts';
import { createDatabase, openPool, readByClaim, transactByClaim } from '../db/client.ts';
import { urlOfRole } from '../db/database-url.ts';
import { migrate } from '../db/migrate.ts';
import type { ReadDb } from '../db/schema.ts';
import type { StaffActor } from '../lib/actor.ts';
import { elementAt } from '../lib/certain.ts';
import { listAreas } from '../lib/register/area-queries.ts';
import { addDays, dayOf } from '../lib/time.ts';
import { AREA_METERS, createFleet, type Fleet } from './query-fleet.ts';

const FLEET = 1_000;
const METER_RUNS = 101;
const AREA_RUNS = 15;
const ROLE_RUNS = 301;
const WARM_UP = 5;

interface Figures {
  apiMs: number;
  sqlMs: number;
  addedMs: number;
  ratio: number;
}

/** One read, as a path of the API and as bare SQL. */
interface Question {
  name: string;
  runs: number;
  path: (fleet: Fleet, meterId: number) => string;
  sql: string;
  values: (fleet: Fleet, meterId: number) => unknown[];
}

export async function benchQuery(adminUrl: string): Promise<Record<string, unknown>> {
  const result: Record<string, unknown> = {};
  for (const [label, meters] of [
    ['fleet', FLEET],
    ['tenfold', FLEET * 10],
  ] as const) {
    result[label] = await withDatabaseOf(adminUrl, meters, measure);
  }
  return result;
}

async function withDatabaseOf<T>(
  adminUrl: string,
  meters: number,
  work: (url: string, fleet: Fleet) => Promise<T>,
): Promise<T> {
  const name = `kenshin_bench_query_${process.pid}`;
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  const server = new pg.Client({ connectionString: adminUrl });
  await server.connect();
  await server.query(`create database ${name}`);
  try {
    await migrate(url.href);
    return await work(url.href, await createFleet(url.href, meters));
  } finally {
    await server.query(`drop database ${name} with (force)`);
    await server.end();
  }
}

async function measure(adminUrl: string, fleet: Fleet): Promise<Record<string, unknown>> {
  const webUrl = urlOfRole(adminUrl, 'kenshin_web');
  const pool = openPool(webUrl, { applicationName: 'kenshin bench', max: 4 });
  const unbound = openPool(adminUrl, { applicationName: 'kenshin bench', max: 1 });
  const bare = new pg.Client({ connectionString: webUrl });
  await bare.connect();
  // One transaction for all of them, because a seal ends with its transaction.
  await bare.query('begin');
  await bare.query('select from claim_session($1)', [fleet.session.token]);
  const server = await serveApi(pool, fleet);
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const figures: Record<string, unknown> = { meters: fleet.meterIds.length };
    for (const question of questions()) {
      figures[question.name] = await compare(question, { fleet, origin, bare });
    }
    figures.roles = await compareRoles(fleet, pool, unbound);
    return figures;
  } finally {
    server.closeAllConnections();
    server.close();
    await bare.end();
    await unbound.end();
    await pool.end();
  }
}

/** The same transaction in the role of the web process, and in a role that sees everything and sets a plain utility. */
async function compareRoles(
  fleet: Fleet,
  pool: pg.Pool,
  unboundPool: pg.Pool,
): Promise<Record<string, number>> {
  const [db, unbound] = [createDatabase(pool), createDatabase(unboundPool)];
  const { token: sessionToken } = fleet.session;
  const ask = (tx: ReadDb) => listAreas(tx, actorOf(fleet));
  const [inRole, inNone] = await alternate(
    ROLE_RUNS,
    () => readByClaim(db, { sessionToken }, ask),
    () =>
      unbound
        .transaction()
        .setAccessMode('read only')
        .execute(async (tx) => {
          await sql`select set_config('app.utility_id', ${String(fleet.utilityId)}, true)`.execute(
            tx,
          );
          return ask(tx);
        }),
  );
  return { boundMs: round(inRole), unboundMs: round(inNone), addedMs: round(inRole - inNone) };
}

async function compare(
  question: Question,
  { fleet, origin, bare }: { fleet: Fleet; origin: string; bare: pg.Client },
): Promise<Figures> {
  const meterOf = (run: number) => elementAt(fleet.meterIds, (run * 7_919) % fleet.meterIds.length);
  const [api, direct] = await alternate(
    question.runs,
    (run) => ask(origin + question.path(fleet, meterOf(run))),
    (run) => bare.query(question.sql, question.values(fleet, meterOf(run))),
  );
  return {
    apiMs: round(api),
    sqlMs: round(direct),
    addedMs: round(api - direct),
    ratio: round(api / direct),
  };
}

/** Medians of two pieces of work that alternate, milliseconds. */
async function alternate(
  runs: number,
  one: (run: number) => Promise<unknown>,
  other: (run: number) => Promise<unknown>,
): Promise<[number, number]> {
  const oneMs: number[] = [];
  const otherMs: number[] = [];
  for (let run = 0; run < runs + WARM_UP; run += 1) {
    const times = [await timed(() => one(run)), await timed(() => other(run))] as const;
    if (run < WARM_UP) continue;
    oneMs.push(times[0]);
    otherMs.push(times[1]);
  }
  return [median(oneMs), median(otherMs)];
}

function questions(): Question[] {
  const to = addDays(dayOf(new Date()), -1);
  const ofMeter = `select day, index_l, pressure_pa, arrival, received_at, revision from meter_day
    where meter_id = $1 and day between $2 and $3 order by day`;
  const readings = (name: string, days: number, step: string): Question => {
    const from = addDays(to, 1 - days);
    return {
      name,
      runs: METER_RUNS,
      path: (_, meterId) => `/api/v1/meters/${meterId}/readings?from=${from}&to=${to}&step=${step}`,
      sql: ofMeter,
      values: (_, meterId) => [meterId, from, to],
    };
  };
  const from = addDays(to, -29);
  return [
    readings('months13', 395, 'day'),
    readings('days31', 31, 'hour'),
    readings('hours48', 2, 'hour'),
    {
      name: 'area30days',
      runs: AREA_RUNS,
      path: ({ areaId }) => `/api/v1/pressure/areas/${areaId}?from=${from}&to=${to}&step=hour`,
      sql: `select d.day, h.k, min(h.p), avg(h.p), max(h.p), count(h.p)
        from meter_day d cross join lateral unnest(d.pressure_pa) with ordinality h(p, k)
        where d.meter_id = any ($1::int[]) and d.day between $2 and $3
        group by d.day, h.k order by d.day, h.k`,
      values: ({ meterIds }) => [meterIds.slice(0, AREA_METERS), from, to],
    },
    {
      name: 'areas',
      runs: ROLE_RUNS,
      path: () => '/api/v1/areas',
      sql: 'select area_id, parent_area_id, code, name, gas_kind, pressure_min_pa, pressure_max_pa from area order by code',
      values: () => [],
    },
  ];
}

function actorOf({ utilityId, session: { accountId, sessionId } }: Fleet): StaffActor {
  return { kind: 'staff', utilityId, accountId, role: 'analyst', sessionId };
}

/** The product's API behind a plain HTTP server, in the role of the web process, without the cookie's decryption. */
function serveApi(pool: pg.Pool, fleet: Fleet): Promise<Server> {
  const db = createDatabase(pool);
  const claim = { sessionToken: fleet.session.token };
  const api = createApi({
    contextOf: async () => ({
      actor: actorOf(fleet),
      displayName: 'bench',
      now: new Date(),
      read: (fn) => readByClaim(db, claim, fn),
      transact: (fn) => transactByClaim(db, claim, fn),
    }),
    origin: async () => 'http://127.0.0.1',
    log: { error: (fields, message) => console.error(message, fields), info: () => undefined },
  });
  const server = createServer((request, response) => {
    void forward(request, response, (incoming) => api.fetch(incoming));
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}

async function forward(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (request: Request) => Response | Promise<Response>,
): Promise<void> {
  const answered = await answer(new Request(`http://127.0.0.1${request.url}`));
  response.writeHead(answered.status, Object.fromEntries(answered.headers));
  response.end(Buffer.from(await answered.arrayBuffer()));
}

async function ask(url: string): Promise<void> {
  const response = await fetch(url);
  const body = await response.arrayBuffer();
  if (!response.ok) throw new Error(`${url}: ${response.status} ${Buffer.from(body)}`);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
