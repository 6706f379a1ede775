/**
 * `npm run -s bench -- closing`: 100,000 customers of one closing day, one month, to a file, against `COPY (the same
 * query) TO` as the same role; the memory of the extracting process against a tenth of the customers; and for that tenth
 * the page and the file of the first closing, before which there is no reading since the meters were fitted in 2020.
 * One in a hundred closings is substituted from an earlier hour, one in two hundred from an earlier day, and one in a
 * hundred meters was exchanged in the month.
 */
import { fork } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { createDatabase, openPool, readAs } from '../db/client.ts';
import { urlOfAppRole } from '../db/database-url.ts';
import { migrate } from '../db/migrate.ts';
import { elementAt } from '../lib/certain.ts';
import { closingCalendar } from '../lib/closing/closing-day.ts';
import type { ClosingSelection } from '../lib/closing/closing-facts-sql.ts';
import { getClosingPreview } from '../lib/closing/closing-preview-queries.ts';
import { closingQuery } from '../lib/closing/closing-queries.ts';
import { NO_ESTIMATION } from '../lib/estimation/estimation-scope.ts';
import type { ExtractionFigures, ExtractionPlan } from './closing-process.ts';
import { measureRuns } from './closing-runs.ts';

const CUSTOMERS = 100_000;
const TENTH = CUSTOMERS / 10;
const RUNS = 5;
const MONTH = '2026-10';
const FIRST_MONTH = '2026-09';
const DAY_OF_ALL = 20;
const DAY_OF_TENTH = 10;
const PROCESS = fileURLToPath(new URL('./closing-process.ts', import.meta.url));

export async function benchClosing(adminUrl: string): Promise<Record<string, number>> {
  const name = `kenshin_bench_closing_${process.pid}`;
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  const folder = await mkdtemp(join(tmpdir(), 'kenshin-bench-'));
  const server = new pg.Client({ connectionString: adminUrl });
  await server.connect();
  await server.query(`create database ${name}`);
  try {
    await migrate(url.href);
    return await measure(url.href, folder, await fill(url.href));
  } finally {
    await server.query(`drop database ${name} with (force)`);
    await server.end();
    await rm(folder, { recursive: true });
  }
}

async function measure(adminUrl: string, folder: string, utilityId: number) {
  const plan = (closingDay: number, month = MONTH): ExtractionPlan => ({
    appUrl: urlOfAppRole(adminUrl),
    utilityId,
    selection: selectionOf(closingDay, month),
    file: join(folder, `closing-${closingDay}-${month}.csv`),
  });
  const all = plan(DAY_OF_ALL);
  const copied = { ...all, file: join(folder, 'copied.csv') };
  const figures: ExtractionFigures[] = [];
  const copyMs: number[] = [];
  await copy(copied);
  // First: nothing was issued before, as the query that is copied has it.
  const ofRuns = await measureRuns(all, () => copy(copied));
  for (let run = 0; run < RUNS; run += 1) {
    figures.push(await extract(all));
    copyMs.push(await copy(copied));
  }
  const tenth = await extract(plan(DAY_OF_TENTH));
  const first: ExtractionFigures[] = [];
  const previewMs: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    first.push(await extract(plan(DAY_OF_TENTH, FIRST_MONTH)));
    previewMs.push(await preview(plan(DAY_OF_TENTH, FIRST_MONTH)));
  }
  const { rows } = elementAt(figures, 0);
  const ms = median(figures.map((figure) => figure.ms));
  const peakMb = median(figures.map((figure) => figure.peakMb));
  return {
    customers: rows,
    exportMs: Math.round(ms),
    copyMs: Math.round(median(copyMs)),
    exportToCopy: round(ms / median(copyMs)),
    rowsPerSecond: Math.round((rows / ms) * 1000),
    fileMb: round((await stat(all.file)).size / 1e6),
    peakMb: round(peakMb),
    customersOfTenth: tenth.rows,
    peakMbOfTenth: round(tenth.peakMb),
    peakToTenth: round(peakMb / tenth.peakMb),
    firstPreviewMs: Math.round(median(previewMs)),
    firstExportMs: Math.round(median(first.map((figure) => figure.ms))),
    ...ofRuns,
  };
}

const NOW = new Date('2026-12-01T00:00:00+09:00');

function selectionOf(closingDay: number, month: string): ClosingSelection {
  const period = { closingDay, fromMonth: month, toMonth: month };
  return { closingDay, closings: closingCalendar(period, NOW).closings, now: NOW };
}

/** Milliseconds for the page of the first closing: its counts and a hundred rows. */
async function preview({ appUrl, utilityId, selection }: ExtractionPlan): Promise<number> {
  const pool = openPool(appUrl, { applicationName: 'kenshin bench', max: 1 });
  await pool.query('select 1');
  const db = createDatabase(pool);
  const actor = { kind: 'system', utilityId, name: 'bench' } as const;
  const page = { show: 'all', offset: 0, limit: 100, now: NOW } as const;
  const begin = performance.now();
  await readAs(db, utilityId, (read) =>
    getClosingPreview(read, actor, {
      ...{ closingDay: selection.closingDay, month: FIRST_MONTH },
      ...page,
    }),
  );
  const ms = performance.now() - begin;
  await db.destroy();
  return ms;
}

function extract(plan: ExtractionPlan): Promise<ExtractionFigures> {
  const child = fork(PROCESS, [JSON.stringify(plan)], { execArgv: ['--import', 'tsx'] });
  return new Promise((resolve, reject) => {
    let figures: ExtractionFigures | undefined;
    child.on('message', (message) => {
      figures = message as ExtractionFigures;
    });
    child.on('error', reject);
    child.on('exit', (code) => {
      if (figures && code === 0) resolve(figures);
      else reject(new Error(`the extraction ended with ${code}`));
    });
  });
}

/** Runs the same query by COPY in the application's role, to a file of this process; milliseconds. */
async function copy({ appUrl, utilityId, selection, file }: ExtractionPlan): Promise<number> {
  const client = new pg.Client({ connectionString: appUrl });
  await client.connect();
  const text = sqlText(client, selection, utilityId);
  const begin = performance.now();
  await client.query('begin transaction read only');
  await client.query('select serve_utility($1)', [utilityId]);
  await pipeline(
    client.query(copyTo(`copy (${text}) to stdout (format csv, header)`)),
    createWriteStream(file),
  );
  await client.query('commit');
  const ms = performance.now() - begin;
  await client.end();
  return ms;
}

/** The product's query with its parameters inlined, because COPY takes none. */
function sqlText(client: pg.Client, selection: ClosingSelection, utilityId: number): string {
  const db = createDatabase(openPool('postgres://nowhere', { applicationName: 'never connected' }));
  const query = closingQuery(selection, {
    utilityId,
    substituteMaxDays: 45,
    remembers: false,
    estimation: { ...NO_ESTIMATION, hasDecisions: false, hasFactors: false },
    moved: false,
  }).compile(db);
  return query.sql.replace(/\$(\d+)/g, (_, position: string) => {
    const value = query.parameters[Number(position) - 1];
    return client.escapeLiteral(Array.isArray(value) ? `{${value.join(',')}}` : String(value));
  });
}

/** Sets up both fleets with eight days each around two closings; returns the utility's id. */
async function fill(adminUrl: string): Promise<number> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  const { rows } = await admin.query(
    "insert into utility (code, name) values ('bench', 'ベンチガス') returning utility_id",
  );
  const utilityId = rows[0].utility_id as number;
  const homes = `generate_series(1, ${CUSTOMERS + TENTH}) i`;
  const statements = [
    `insert into area (utility_id, code, name, gas_kind, pressure_min_pa, pressure_max_pa)
     values (${utilityId}, 'a', '港町地区', 'city', 1000, 2500)`,
    `insert into supply_point (utility_id, number, area_id, gas_kind, closing_day, opened_on)
     select ${utilityId}, 'S' || i, (select area_id from area), 'city',
       case when i <= ${TENTH} then ${DAY_OF_TENTH} else ${DAY_OF_ALL} end, '2020-01-01' from ${homes}`,
    `insert into occupancy (utility_id, supply_point_id, customer_number, from_on)
     select ${utilityId}, supply_point_id, lpad(((supply_point_id * 7919) % 1000003)::text, 8, '0'), '2020-01-01' from supply_point`,
    `insert into meter (utility_id, serial, gas_kind, size, dial_l)
     select ${utilityId}, lpad(i::text, 8, '0'), 'city', 4, 10000000 from generate_series(1, ${(CUSTOMERS + TENTH) * 1.01}) i`,
    `insert into meter_fitting (utility_id, meter_id, supply_point_id, fitted_at, removed_at, start_index_l, final_index_l)
     select ${utilityId}, i, i, '2020-01-01T00:00+09', case when i % 100 = 7 then timestamptz '2026-10-05T10:00+09' end, 0,
       case when i % 100 = 7 then 2000000 + i * 10 end from ${homes}`,
    `insert into meter_fitting (utility_id, meter_id, supply_point_id, fitted_at, start_index_l)
     select ${utilityId}, ${CUSTOMERS + TENTH} + i, (i - 1) * 100 + 7, '2026-10-05T10:00+09', 0
     from generate_series(1, ${(CUSTOMERS + TENTH) / 100}) i`,
    `insert into terminal (utility_id, number, model, secret_hash)
     select ${utilityId}, lpad(i::text, 10, '0'), 'us', sha256('bench') from ${homes}`,
    `insert into terminal_fitting (utility_id, terminal_id, supply_point_id, from_at)
     select ${utilityId}, i, i, '2020-01-01T00:00+09' from ${homes}`,
    daysOf(utilityId),
    'vacuum analyze',
  ];
  for (const statement of statements) await admin.query(statement);
  await admin.end();
  return utilityId;
}

/** Days before and on both closings; hours and whole days are missing as described at the top of this file. */
function daysOf(utilityId: number): string {
  const days = ['09-08', '09-10', '09-19', '09-20', '10-08', '10-10', '10-19', '10-20'];
  const dates = days.map((day) => `2026-${day}`).join(',');
  return `
    insert into series.meter_day (utility_id, meter_id, day, index_l, pressure_pa, closing_index_l, closing_hour,
      terminal_id, counter, frame_check, received_at, arrival)
    select ${utilityId}, f.meter_id, x.day, v.index_l, array_fill(2000::smallint, array[24]), v.index_l[v.hours], v.hours,
      f.supply_point_id, 1, 1, now(), 1
    from meter_fitting f
    cross join unnest('{${dates}}'::date[]) x (day)
    cross join lateral (
      select case when f.supply_point_id % 100 = 3 then 22 else 24 end as hours,
        array(select case when f.supply_point_id % 100 <> 3 or h <= 22
                then f.start_index_l + 10 * f.supply_point_id + (x.day - date '2026-09-01') * 1500 + h * 60 end
              from generate_series(1, 24) h)::integer[] as index_l
    ) v
    where (x.day::timestamp at time zone 'Asia/Tokyo') >= f.fitted_at
      and (f.removed_at is null or ((x.day + 1)::timestamp at time zone 'Asia/Tokyo') <= f.removed_at)
      and not (f.supply_point_id % 200 = 5 and extract(day from x.day) in (10, 20))`;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return elementAt(sorted, Math.floor(values.length / 2));
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
