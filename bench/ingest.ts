// How many day reports a second are committed, from PUBLISH to PUBACK, against two yardsticks measured in the same run:
// (a) COPY of the same rows into the same hypertable, (b) the same broker and batching with a bare insert.
// One report is a meter's day: 48 hourly values. Sidecar, load and database are processes of their own on one machine.
import { type ChildProcess, fork } from 'node:child_process';
import {
  createReadStream,
  createWriteStream,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import * as pgCopy from 'pg-copy-streams';
import { cloneDatabase, type TestDatabase } from '../db/testing-database.ts';
import { wireDay } from '../ingest/protocol/clock.ts';
import { parseKek } from '../lib/keys/kek.ts';
import { wrapKey } from '../lib/keys/key-wrap.ts';
import { createTerminalKey } from '../lib/keys/terminal-key.ts';
import { createTerminalSecret, hashTerminalSecret } from '../lib/keys/terminal-secret.ts';
import type { LoadPlan, LoadResult } from './ingest-load.ts';

const UTILITY = 'bench';
const KEK = 'a5'.repeat(32);

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
  /** A day of many terminals, all connected. */
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

export interface IngestBench {
  few: IngestFigures & { ofCopy: number; ofBareInsert: number };
  many: IngestFigures;
  copyRowsPerS: number;
  bareFramesPerS: number;
}

/** Runs the benchmark on a scratch database of the server and drops it again. The URL's role may create databases. */
export async function benchIngest(
  serverUrl: string,
  onProgress: (text: string) => void = () => undefined,
): Promise<IngestBench> {
  const folder = mkdtempSync(join(tmpdir(), 'kenshin-bench-'));
  const database = await cloneDatabase(serverUrl);
  try {
    writeFileSync(join(folder, `${UTILITY}.key`), KEK, { mode: 0o600 });
    const bench = { database, folder, onProgress };
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
  } finally {
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Bench {
  database: TestDatabase;
  folder: string;
  onProgress: (text: string) => void;
}

async function measureSidecar(bench: Bench, size: Case): Promise<IngestFigures> {
  await bench.database.adminPool.query('truncate series.meter_day');
  const terminals = await registerTerminals(bench.database.adminPool, size.terminals);
  const load = await prepareLoad(size, terminals);
  const sidecar = start('../ingest/main.ts', {
    DATABASE_URL: bench.database.ingestUrl,
    KENSHIN_KEK_DIRECTORY: bench.folder,
    KENSHIN_MQTT_PORT: '0',
    KENSHIN_HEALTH_PORT: '0',
    LOG_LEVEL: 'error',
  });
  try {
    const { mqttPort } = await answerOf<{ mqttPort: number }>(sidecar);
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
      ...usageOf(sidecar.pid!, result.acknowledged),
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
  const load = await prepareLoad(size, await registerTerminals(admin, size.terminals));
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

/** Registers terminals of the benchmark's utility, each with a meter that was always there. */
async function registerTerminals(admin: pg.Pool, count: number): Promise<LoadPlan['terminals']> {
  const kek = parseKek(KEK, 'the benchmark');
  const { rows } = await admin.query<{ done: number }>(
    'select count(*)::integer as done from terminal',
  );
  const first = rows[0]!.done;
  const terminals = Array.from({ length: count }, (_, at) => ({
    number: String(first + at + 1).padStart(11, '0'),
    secret: createTerminalSecret(),
    key: createTerminalKey(),
    serial: String(first + at + 1).padStart(10, '0'),
  }));
  await admin.query(
    `with owner as (
       insert into utility (code, name) values ('${UTILITY}', 'ベンチガス')
       on conflict (code) do update set name = excluded.name returning utility_id
     ), place as (
       insert into area (utility_id, code, name, gas_kind, pressure_min_pa, pressure_max_pa)
       select utility_id, $1, 'bench', 'city', 1000, 2500 from owner returning utility_id, area_id
     ), given as (
       select * from unnest($2::text[], $3::bytea[], $4::bytea[], $5::text[]) with ordinality g (number, secret_hash, wrapped_key, serial, at)
     ), point as (
       insert into supply_point (utility_id, number, area_id, gas_kind, closing_day, opened_on)
       select p.utility_id, g.number, p.area_id, 'city', 31, '2000-01-01' from place p, given g returning utility_id, supply_point_id, number
     ), gauge as (
       insert into meter (utility_id, serial, gas_kind, size, dial_l)
       select p.utility_id, g.serial, 'city', 2.5, 100000000 from place p, given g returning utility_id, meter_id, serial
     ), radio as (
       insert into terminal (utility_id, number, model, secret_hash)
       select p.utility_id, g.number, 'external', g.secret_hash from place p, given g returning utility_id, terminal_id, number
     ), fitted as (
       insert into meter_fitting (utility_id, meter_id, supply_point_id, fitted_at)
       select p.utility_id, m.meter_id, p.supply_point_id, '2000-01-01' from given g join point p using (number) join gauge m using (serial)
     ), placed as (
       insert into terminal_fitting (utility_id, terminal_id, supply_point_id, from_at)
       select r.utility_id, r.terminal_id, p.supply_point_id, '2000-01-01' from radio r join point p using (number)
     ), state as (
       insert into terminal_state (utility_id, terminal_id) select utility_id, terminal_id from radio
     )
     insert into terminal_key (utility_id, terminal_id, generation, wrapped_key, kek_id)
     select r.utility_id, r.terminal_id, 1, g.wrapped_key, $6 from radio r join given g using (number)`,
    [
      `A${first}`,
      terminals.map(({ number }) => number),
      terminals.map(({ secret }) => hashTerminalSecret(secret)),
      terminals.map(({ key }) => wrapKey(kek.key, key)),
      terminals.map(({ serial }) => serial),
      kek.id,
    ],
  );
  await admin.query('vacuum analyze terminal, terminal_state, meter');
  return terminals.map((terminal) => ({ ...terminal, key: terminal.key.toString('hex') }));
}

async function assertStored(admin: pg.Pool, acknowledged: number): Promise<void> {
  const { rows } = await admin.query<{ count: number }>(
    'select count(*)::integer as count from series.meter_day',
  );
  if (rows[0]!.count === acknowledged) return;
  throw new Error(`${acknowledged} reports were acknowledged and ${rows[0]!.count} are stored`);
}

async function prepareLoad(size: Case, terminals: LoadPlan['terminals']): Promise<ChildProcess> {
  const load = start('ingest-load.ts', {});
  const { connections, window, daysOfEach } = size;
  const plan: LoadPlan = {
    terminals,
    connections,
    window,
    daysOfEach,
    firstDay: wireDay('2025-01-01'),
  };
  load.send({ prepare: plan });
  await answerOf(load);
  return load;
}

async function runLoad(load: ChildProcess, port: number): Promise<LoadResult> {
  load.send({ port });
  const answer = await answerOf<{ result?: LoadResult; failed?: string }>(load);
  load.kill();
  if (answer.result === undefined) throw new Error(`the load failed: ${answer.failed}`);
  return answer.result;
}

function start(
  file: string,
  environment: Record<string, string>,
  parameters: string[] = [],
): ChildProcess {
  return fork(fileURLToPath(new URL(file, import.meta.url)), parameters, {
    env: { NODE_ENV: 'production', ...environment },
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

function answerOf<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as T));
    child.once('exit', (code) =>
      reject(new Error(`a process of the benchmark ended with ${code}`)),
    );
  });
}

/** Peak memory and processor time of a process on Linux; zeros elsewhere. */
function usageOf(pid: number, reports: number): { peakMemoryMb: number; cpuUsPerReport: number } {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const peakKb = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0);
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    const ticks = Number(fields[11]) + Number(fields[12]);
    return {
      peakMemoryMb: Math.round(peakKb / 1024),
      cpuUsPerReport: round((ticks * 10_000) / reports, 1),
    };
  } catch {
    return { peakMemoryMb: 0, cpuUsPerReport: 0 };
  }
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
