import { randomBytes } from 'node:crypto';
import { type FileHandle, link, mkdir, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../lib/errors.ts';
import type { Kek } from '../lib/keys/kek.ts';
import { keksFromDirectory } from '../lib/keys/kek-provider.ts';
import { localFolder } from './demo/process-table.ts';
import { ROOT } from './demo/product-processes.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The folder of the keys for a command: the one that is named, else the demo's. */
export function kekDirectoryOf({ KENSHIN_KEK_DIRECTORY }: Environment): string {
  return KENSHIN_KEK_DIRECTORY || join(localFolder(ROOT, 'demo-run'), 'keys');
}

/** A database was named, and the folder of the keys was not: the demo's keys are not those of that database. */
export function isDemoFolder({ DATABASE_URL, KENSHIN_KEK_DIRECTORY }: Environment): boolean {
  return Boolean(DATABASE_URL) && !KENSHIN_KEK_DIRECTORY;
}

/** Where a utility's key-encryption key lies. */
export function kekFile(directory: string, utilityCode: string): string {
  return join(directory, `${utilityCode}.key`);
}

/**
 * A utility's key-encryption key from its folder; where there is none a new one is made, readable by its owner alone.
 * Of two calls at once both get the same: the file appears whole.
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

/** The owner of the folder can put another file under the path at any moment, so all is done on the file that was opened. */
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

/** Root makes the key for the sidecar, whose folder it is. */
async function giveToOwnerOf(directory: string, file: FileHandle): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(directory);
  await file.chown(uid, gid);
}
