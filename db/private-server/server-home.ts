/**
 * Folder and user of a checkout's private PostgreSQL. PostgreSQL refuses to run as root, so under root another user
 * runs it; if that user cannot enter the checkout, everything is in a folder under /var.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** User of the server processes; empty when they run as the caller. */
export interface ServerUser {
  uid?: number;
  gid?: number;
}

export interface ServerHome {
  /** Contains the PostgreSQL tree and one folder per server. */
  directory: string;
  user: ServerUser;
}

/** Folders for root when the server's user cannot enter the checkout, in order of preference. */
const ELSEWHERE = ['/var/lib', '/var/tmp'];

/** Short identifier of this checkout on this machine, derived from its path. */
export function checkoutHash(stateDir: string): string {
  return createHash('sha256').update(path.resolve(stateDir)).digest('hex').slice(0, 12);
}

/** @param stateDir the checkout's folder for such state (`.local`); created if missing */
export async function findServerHome(stateDir: string): Promise<ServerHome> {
  await mkdir(stateDir, { recursive: true });
  const directory = await realpath(stateDir);
  if (process.getuid?.() !== 0) return { directory, user: {} };
  const user = await serverUser();
  if (await canEnter(directory, user)) return { directory, user };
  return { directory: await makeElsewhere(`kenshin-${checkoutHash(directory)}`), user };
}

/** User of an existing data directory, so that it never changes hands. */
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
      // In /var/tmp any user could have created it first.
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
