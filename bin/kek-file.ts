import { randomBytes } from 'node:crypto';
import { type FileHandle, link, mkdir, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../lib/errors.ts';
import type { Kek } from '../lib/keys/kek.ts';
import { keksFromDirectory } from '../lib/keys/kek-provider.ts';
import { localFolder } from './demo/process-table.ts';
import { ROOT } from './demo/product-processes.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Folder of the key-encryption keys for a command: the configured one, else the demo's. */
export function kekDirectoryOf({ KENSHIN_KEK_DIRECTORY }: Environment): string {
  return KENSHIN_KEK_DIRECTORY || join(localFolder(ROOT, 'demo-run'), 'keys');
}

/** True when a database is configured but no folder of keys: the demo's keys are not those of that database. */
export function isDemoFolder({ DATABASE_URL, KENSHIN_KEK_DIRECTORY }: Environment): boolean {
  return Boolean(DATABASE_URL) && !KENSHIN_KEK_DIRECTORY;
}

/** Path of a utility's key-encryption key. */
export function kekFile(directory: string, utilityCode: string): string {
  return join(directory, `${utilityCode}.key`);
}

/**
 * A utility's key-encryption key from its folder; a missing one is created, readable by its owner only. Two concurrent
 * calls get the same key, because the file appears complete.
 */
export async function ensureKek(directory: string, utilityCode: string): Promise<Kek> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const file = kekFile(directory, utilityCode);
  const beside = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    await writeNewKey(beside, directory);
    await link(beside, file);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    await rm(beside, { force: true });
  }
  return keksFromDirectory(directory)(utilityCode);
}

/** Works on the opened file only, because the owner of the folder can put another file under the path at any moment. */
async function writeNewKey(path: string, directory: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(`${randomBytes(32).toString('hex')}\n`);
    await giveToOwnerOf(directory, file);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Root gives the key to the owner of the folder, the sidecar's user. */
async function giveToOwnerOf(directory: string, file: FileHandle): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(directory);
  await file.chown(uid, gid);
}
