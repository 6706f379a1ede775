import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Kek } from '../lib/keys/kek.ts';
import { keksFromDirectory } from '../lib/keys/kek-provider.ts';

/**
 * A utility's key-encryption key from its folder; where there is none a new one is made, readable by its owner alone.
 * Of two calls at once both get the same: the file appears whole.
 */
export async function ensureKek(directory: string, utilityCode: string): Promise<Kek> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await chmod(directory, 0o700);
  const file = join(directory, `${utilityCode}.key`);
  const beside = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    const text = `${randomBytes(32).toString('hex')}\n`;
    await writeFile(beside, text, { flag: 'wx', mode: 0o600, flush: true });
    await link(beside, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(beside, { force: true });
  }
  return keksFromDirectory(directory)(utilityCode);
}
