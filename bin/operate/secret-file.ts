import { existsSync, realpathSync, statSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { codeOf, DomainError, messageOf } from '../../lib/errors.ts';
import { ROOT } from '../demo/product-processes.ts';

/**
 * @throws DomainError when the file exists, its folder does not, or the folder is in the checkout, whose files are
 * committed.
 */
export function requireNewFile(path: string): void {
  if (existsSync(path)) throw existing(path);
  const folder = dirname(path);
  if (!existsSync(folder)) {
    throw new DomainError('not_found', `there is no folder ${folder} for ${path}: make it first`);
  }
  if (!statSync(folder).isDirectory()) {
    throw new DomainError(
      'invalid_input',
      `${folder} is a file, not a folder: ${path} cannot be made`,
    );
  }
  if (!isCommitted(folder)) return;
  throw new DomainError(
    'invalid_input',
    `${path} lies in the checkout, with which a secret could be committed: name a folder outside it, such as ~/secrets`,
  );
}

/** True for a folder of the checkout other than .local, which is never committed. */
function isCommitted(folder: string): boolean {
  const [first] = relative(realpathSync(ROOT), realpathSync(folder)).split('/');
  return first !== '..' && first !== '.local';
}

/** Creates a file that only its owner can read, mode 0600; never replaces one. Returns the function that removes it. */
export async function writeSecretFile(path: string, text: string): Promise<() => Promise<void>> {
  requireNewFile(path);
  const file = await open(path, 'wx', 0o600).catch((error: unknown) => {
    if (codeOf(error) === 'EEXIST') throw existing(path);
    throw unwritable(path, error);
  });
  const remove = () => rm(path, { force: true });
  try {
    await file.chmod(0o600);
    await file.writeFile(text);
    await file.sync();
  } catch (error) {
    await remove();
    throw unwritable(path, error);
  } finally {
    await file.close();
  }
  return remove;
}

function unwritable(path: string, error: unknown): DomainError {
  const cause = codeOf(error) ?? messageOf(error);
  return new DomainError('unavailable', `${path} cannot be written (${cause})`);
}

function existing(path: string): DomainError {
  return new DomainError(
    'conflict',
    `${path} exists already: choose another name, it may hold the only copy of a secret`,
  );
}
