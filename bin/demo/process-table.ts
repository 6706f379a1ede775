/**
 * Processes of a demo or a test run: each in its own process group (so that Ctrl-C reaches only their starter),
 * recorded with its start time, ended in order. Processes left by a killed run are recognised by pid and start time
 * together, so that another process with a reused pid is never touched.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

const STOP_DEADLINE_MS = 20_000;
const POLL_MS = 50;

const ProcessRecord = z.object({ name: z.string(), pid: z.number(), startedAt: z.string() });
type ProcessRecord = z.infer<typeof ProcessRecord>;

export interface ProcessOptions {
  name: string;
  args: readonly string[];
  env: Record<string, string | undefined>;
  logFile: string;
  /** Polled until it resolves true: the process is ready. */
  isReady: () => Promise<boolean>;
  readyTimeoutMs: number;
}

export interface RunningProcess {
  readonly name: string;
  readonly pid: number;
  /** Resolves with the exit code, or null after a signal. */
  readonly exited: Promise<number | null>;
  /** Sends SIGTERM, then SIGKILL when the process does not end in time. */
  stop(): Promise<void>;
}

/** Table of the processes of one run, kept in `file`. */
export function createProcessTable(file: string) {
  const records: ProcessRecord[] = [];

  function save(): void {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.new`, JSON.stringify(records), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }

  function add(name: string, pid: number): void {
    records.push({ name, pid, startedAt: startTimeOf(pid) ?? '' });
    save();
  }

  function remove(pid: number): void {
    const at = records.findIndex((record) => record.pid === pid);
    if (at < 0) return;
    records.splice(at, 1);
    save();
  }

  return {
    add,
    remove,
    /** The process of that name that an earlier run recorded, if it is alive. */
    findEarlier: (name: string) => livingRecords(file).find((record) => record.name === name)?.pid,
    /** Ends the processes that an earlier run left. Returns their names. */
    async endLeftovers(): Promise<string[]> {
      const left = livingRecords(file).filter((record) => record.pid !== process.pid);
      await Promise.all(left.map((record) => endByPid(record.pid)));
      save();
      return left.map((record) => record.name);
    },
    async start(options: ProcessOptions): Promise<RunningProcess> {
      const running = launch(options);
      add(options.name, running.pid);
      void running.exited.then(() => remove(running.pid));
      await waitUntilReady(running, options);
      return running;
    },
  };
}

function launch({ name, args, env, logFile }: ProcessOptions): RunningProcess {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(process.execPath, [...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  const exited = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => resolve(code));
    child.once('error', () => resolve(1));
  });
  return { name, pid: child.pid ?? -1, exited, stop: () => stop(child, exited) };
}

async function stop(child: ChildProcess, exited: Promise<number | null>): Promise<void> {
  child.kill('SIGTERM');
  const forced = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
  await exited;
  clearTimeout(forced);
}

async function waitUntilReady(running: RunningProcess, options: ProcessOptions): Promise<void> {
  const deadline = performance.now() + options.readyTimeoutMs;
  let code: number | null | undefined;
  void running.exited.then((value) => {
    code = value;
  });
  while (!(await options.isReady())) {
    if (code !== undefined || performance.now() > deadline) {
      await running.stop();
      const what = code === undefined ? 'did not get ready in time' : `ended with code ${code}`;
      throw new Error(
        `${options.name} ${what}. The end of ${options.logFile}:\n${tail(options.logFile)}`,
      );
    }
    await sleep(POLL_MS);
  }
}

function tail(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-15).join('\n');
}

/** The kernel's start time of a process (field 22 of /proc/<pid>/stat); undefined when it is not alive. */
function startTimeOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function livingRecords(file: string): ProcessRecord[] {
  try {
    const records = z.array(ProcessRecord).parse(JSON.parse(readFileSync(file, 'utf8')));
    return records.filter(({ pid, startedAt }) => startTimeOf(pid) === startedAt);
  } catch {
    return [];
  }
}

async function endByPid(pid: number): Promise<void> {
  const startedAt = startTimeOf(pid);
  const deadline = performance.now() + STOP_DEADLINE_MS;
  signal(pid, 'SIGTERM');
  while (startTimeOf(pid) === startedAt) {
    if (performance.now() > deadline) signal(pid, 'SIGKILL');
    await sleep(POLL_MS);
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended between the check and the signal.
  }
}

/** A free loopback port, `preferred` if it is free. */
export async function freePort(preferred = 0): Promise<number> {
  const port = await tryListen(preferred);
  return port ?? (await tryListen(0)) ?? preferred;
}

function tryListen(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      const taken = typeof address === 'object' && address ? address.port : undefined;
      server.close(() => resolve(taken));
    });
  });
}

/** True when the address answers with a status below 500. */
export async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(5_000) });
    await response.arrayBuffer();
    return response.status < 500;
  } catch {
    return false;
  }
}

/** Folder of the checkout's own files of one kind: `.local/<name>`. */
export function localFolder(root: string, name: string): string {
  // Under root the database server runs as another user, who must be able to enter the parent folder.
  mkdirSync(join(root, '.local'), { recursive: true });
  const folder = join(root, '.local', name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}
