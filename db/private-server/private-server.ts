/**
 * A checkout's private PostgreSQL with TimescaleDB for development, tests and the demo: started if it is not running,
 * otherwise adopted, stopped by its last user. Loopback only, with a generated password in a file of mode 0600.
 */
import { access, chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import pg from 'pg';
import { urlOfDatabase } from '../database-url.ts';
import type { ProcessRole } from '../grants.ts';
import { migrate } from '../migrate.ts';
import { newPassword, type RolePasswords, rolePasswords } from '../role-passwords.ts';
import { withClient } from '../with-client.ts';
import { ensurePrograms, type InstallOptions } from './postgres-programs.ts';
import { checkoutHash, findServerHome, userOf } from './server-home.ts';
import { addUser, hasUsers, withLock } from './server-lock.ts';
import {
  dataDirectoryAt,
  initialise,
  launch,
  runningPid,
  type ServerFiles,
  shutDown,
} from './server-process.ts';
import { shiftedClock } from './shifted-clock.ts';

export interface ServerOptions extends InstallOptions {
  /** The checkout's folder for such state: `.local`. */
  stateDir: string;
  /** Each name has its own server and data directory: `demo`, `test`. */
  name: string;
  /** Preferred port for a first start; by default derived from the checkout's path, then stored. */
  port?: number;
  /** Folder of the PostgreSQL programs; by default they are searched for. */
  bin?: string;
}

export interface EmbeddedServer {
  /** Superuser, database `postgres`. */
  adminUrl: string;
  /** True when this call started the server; false when it was running already. */
  started: boolean;
  /** Folder of psql, pg_dump and the others. */
  bin: string;
  /** Path of the server's log. */
  log: string;
  /** Process id of the running server; undefined when it died. */
  pid(): Promise<number | undefined>;
  /** Ends this use of the server; the last user's call stops it in order. Idempotent. */
  stop(): Promise<void>;
}

interface Remembered {
  port: number;
  adminPassword: string;
  /** Passwords of the roles that processes and commands connect as. */
  passwords: RolePasswords;
}

/** @throws Error that says what is missing or in conflict, with the log's last lines when PostgreSQL itself failed */
export async function startServer(options: ServerOptions): Promise<EmbeddedServer> {
  return (await start(options)).server;
}

/** Folder of PostgreSQL's programs (pg_dump, psql, …), unpacked first when this machine has none. */
export async function serverPrograms(stateDir: string, options: InstallOptions): Promise<string> {
  const { directory } = await findServerHome(stateDir);
  return withLock(
    checkoutHash(directory),
    () => options.onProgress?.('waiting for another start or stop of the database'),
    () => ensurePrograms(directory, options),
  );
}

export interface EmbeddedDatabase extends EmbeddedServer {
  /** URL for kenshin_app, the role of the operator's commands, with its own password. */
  appUrl: string;
  /** URL for the role of the web process. */
  webUrl: string;
  /** URL for the role of the sidecar. */
  ingestUrl: string;
  /** URL for the role of the worker. */
  workerUrl: string;
}

/** Starts or adopts the server and migrates its database `kenshin` to the newest schema. */
export async function startDatabase(options: ServerOptions): Promise<EmbeddedDatabase> {
  const { server, remembered, lock } = await start(options);
  try {
    const adminUrl = await withLock(
      lock,
      () => undefined,
      () => prepareDatabase(server.adminUrl, remembered, options),
    );
    const urlOf = (role: ProcessRole): string => {
      const url = new URL(adminUrl);
      url.username = role;
      url.password = remembered.passwords[role];
      return url.toString();
    };
    return {
      ...server,
      adminUrl,
      appUrl: urlOf('kenshin_app'),
      webUrl: urlOf('kenshin_web'),
      ingestUrl: urlOf('kenshin_ingest'),
      workerUrl: urlOf('kenshin_worker'),
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function start(
  options: ServerOptions,
): Promise<{ server: EmbeddedServer; remembered: Remembered; lock: string }> {
  const onProgress = options.onProgress ?? (() => undefined);
  if (!/^[a-z][a-z0-9-]{0,31}$/.test(options.name)) {
    throw new Error(`"${options.name}" is not a name for a server: small letters, digits, hyphens`);
  }
  const home = await findServerHome(options.stateDir);
  const folder = path.join(home.directory, options.name);
  const lock = checkoutHash(home.directory);
  const waiting = (): void => onProgress('waiting for another start or stop of the database');
  return withLock(lock, waiting, async () => {
    const bin = options.bin ?? (await ensurePrograms(home.directory, options));
    if (await mkdir(folder, { recursive: true })) await chmod(folder, 0o755);
    const data = path.join(folder, 'data');
    const files = {
      bin,
      data,
      log: path.join(folder, 'log'),
      user: await userOf(data, home),
      clock: shiftedClock(options.environment ?? {}, Date.now()),
    };
    const remembered = await recall(folder, options);
    const started = await ensureRunning({ files, folder, remembered, onProgress });
    const users = path.join(folder, 'users');
    const leave = await addUser(users);
    const stop = (): Promise<void> =>
      withLock(lock, waiting, async () => {
        await leave();
        if (!(await hasUsers(users))) await shutDown(files);
      });
    const server = {
      adminUrl: adminUrlOf(remembered),
      started,
      bin,
      log: files.log,
      pid: () => runningPid(data),
      stop,
    };
    return { server, remembered, lock };
  });
}

function adminUrlOf({ port, adminPassword }: Remembered): string {
  return `postgres://postgres:${adminPassword}@127.0.0.1:${port}/postgres`;
}

/** Port and passwords of this server; generated at its first start. */
async function recall(folder: string, options: ServerOptions): Promise<Remembered> {
  const file = path.join(folder, 'server.json');
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new Error(
      `${file} cannot be read (${error.code}): this private database was made by another user; start as that user, or remove ${folder}`,
    );
  });
  if (text !== undefined) {
    try {
      return withPasswords(JSON.parse(text) as Remembered, folder);
    } catch {
      throw new Error(`${file} is damaged, and the password lost: remove ${folder} to start anew`);
    }
  }
  if (await exists(path.join(folder, 'data'))) {
    throw new Error(`${file} is gone, and with it the password: remove ${folder} to start anew`);
  }
  const remembered = {
    port: options.port ?? derivedPort(folder),
    adminPassword: newPassword(),
    passwords: rolePasswords(),
  };
  await remember(folder, remembered);
  return remembered;
}

/** Adds missing passwords to the state of an older server; the following start sets them. */
async function withPasswords(known: Partial<Remembered>, folder: string): Promise<Remembered> {
  const remembered = { ...known, passwords: rolePasswords(known.passwords) } as Remembered;
  await remember(folder, remembered);
  return remembered;
}

async function remember(folder: string, remembered: Remembered): Promise<void> {
  const file = path.join(folder, 'server.json');
  await writeFile(`${file}.new`, `${JSON.stringify(remembered, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** Below the range from which Linux takes ports for outgoing connections. */
function derivedPort(folder: string): number {
  return 15_000 + (Number.parseInt(checkoutHash(folder), 16) % 15_000);
}

interface Start {
  files: ServerFiles;
  folder: string;
  remembered: Remembered;
  onProgress: (text: string) => void;
}

/** @returns true when this call started the server */
async function ensureRunning(at: Start): Promise<boolean> {
  const { files, remembered, onProgress } = at;
  if (!(await exists(files.data))) {
    onProgress('preparing an empty database server');
    await initialise(files, remembered.adminPassword);
  }
  if (await adopt(files, remembered)) return false;
  onProgress('starting the database server');
  const deadlineMs = performance.now() + 20_000;
  for (;;) {
    await chooseFreePort(at);
    const launched = await launch(files, remembered.port);
    const served = await dataDirectoryAt(adminUrlOf(remembered), async () => !launched.exited);
    if (served === files.data) return true;
    const output = await launched.output();
    if (performance.now() > deadlineMs || !/already in use|still in use/i.test(output)) {
      throw new Error(
        `PostgreSQL did not start; its log ${files.log} ends with:\n${output.trim().split('\n').slice(-8).join('\n')}`,
      );
    }
    // Another program took the port this instant, or processes of a killed server have not ended yet.
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/**
 * True when a server over this data directory is running and accepts the password; waits while it starts or recovers.
 */
async function adopt(files: ServerFiles, remembered: Remembered): Promise<boolean> {
  const pid = await runningPid(files.data);
  if (!pid) return false;
  const served = await dataDirectoryAt(
    adminUrlOf(remembered),
    async () => (await runningPid(files.data)) === pid,
  );
  return served === files.data;
}

/** Keeps the stored port unless another program uses it. */
async function chooseFreePort({ folder, remembered }: Start): Promise<void> {
  const first = remembered.port;
  while (!(await isFree(remembered.port))) {
    remembered.port = remembered.port >= 29_999 ? 15_000 : remembered.port + 1;
    if (remembered.port === first) throw new Error('no free port between 15000 and 29999');
  }
  if (remembered.port !== first) await remember(folder, remembered);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

async function prepareDatabase(
  serverUrl: string,
  { passwords }: Remembered,
  { onProgress = () => undefined }: ServerOptions,
): Promise<string> {
  const adminUrl = urlOfDatabase(serverUrl, 'kenshin');
  await withClient(serverUrl, async (client) => {
    const { rowCount } = await client.query(`select from pg_database where datname = 'kenshin'`);
    if (rowCount === 0) await client.query('create database kenshin');
  });
  await withClient(adminUrl, (client) =>
    // After an upgrade of the package this has to be the first statement of a session.
    client.query('alter extension timescaledb update').catch((error: pg.DatabaseError) => {
      if (error.code !== '42704') throw error;
    }),
  );
  await migrate(adminUrl, (name) => onProgress(`migrating the database: ${name}`));
  await withClient(adminUrl, async (client) => {
    for (const [role, password] of Object.entries(passwords)) {
      await client.query(`alter role ${role} login password ${pg.escapeLiteral(password)}`);
    }
  });
  return adminUrl;
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
