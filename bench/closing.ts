/**
 * `npm run -s bench -- closing`, each part with a fleet of its own (closing-fleet.ts):
 * - 100,000 customers of one closing day: making a run against COPY, export to a file against `COPY (the same query) TO`
 *   as the same role, the memory of the exporting process against a tenth of the customers, and ten closings of them
 *   issued in one act, a million rows: for the code the same as a million customers, because a run is made page by page and
 *   its rows are read by a cursor;
 * - 10,000 customers of a utility that has just been connected, readings of four months: the page and the file of the
 *   first closing, before which there is no reading since the meters were fitted in 2020.
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
import type { ClosingScope, ClosingSelection } from '../lib/closing/closing-facts-sql.ts';
import { getClosingPreview } from '../lib/closing/closing-preview-queries.ts';
import { closingQuery } from '../lib/closing/closing-queries.ts';
import { runRows } from '../lib/closing/run-sql.ts';
import { NO_ESTIMATION } from '../lib/estimation/estimation-scope.ts';
import { addDays } from '../lib/time.ts';
import { type Fleet, fillFleet } from './closing-fleet.ts';
import type { ExtractionFigures, ExtractionPlan } from './closing-process.ts';
import { measureRuns, median, round } from './closing-runs.ts';

const CUSTOMERS = 100_000;
const TENTH = CUSTOMERS / 10;
const RUNS = 5;
const MONTH = '2026-10';
const MONTHS_OF_MILLION = { from: '2026-01', to: MONTH };
const FIRST_MONTH = '2026-08';
const DAY_OF_ALL = 20;
const DAY_OF_TENTH = 10;
const NOW = new Date('2026-12-01T00:00:00+09:00');
const PROCESS = fileURLToPath(new URL('./closing-process.ts', import.meta.url));

/** Days before and on each closing. */
const ALL: Fleet = {
  parts: [
    { customers: TENTH, closingDay: DAY_OF_TENTH },
    { customers: CUSTOMERS, closingDay: DAY_OF_ALL },
  ],
  days: [
    ...['2025-12-20', '2026-01-20', '2026-02-20', '2026-03-20', '2026-04-20', '2026-05-20'],
    ...['2026-06-20', '2026-07-20', '2026-08-20', '2026-09-08', '2026-09-10', '2026-09-19'],
    ...['2026-09-20', '2026-10-08', '2026-10-10', '2026-10-19', '2026-10-20'],
  ],
};

/** Four months from the day on which the utility was connected. */
const FIRST: Fleet = {
  parts: [{ customers: TENTH, closingDay: DAY_OF_TENTH }],
  days: Array.from({ length: 122 }, (_, day) => addDays('2026-07-25', day)),
};

type Figures = Record<string, number>;

export async function benchClosing(adminUrl: string): Promise<Figures> {
  const folder = await mkdtemp(join(tmpdir(), 'kenshin-bench-'));
  try {
    const all = await withFleet(adminUrl, ALL, (url, utilityId) =>
      measureAll(url, folder, utilityId),
    );
    const first = await withFleet(adminUrl, FIRST, (url, utilityId) =>
      measureFirst(url, folder, utilityId),
    );
    return { ...all, ...first };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Runs `measure` with a fleet in a database of its own. */
async function withFleet(
  adminUrl: string,
  fleet: Fleet,
  measure: (adminUrl: string, utilityId: number) => Promise<Figures>,
): Promise<Figures> {
  const name = `kenshin_bench_closing_${process.pid}`;
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  const server = new pg.Client({ connectionString: adminUrl });
  await server.connect();
  await server.query(`create database ${name}`);
  try {
    await migrate(url.href);
    return await measure(url.href, await fillFleet(url.href, fleet));
  } finally {
    await server.query(`drop database ${name} with (force)`);
    await server.end();
  }
}

interface Period {
  closingDay: number;
  from: string;
  to: string;
}

function planOf(
  adminUrl: string,
  folder: string,
  { utilityId, closingDay, from, to }: Period & { utilityId: number },
): ExtractionPlan {
  const period = { closingDay, fromMonth: from, toMonth: to };
  return {
    appUrl: urlOfAppRole(adminUrl),
    utilityId,
    selection: { closingDay, closings: closingCalendar(period, NOW).closings, now: NOW },
    file: join(folder, `closing-${closingDay}-${from}.csv`),
  };
}

async function measureAll(adminUrl: string, folder: string, utilityId: number): Promise<Figures> {
  const plan = (period: Period) => planOf(adminUrl, folder, { utilityId, ...period });
  const all = plan({ closingDay: DAY_OF_ALL, from: MONTH, to: MONTH });
  const million = plan({ closingDay: DAY_OF_ALL, ...MONTHS_OF_MILLION });
  const copied = { ...all, file: join(folder, 'copied.csv') };
  const scope = scopeOf(utilityId);
  const rowsText = closingText(all.selection, scope);
  await copy(copied, rowsText);
  // First: nothing was issued before, as the queries that are copied have it.
  const ofRuns = await measureRuns(all, {
    closing: () => copy(copied, rowsText),
    run: () => copy(copied, runText(all.selection, scope)),
  });
  const figures: ExtractionFigures[] = [];
  const copyMs: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    figures.push(await extract(all));
    copyMs.push(await copy(copied, rowsText));
  }
  const tenth = await extract(plan({ closingDay: DAY_OF_TENTH, from: MONTH, to: MONTH }));
  const { rows } = elementAt(figures, 0);
  const ms = median(figures.map((figure) => figure.ms));
  const peakMb = median(figures.map((figure) => figure.peakMb));
  const issued = await extract(million);
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
    ...ofRuns,
    millionRows: issued.rows,
    issueMillionMs: Math.round(issued.issueMs),
    exportMillionMs: Math.round(issued.ms),
    issueMillionPeakMb: round(issued.peakMb),
    issueMillionToPeak: round(issued.peakMb / peakMb),
  };
}

async function measureFirst(adminUrl: string, folder: string, utilityId: number): Promise<Figures> {
  const period = { closingDay: DAY_OF_TENTH, from: FIRST_MONTH, to: FIRST_MONTH };
  const plan = planOf(adminUrl, folder, { utilityId, ...period });
  const previewMs: number[] = [];
  // Before the issue: nothing was issued yet.
  for (let run = 0; run < RUNS; run += 1) previewMs.push(await preview(plan));
  const issued = await extract(plan);
  return {
    customersOfFirst: issued.rows,
    firstPreviewMs: Math.round(median(previewMs)),
    firstIssueMs: Math.round(issued.issueMs),
    firstExportMs: Math.round(issued.ms),
  };
}

/** Milliseconds for the page of the first closing: its counts and a hundred rows. */
async function preview({ appUrl, utilityId, selection }: ExtractionPlan): Promise<number> {
  const pool = openPool(appUrl, { applicationName: 'kenshin bench', max: 1 });
  await pool.query('select 1');
  const db = createDatabase(pool);
  const actor = { kind: 'system', utilityId, name: 'bench' } as const;
  const page = { show: 'all', offset: 0, limit: 100, now: NOW } as const;
  const { closingDay } = selection;
  const begin = performance.now();
  await readAs(db, utilityId, (read) =>
    getClosingPreview(read, actor, { closingDay, month: FIRST_MONTH, ...page }),
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

/** Runs a query by COPY in the application's role, to a file of this process; milliseconds. */
async function copy({ appUrl, utilityId, file }: ExtractionPlan, text: string): Promise<number> {
  const client = new pg.Client({ connectionString: appUrl });
  await client.connect();
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

function scopeOf(utilityId: number): ClosingScope {
  return {
    utilityId,
    substituteMaxDays: 45,
    remembers: false,
    estimation: { ...NO_ESTIMATION, hasDecisions: false, hasFactors: false },
    moved: false,
  };
}

function closingText(selection: ClosingSelection, scope: ClosingScope): string {
  return inlined(closingQuery(selection, scope).compile(neverConnected()));
}

/** The query whose rows a run inserts. */
function runText({ closings, ...rest }: ClosingSelection, scope: ClosingScope): string {
  const selection = { ...rest, closing: elementAt(closings, 0) };
  return inlined(runRows({ runId: 1, selection, scope }).compile(neverConnected()));
}

function neverConnected() {
  return createDatabase(openPool('postgres://nowhere', { applicationName: 'never connected' }));
}

/** A query with its parameters inlined, because COPY takes none. */
function inlined(query: { sql: string; parameters: readonly unknown[] }): string {
  return query.sql.replace(/\$(\d+)/g, (_, position: string) => {
    const value = query.parameters[Number(position) - 1];
    if (value === null) return 'null';
    return pg.escapeLiteral(Array.isArray(value) ? `{${value.join(',')}}` : String(value));
  });
}
