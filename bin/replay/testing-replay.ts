import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transactAs } from '../../db/client.ts';
import type { Tx } from '../../db/schema.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import type { SystemActor } from '../../lib/actor.ts';
import { addDays } from '../../lib/time.ts';
import { ROOT } from '../demo/product-processes.ts';
import type { ReplayOptions } from './run-replay.ts';

/** Later than every day of these tests' files. */
const NOW = new Date('2025-12-01T12:00:00+09:00');
const HEADER = [
  'date',
  ...Array.from({ length: 24 }, (_, i) => `i${String(i + 1).padStart(2, '0')}`),
].join(',');

/** A line of a replay file: a register that rises by 15 litres an hour; `missing` is an hour without a reading. */
export function replayLine(day: string, startL: number, missing?: number): string {
  const hours = Array.from({ length: 24 }, (_, hour) =>
    hour + 1 === missing ? '' : String(startL + hour * 15),
  );
  return [day, ...hours].join(',');
}

export function replayText(...lines: string[]): string {
  return `${[HEADER, ...lines].join('\n')}\n`;
}

/** Consecutive days; hour 3 is missing on every seventh day. */
export function replayDays(first: string, count: number, startL = 1_000_000): string {
  const lines = Array.from({ length: count }, (_, i) =>
    replayLine(addDays(first, i), startL + i * 24 * 15, i % 7 === 6 ? 3 : undefined),
  );
  return replayText(...lines);
}

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunningReplay {
  child: ChildProcess;
  /** Its output so far. */
  printed: () => string;
  ended: Promise<Ended>;
}

export interface ReplayBench {
  database: TestDatabase;
  /** Folder of this test, with the files that `options` name. */
  directory: string;
  options: ReplayOptions;
  rows(text: string): Promise<Record<string, unknown>[]>;
  /** Runs `fn` as the office of the replayed utility. */
  act<T>(fn: (tx: Tx, office: SystemActor) => Promise<T>): Promise<T>;
  /** Starts the command as a child process, over the same database, keys and credentials. */
  start(...args: string[]): RunningReplay;
  close(): Promise<void>;
}

/** A database and a folder for files, keys and credentials of one test. */
export async function replayBench(): Promise<ReplayBench> {
  const database = await testDatabase();
  const directory = await mkdtemp(join(tmpdir(), 'kenshin-replay-'));
  const kekDirectory = join(directory, 'keys');
  const stateDirectory = join(directory, 'replay');
  const children: ChildProcess[] = [];
  return {
    database,
    directory,
    options: {
      adminUrl: database.adminUrl,
      appUrl: database.url,
      ingestUrl: database.ingestUrl,
      file: join(directory, 'days.csv'),
      customerNumber: '0042',
      utilityCode: 'demo',
      createUtility: true,
      kekDirectory,
      stateDirectory,
      now: NOW,
      clock: () => new Date(),
    },
    rows: async (text) => (await database.adminPool.query(text)).rows,
    async act(fn) {
      const { rows } = await database.adminPool.query('select utility_id from utility');
      const utilityId = rows[0].utility_id as number;
      const office: SystemActor = { kind: 'system', utilityId, name: 'test' };
      return transactAs(database.db, utilityId, (tx) => fn(tx, office));
    },
    start(...args) {
      const running = startReplay([...args, '--credentials', stateDirectory], {
        DATABASE_URL: database.adminUrl,
        KENSHIN_KEK_DIRECTORY: kekDirectory,
      });
      children.push(running.child);
      return running;
    },
    async close() {
      for (const child of children) child.kill('SIGKILL');
      await database.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function startReplay(args: readonly string[], env: Record<string, string>): RunningReplay {
  const child = spawn(process.execPath, ['--import', 'tsx', 'bin/replay.ts', ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { child, printed: () => stderr, ended };
}
