import { existsSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DomainError } from '../../lib/errors.ts';

/** @throws DomainError when a file of that name exists already, or its folder does not. */
export function requireNewFile(path: string): void {
  if (existsSync(path)) throw existing(path);
  if (existsSync(dirname(path))) return;
  throw new DomainError(
    'not_found',
    `there is no folder ${dirname(path)} for ${path}: make it first`,
  );
}

/** Makes a file that only its owner can read, mode 0600; never replaces one. Yields how to take it away again. */
export async function writeSecretFile(path: string, text: string): Promise<() => Promise<void>> {
  requireNewFile(path);
  const file = await open(path, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') throw existing(path);
    throw new DomainError('unavailable', `${path} cannot be written (${error.code})`);
  });
  const remove = () => rm(path, { force: true });
  try {
    await file.chmod(0o600);
    await file.writeFile(text);
    await file.sync();
  } catch (error) {
    await remove();
    const { code } = error as NodeJS.ErrnoException;
    throw new DomainError('unavailable', `${path} cannot be written (${code})`);
  } finally {
    await file.close();
  }
  return remove;
}

function existing(path: string): DomainError {
  return new DomainError(
    'conflict',
    `${path} exists already: choose another name, it may hold the only copy of a secret`,
  );
}
