/** One PostgreSQL server process over one data directory: check, start, stop. */
import { execFile, spawn } from 'node:child_process';
import {
  lchown,
  mkdir,
  open,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  truncate,
  unlink,
  writeFile,
} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import type { ServerUser } from './server-home.ts';

const run = promisify(execFile);

export interface ServerFiles {
  /** Folder of PostgreSQL's programs. */
  bin: string;
  data: string;
  log: string;
  user: ServerUser;
  /** Variables that give the server its caller's clock; empty when that is the machine's (shifted-clock.ts). */
  clock: Readonly<Record<string, string>>;
}

/** Environment of every server process, besides `ServerFiles.clock`. */
const ENVIRONMENT = {
  NODE_ENV: 'production',
  PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
} as const;
const LARGEST_LOG_BYTES = 10_000_000;

function settings(port: number): string[] {
  const megabytes = Math.floor(os.totalmem() / 1_048_576);
  const values: Record<string, string | number> = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    password_encryption: 'scram-sha-256',
    shared_preload_libraries: 'timescaledb',
    // The Apache edition has no jobs; without workers a database can be cloned at any time.
    'timescaledb.max_background_workers': 0,
    'timescaledb.telemetry_level': 'off',
    shared_buffers: `${Math.min(512, Math.max(128, Math.floor(megabytes / 4)))}MB`,
    max_wal_size: '2GB',
    wal_compression: 'lz4',
    max_connections: 200,
    max_locks_per_transaction: 256,
    jit: 'off',
    logging_collector: 'off',
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** Creates an empty cluster with the password for the superuser `postgres`; an interrupted attempt leaves nothing. */
export async function initialise(server: ServerFiles, password: string): Promise<void> {
  const building = `${server.data}.new`;
  const passwordFile = `${server.data}.password`;
  await rm(building, { recursive: true, force: true });
  await rm(passwordFile, { force: true });
  await writeFile(passwordFile, password, { flag: 'wx', mode: 0o600 });
  try {
    await own(passwordFile, server.user);
    await mkdir(building, { mode: 0o700 });
    await own(building, server.user);
    await run(
      path.join(server.bin, 'initdb'),
      [
        ...['-D', building, '-U', 'postgres', `--pwfile=${passwordFile}`],
        ...['--auth-host=scram-sha-256', '--auth-local=reject', '--encoding=UTF8'],
        ...['--locale-provider=builtin', '--locale=C.UTF-8'],
      ],
      { ...server.user, cwd: '/', env: { ...ENVIRONMENT, ...server.clock } },
    );
    await rename(building, server.data);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** Changes the owner of a file; of a link its own, never that of its target. */
async function own(file: string, { uid, gid }: ServerUser): Promise<void> {
  if (uid !== undefined && gid !== undefined) await lchown(file, uid, gid);
}

/**
 * Process id of the postgres that runs over this data directory. A pid file left by a killed server, or whose id now
 * belongs to another program, does not count.
 */
export async function runningPid(data: string): Promise<number | undefined> {
  const text = await readFile(path.join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(text.split('\n', 1)[0]);
  if (!Number.isSafeInteger(pid) || pid <= 1) return undefined;
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return command.split('\0').includes(data) ? pid : undefined;
}

/** Starts the server detached, so that it outlives this process, and returns without waiting for it. */
export async function launch(server: ServerFiles, port: number): Promise<Launched> {
  await removeMisleadingPidFile(server.data);
  const size = await stat(server.log).then(
    (found) => found.size,
    () => 0,
  );
  if (size > LARGEST_LOG_BYTES) await truncate(server.log);
  const log = await open(server.log, 'a', 0o600);
  const begin = (await log.stat()).size;
  const child = spawn(path.join(server.bin, 'postgres'), ['-D', server.data, ...settings(port)], {
    ...server.user,
    cwd: '/',
    env: { ...ENVIRONMENT, ...server.clock },
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  const launched: Launched = {
    exited: false,
    output: async () => (await readFile(server.log)).subarray(begin).toString(),
  };
  child.once('exit', () => {
    launched.exited = true;
  });
  child.once('error', () => {
    launched.exited = true;
  });
  child.unref();
  await log.close();
  return launched;
}

export interface Launched {
  exited: boolean;
  /** Reads what this start has written to the log. */
  output: () => Promise<string>;
}

/**
 * Removes a stale pid file. A killed server leaves one, with which postgres itself ensures that no old process still
 * writes. Only when its id now belongs to another program would postgres wait for ever: then, and when no process works
 * in the data directory, it is removed.
 */
async function removeMisleadingPidFile(data: string): Promise<void> {
  const file = path.join(data, 'postmaster.pid');
  const text = await readFile(file, 'utf8').catch(() => '');
  const pid = Number(text.split('\n', 1)[0]);
  if (pid > 0 && (await isAlive(pid)) && !(await runningPid(data)) && !(await isWorkedIn(data))) {
    await unlink(file);
  }
}

async function isAlive(pid: number): Promise<boolean> {
  return readFile(`/proc/${pid}/stat`).then(
    () => true,
    () => false,
  );
}

async function isWorkedIn(data: string): Promise<boolean> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const folders = await Promise.all(
    pids.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => '')),
  );
  return folders.includes(data);
}

/**
 * Connects once the server accepts connections.
 * @returns the data directory that it reports, or undefined when it is not up and `alive` says it will not be.
 */
export async function dataDirectoryAt(
  url: string,
  alive: () => Promise<boolean>,
): Promise<string | undefined> {
  for (;;) {
    const answer = await ask(url);
    if (typeof answer === 'string') return answer;
    if (!(await alive())) return undefined;
    if (!isPassing(answer)) throw answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function ask(url: string): Promise<string | Error> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('show data_directory');
    return rows[0]?.data_directory ?? new Error('the server does not say where its data are');
  } catch (error) {
    return error as Error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/**
 * True while the server is not listening yet, or is starting, recovering or shutting down (57P03), or was stopped
 * meanwhile.
 */
function isPassing(error: Error & { code?: string }): boolean {
  return (
    ['ECONNREFUSED', 'ECONNRESET', '57P03', '57P01'].includes(error.code ?? '') ||
    error.message.includes('Connection terminated')
  );
}

/** Stops a running server: open transactions are rolled back, everything is written, nothing is left to recover. */
export async function shutDown(server: ServerFiles, deadlineMs = 60_000): Promise<void> {
  const pid = await runningPid(server.data);
  if (!pid) return;
  process.kill(pid, 'SIGINT');
  const startedMs = performance.now();
  while ((await runningPid(server.data)) === pid) {
    if (performance.now() - startedMs > deadlineMs) {
      throw new Error(`PostgreSQL (process ${pid}) does not stop; its log is ${server.log}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
