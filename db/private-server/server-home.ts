/**
 * Where a checkout's private PostgreSQL lies and under which user it runs. PostgreSQL refuses to run as root, so root
 * lends it another user; where that user cannot enter the checkout, everything lies in a folder beside it under /var.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The user under which server processes run; empty when they run as the caller. */
export interface ServerUser {
  uid?: number;
  gid?: number;
}

export interface ServerHome {
  /** Holds the PostgreSQL tree and one folder per server. */
  directory: string;
  user: ServerUser;
}

/** Folders that root may use where the checkout is closed to the server's user, in order of preference. */
const ELSEWHERE = ['/var/lib', '/var/tmp'];

/** A short name of this checkout on this machine: the same for the same path, another for another. */
export function checkoutHash(stateDir: string): string {
  return createHash('sha256').update(path.resolve(stateDir)).digest('hex').slice(0, 12);
}

/** @param stateDir the checkout's folder for such state (`.local`); made where missing. */
export async function findServerHome(stateDir: string): Promise<ServerHome> {
  await mkdir(stateDir, { recursive: true });
  const directory = await realpath(stateDir);
  if (process.getuid?.() !== 0) return { directory, user: {} };
  const user = await serverUser();
  if (await canEnter(directory, user)) return { directory, user };
  return { directory: await makeElsewhere(`kenshin-${checkoutHash(directory)}`), user };
}

/** The user of an existing data directory, so that it is never handed from one user to another. */
export async function userOf(dataDirectory: string, home: ServerHome): Promise<ServerUser> {
  const found = await stat(dataDirectory).catch(() => undefined);
  if (!found || process.getuid?.() !== 0 || found.uid === 0) return home.user;
  return { uid: found.uid, gid: found.gid };
}

async function serverUser(): Promise<ServerUser> {
  for (const name of ['postgres', 'nobody']) {
    const ids = await Promise.all(['-u', '-g'].map((flag) => run('id', [flag, name]))).catch(
      () => undefined,
    );
    if (ids) return { uid: Number(ids[0]?.stdout), gid: Number(ids[1]?.stdout) };
  }
  throw new Error(
    'PostgreSQL does not run as root and there is neither a user "postgres" nor "nobody": create one (useradd --system postgres), start as an ordinary user, or set DATABASE_URL',
  );
}

async function canEnter(directory: string, user: ServerUser): Promise<boolean> {
  return run('/bin/sh', ['-c', 'cd -- "$1"', 'sh', directory], { ...user, cwd: '/' }).then(
    () => true,
    () => false,
  );
}

async function makeElsewhere(name: string): Promise<string> {
  const faults: string[] = [];
  for (const parent of ELSEWHERE) {
    const directory = path.join(parent, name);
    try {
      await mkdir(directory, { recursive: true });
      const found = await lstat(directory);
      // In /var/tmp anybody could have made it first.
      if (!found.isDirectory() || found.uid !== 0) throw new Error('it belongs to another user');
      await chmod(directory, 0o755);
      return directory;
    } catch (error) {
      faults.push(`${directory}: ${(error as Error).message}`);
    }
  }
  throw new Error(
    `the user of PostgreSQL cannot enter this checkout, and no folder beside it could be made:\n  ${faults.join('\n  ')}`,
  );
}
