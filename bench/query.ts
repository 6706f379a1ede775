/**
 * `npm run -s bench -- query`: what a page asks for, through the API over HTTP, against the bare SQL in the same run: one
 * meter's 13 months, 31 days and 48 hours, and an area of 1,000 meters' pressure over 30 days; at a fleet of 1,000 meters
 * and at ten times that. Medians in milliseconds; calls of both sides alternate, each for another meter.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { createApi } from '../app/api/v1/app.ts';
import { createDatabase, openPool, readAs, transactAs } from '../db/client.ts';
import { urlOfAppRole } from '../db/database-url.ts';
import { migrate } from '../db/migrate.ts';
import type { StaffActor } from '../lib/actor.ts';
import { addDays, dayOf } from '../lib/time.ts';

const FLEET = 1_000;
const AREA_METERS = 1_000;
const DAYS = 400;
const METER_RUNS = 101;
const AREA_RUNS = 15;
const WARM_UP = 5;

interface Figures {
  apiMs: number;
  sqlMs: number;
  addedMs: number;
  ratio: number;
}

interface Fleet {
  utilityId: number;
  meterIds: number[];
  areaId: number;
}

/** One question, as a path of the API and as bare SQL. */
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
    return await work(url.href, await fill(url.href, meters));
  } finally {
    await server.query(`drop database ${name} with (force)`);
    await server.end();
  }
}

async function measure(adminUrl: string, fleet: Fleet): Promise<Record<string, unknown>> {
  const appUrl = urlOfAppRole(adminUrl);
  const pool = openPool(appUrl, { applicationName: 'kenshin bench', max: 4 });
  const bare = new pg.Client({ connectionString: appUrl });
  await bare.connect();
  // One transaction for all of them: a seal ends with its transaction.
  await bare.query('begin');
  await bare.query('select serve_utility($1)', [fleet.utilityId]);
  const server = await serveApi(pool, fleet.utilityId);
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const figures: Record<string, unknown> = { meters: fleet.meterIds.length };
    for (const question of questions()) {
      figures[question.name] = await compare(question, { fleet, origin, bare });
    }
    return figures;
  } finally {
    server.closeAllConnections();
    server.close();
    await bare.end();
    await pool.end();
  }
}

async function compare(
  question: Question,
  { fleet, origin, bare }: { fleet: Fleet; origin: string; bare: pg.Client },
): Promise<Figures> {
  const apiMs: number[] = [];
  const sqlMs: number[] = [];
  for (let run = 0; run < question.runs + WARM_UP; run += 1) {
    const meterId = fleet.meterIds[(run * 7_919) % fleet.meterIds.length]!;
    const throughApi = await timed(() => ask(origin + question.path(fleet, meterId)));
    const throughSql = await timed(() => bare.query(question.sql, question.values(fleet, meterId)));
    if (run >= WARM_UP) {
      apiMs.push(throughApi);
      sqlMs.push(throughSql);
    }
  }
  const [api, sql] = [median(apiMs), median(sqlMs)];
  return {
    apiMs: round(api),
    sqlMs: round(sql),
    addedMs: round(api - sql),
    ratio: round(api / sql),
  };
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
  ];
}

/** The API of the product behind a plain HTTP server; the sign-in is what is left out. */
function serveApi(pool: pg.Pool, utilityId: number): Promise<Server> {
  const db = createDatabase(pool);
  const actor: StaffActor = {
    kind: 'staff',
    utilityId,
    accountId: 1,
    role: 'analyst',
    sessionId: 'bench',
  };
  const api = createApi({
    contextOf: async () => ({
      actor,
      displayName: 'bench',
      read: (fn) => readAs(db, utilityId, fn),
      transact: (fn) => transactAs(db, utilityId, fn),
    }),
    origin: async () => 'http://127.0.0.1',
    log: { error: (fields, message) => console.error(message, fields), info: () => undefined },
  });
  const server = createServer((request, response) => {
    void forward(request, response, (asked) => api.fetch(asked));
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

/** Homes of city gas, an area for each thousand, and 400 days of readings up to yesterday, made in SQL. */
async function fill(url: string, meters: number): Promise<Fleet> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ utility_id: number }>(
      "insert into utility (code, name) values ('bench', 'bench') returning utility_id",
    );
    const utilityId = rows[0]!.utility_id;
    for (const statement of REGISTER) await client.query(statement, [utilityId, meters]);
    await client.query(READINGS, [utilityId, dayOf(new Date()), DAYS]);
    await client.query('vacuum analyze');
    const ids = await client.query<{ meter_id: number }>('select meter_id from meter order by 1');
    const area = await client.query<{ area_id: number }>(
      'select area_id from area order by code limit 1',
    );
    return {
      utilityId,
      meterIds: ids.rows.map(({ meter_id }) => meter_id),
      areaId: area.rows[0]!.area_id,
    };
  } finally {
    await client.end();
  }
}

const REGISTER = [
  `insert into area (utility_id, code, name, gas_kind, pressure_min_pa, pressure_max_pa)
   select $1, lpad(n::text, 4, '0'), 'area ' || n, 'city', 1000, 2500 from generate_series(1, $2::int / ${AREA_METERS}) n`,
  `insert into supply_point (utility_id, number, area_id, gas_kind, closing_day, opened_on)
   select $1, lpad(n::text, 6, '0'), (select min(area_id) from area) + (n - 1) / ${AREA_METERS}, 'city', 31, '2020-01-01'
   from generate_series(1, $2::int) n`,
  `insert into meter (utility_id, serial, gas_kind, size, dial_l)
   select $1, lpad(n::text, 8, '0'), 'city', 4, 100000000 from generate_series(1, $2::int) n`,
  `insert into meter_fitting (utility_id, meter_id, supply_point_id, fitted_at, start_index_l)
   select $1, meter_id, supply_point_id, '2020-01-01T00:00+09', 0
   from (select meter_id, row_number() over (order by meter_id) as n from meter) m
   join (select supply_point_id, row_number() over (order by supply_point_id) as n from supply_point) s using (n)
   where n <= $2`,
];

/** Written day by day, as a fleet reports: the days of one meter lie apart. */
const READINGS = `
  insert into series.meter_day (utility_id, meter_id, day, index_l, pressure_pa, closing_index_l, closing_hour,
                                terminal_id, counter, frame_check, received_at, arrival)
  select $1, m.meter_id, $2::date - $3::int + d,
         (select array_agg(d * 2000 + h * 80 + (m.meter_id * h) % 7 order by h) from generate_series(1, 24) h),
         (select array_agg((2050 + 150 * sin(m.meter_id + d * 0.7 + h))::smallint order by h) from generate_series(1, 24) h),
         d * 2000 + 24 * 80 + (m.meter_id * 24) % 7, 24, 1, d + 1, d, now(), 1
  from generate_series(0, $3::int - 1) d cross join meter m`;

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
