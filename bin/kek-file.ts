import { randomBytes } from 'node:crypto';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Kek } from '../lib/keys/kek.ts';
import { keksFromDirectory } from '../lib/keys/kek-provider.ts';

/** A utility's key-encryption key from its folder; where there is none a new one is made, readable by its owner alone. */
export async function ensureKek(directory: string, utilityCode: string): Promise<Kek> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await chmod(directory, 0o700);
  try {
    await writeFile(join(directory, `${utilityCode}.key`), `${randomBytes(32).toString('hex')}\n`, {
      flag: 'wx',
      mode: 0o600,
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return keksFromDirectory(directory)(utilityCode);
}
