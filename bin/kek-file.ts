import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Kek } from '../lib/keys/kek.ts';
import { keksFromDirectory } from '../lib/keys/kek-provider.ts';

/** Where a utility's key-encryption key lies. */
export function kekFile(directory: string, utilityCode: string): string {
  return join(directory, `${utilityCode}.key`);
}

/** A utility's key-encryption key from its folder; where there is none a new one is made, readable by its owner alone. */
export async function ensureKek(directory: string, utilityCode: string): Promise<Kek> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await chmod(directory, 0o700);
  const file = kekFile(directory, utilityCode);
  try {
    await writeFile(file, `${randomBytes(32).toString('hex')}\n`, { flag: 'wx', mode: 0o600 });
    await giveToOwnerOf(directory, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return keksFromDirectory(directory)(utilityCode);
}

/** Root makes the key for the sidecar, whose folder it is. */
async function giveToOwnerOf(directory: string, file: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(directory);
  await chown(file, uid, gid);
}
