/** Child processes of bench/ingest.ts: start, messages, and resource usage. */
import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TestDatabase } from '../db/testing/database.ts';
import type { LoadPlan, LoadResult } from './ingest-load.ts';

/** Resources of every measurement. */
export interface Bench {
  database: TestDatabase;
  /** Folder of the utilities' key-encryption keys. */
  folder: string;
  onProgress: (text: string) => void;
}

export interface Sidecar {
  process: ChildProcess;
  mqttPort: number;
}

/** Starts a sidecar on the benchmark's database; resolves when it listens. */
export async function startSidecar(bench: Bench): Promise<Sidecar> {
  const sidecar = start('../ingest/main.ts', {
    DATABASE_URL: bench.database.ingestUrl,
    KENSHIN_KEK_DIRECTORY: bench.folder,
    KENSHIN_MQTT_PORT: '0',
    KENSHIN_HEALTH_PORT: '0',
    LOG_LEVEL: 'error',
  });
  const { mqttPort } = await answerOf<{ mqttPort: number }>(sidecar);
  return { process: sidecar, mqttPort };
}

/** Starts a process of load; resolves when it has made its packets. */
export async function prepareLoad(plan: LoadPlan): Promise<ChildProcess> {
  const load = start('ingest-load.ts', {});
  load.send({ prepare: plan });
  await answerOf(load);
  return load;
}

export async function runLoad(load: ChildProcess, port: number): Promise<LoadResult> {
  load.send({ port });
  const answer = await answerOf<{ result?: LoadResult; failed?: string }>(load);
  load.kill();
  if (answer.result === undefined) throw new Error(`the load failed: ${answer.failed}`);
  return answer.result;
}

export function start(
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

export function answerOf<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as T));
    child.once('exit', (code) =>
      reject(new Error(`a process of the benchmark ended with ${code}`)),
    );
  });
}

/** Peak memory and processor time of a process on Linux; zeros elsewhere. */
export function usageOf(
  pid: number,
  reports: number,
): { peakMemoryMb: number; cpuUsPerReport: number } {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const peakKb = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0);
    return {
      peakMemoryMb: Math.round(peakKb / 1024),
      cpuUsPerReport: round((processorMsOf(pid) * 1000) / reports, 1),
    };
  } catch {
    return { peakMemoryMb: 0, cpuUsPerReport: 0 };
  }
}

/** Processor time of a process on Linux, milliseconds; 0 elsewhere. */
export function processorMsOf(pid: number): number {
  try {
    const [, afterName = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
    const fields = afterName.split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return 0;
  }
}

/** Processor time of the sidecar's open connections to the database, milliseconds. */
export async function databaseMsOf({ adminPool }: TestDatabase): Promise<number> {
  const { rows } = await adminPool.query<{ pid: number }>(
    `select pid from pg_stat_activity where datname = current_database() and application_name = 'kenshin ingest'`,
  );
  return rows.reduce((sum, { pid }) => sum + processorMsOf(pid), 0);
}

export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
