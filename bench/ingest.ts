// Day reports per second that are committed, from PUBLISH to PUBACK, against two baselines in the same run: (a) COPY of
// the same rows into the same hypertable, (b) the same broker and batching with a bare insert. A report is a meter's
// day: 48 hourly values. Sidecar, load and database are separate processes on one machine.
import { createReadStream, createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import * as pgCopy from 'pg-copy-streams';
import { cloneDatabase } from '../db/testing/database.ts';
import { wireDay } from '../ingest/protocol/wire-time.ts';
import { certain } from '../lib/certain.ts';
import { type BesideFigures, benchBeside } from './ingest-beside.ts';
import type { LoadPlan } from './ingest-load.ts';
import {
  answerOf,
  type Bench,
  prepareLoad,
  round,
  runLoad,
  start,
  startSidecar,
  usageOf,
} from './ingest-processes.ts';
import { KEK, registerTerminals, UTILITIES } from './ingest-register.ts';

interface Case {
  connections: number;
  /** Frames of a connection without PUBACK. */
  window: number;
  terminals: number;
  daysOfEach: number;
}

const CASES = {
  /** History of many terminals, twenty at a time, each at full speed. */
  few: { connections: 20, window: 32, terminals: 800, daysOfEach: 400 },
  /** One day of many terminals, all connected. */
  many: { connections: 2000, window: 4, terminals: 2000, daysOfEach: 60 },
} satisfies Record<string, Case>;

export interface IngestFigures {
  reports: number;
  connections: number;
  window: number;
  reportsPerS: number;
  p50Ms: number;
  p99Ms: number;
  peakMemoryMb: number;
  cpuUsPerReport: number;
}

/** Figures of new days, sent as history: the ones compared from commit to commit. */
export interface NewDaysBench {
  few: IngestFigures & { ofCopy: number; ofBareInsert: number };
  many: IngestFigures;
  copyRowsPerS: number;
  bareFramesPerS: number;
}

const PARTS = ['new-days', 'beside'] as const;
type Part = (typeof PARTS)[number];

/**
 * Runs the benchmark on a scratch database of the server and drops it again. The URL's role may create databases.
 * @param parts `new-days` only, for comparing two commits; `beside` only, for days beside four million rows; both by
 * default.
 */
export async function benchIngest(
  serverUrl: string,
  parts: readonly string[] = [],
): Promise<Partial<NewDaysBench & BesideFigures>> {
  const chosen = parts.length === 0 ? PARTS : parts.map(partOf);
  const onProgress = (text: string) => console.error(text);
  const folder = mkdtempSync(join(tmpdir(), 'kenshin-bench-'));
  const database = await cloneDatabase(serverUrl);
  try {
    for (const utility of UTILITIES) {
      writeFileSync(join(folder, `${utility}.key`), KEK, { mode: 0o600 });
    }
    const bench = { database, folder, onProgress };
    return {
      ...(chosen.includes('new-days') ? await benchNewDays(bench) : {}),
      ...(chosen.includes('beside') ? await benchBeside(bench) : {}),
    };
  } finally {
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function partOf(text: string): Part {
  const part = PARTS.find((each) => each === text);
  if (part === undefined) throw new Error(`parts of the bench are ${PARTS.join(' and ')}`);
  return part;
}

async function benchNewDays(bench: Bench): Promise<NewDaysBench> {
  const few = await measureSidecar(bench, CASES.few);
  const copyRowsPerS = await measureCopy(bench);
  const bareFramesPerS = await measureBare(bench, CASES.few);
  const many = await measureSidecar(bench, CASES.many);
  return {
    few: {
      ...few,
      ofCopy: round(few.reportsPerS / copyRowsPerS, 2),
      ofBareInsert: round(few.reportsPerS / bareFramesPerS, 2),
    },
    many,
    copyRowsPerS,
    bareFramesPerS,
  };
}

async function measureSidecar(bench: Bench, size: Case): Promise<IngestFigures> {
  await bench.database.adminPool.query('truncate series.meter_day');
  const terminals = await registerTerminals(bench.database.adminPool, size.terminals);
  const load = await prepareLoad(planOf(size, terminals));
  const { process: sidecar, mqttPort } = await startSidecar(bench);
  try {
    bench.onProgress(
      `${size.connections} connections: sending ${size.terminals * size.daysOfEach} reports`,
    );
    const result = await runLoad(load, mqttPort);
    await assertStored(bench.database.adminPool, result.acknowledged);
    return {
      reports: result.acknowledged,
      connections: size.connections,
      window: size.window,
      reportsPerS: Math.round(result.acknowledged / result.seconds),
      p50Ms: round(result.p50Ms, 1),
      p99Ms: round(result.p99Ms, 1),
      ...usageOf(certain(sidecar.pid, 'the process of the sidecar'), result.acknowledged),
    };
  } finally {
    sidecar.kill('SIGKILL');
  }
}

async function measureBare(bench: Bench, size: Case): Promise<number> {
  const admin = bench.database.adminPool;
  await admin.query('create table if not exists bare_frame (bytes bytea not null)');
  await admin.query('truncate bare_frame');
  await admin.query('grant insert on bare_frame to kenshin_ingest');
  const load = await prepareLoad(planOf(size, await registerTerminals(admin, size.terminals)));
  const broker = start('ingest-bare.ts', {}, [bench.database.ingestUrl]);
  try {
    const { mqttPort } = await answerOf<{ mqttPort: number }>(broker);
    bench.onProgress('the same frames into a bare insert');
    const result = await runLoad(load, mqttPort);
    return Math.round(result.acknowledged / result.seconds);
  } finally {
    broker.kill('SIGKILL');
  }
}

/** Copies the stored rows out, empties the hypertable, and measures copying them in again. */
async function measureCopy(bench: Bench): Promise<number> {
  const file = join(bench.folder, 'meter_day.copy');
  const client = await bench.database.adminPool.connect();
  try {
    bench.onProgress('the same rows by COPY');
    const source = client.query(
      pgCopy.to('copy (select * from series.meter_day) to stdout (format binary)'),
    );
    await pipeline(source, createWriteStream(file));
    await client.query('truncate series.meter_day');
    const startedAt = performance.now();
    const sink = client.query(pgCopy.from('copy series.meter_day from stdin (format binary)'));
    await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), sink);
    return Math.round((sink.rowCount ?? 0) / ((performance.now() - startedAt) / 1000));
  } finally {
    client.release();
  }
}

async function assertStored(admin: pg.Pool, acknowledged: number): Promise<void> {
  const { rows } = await admin.query<{ count: number }>(
    'select count(*)::integer as count from series.meter_day',
  );
  const { count } = certain(rows[0], 'the count');
  if (count === acknowledged) return;
  throw new Error(`${acknowledged} reports were acknowledged and ${count} are stored`);
}

function planOf(size: Case, terminals: LoadPlan['terminals']): LoadPlan {
  const { connections, window, daysOfEach } = size;
  return { terminals, connections, window, daysOfEach, firstDay: wireDay('2025-01-01') };
}
