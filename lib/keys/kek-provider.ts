// Sources of key-encryption keys. The keys belong to the utility and are never in the database: here a folder of files
// or the environment; a key management service could stand behind the same function.
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, DomainError } from '../errors.ts';
import { requireUtilityCode } from '../utility-code.ts';
import { type Kek, parseKek } from './kek.ts';

/** Returns a utility's key-encryption key, or throws a DomainError that says what to do. */
export type KekProvider = (utilityCode: string) => Promise<Kek>;

async function readKeyFile(path: string, utilityCode: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const cause = codeOf(error) ?? 'unknown';
    throw new DomainError(
      'unavailable',
      `The key-encryption key of utility "${utilityCode}" cannot be read (${cause}): ` +
        `put 32 random bytes as 64 hex digits into ${path}, readable by this process`,
      { utilityCode, cause },
    );
  }
}

interface KeptKek {
  kek: Kek;
  /** Identifies the file's version: changes when another file takes its path. */
  stamp: string;
}

/**
 * Keys from `<utility code>.key` in a folder. A new or changed file is read without a restart; when it is removed or
 * unreadable, the last key that was read stays in use. Concurrent callers share one read, because thousands of
 * terminals sign in at once.
 */
export function keksFromDirectory(directory: string): KekProvider {
  const known = new Map<string, KeptKek>();
  const looks = new Map<string, Promise<Kek>>();
  const look = async (utilityCode: string): Promise<Kek> => {
    const kept = known.get(utilityCode);
    const path = join(directory, `${utilityCode}.key`);
    const stamp = await stampOf(path);
    if (kept !== undefined && (stamp === undefined || stamp === kept.stamp)) return kept.kek;
    const kek = parseKek(await readKeyFile(path, utilityCode), path);
    if (stamp !== undefined) known.set(utilityCode, { kek, stamp });
    return kek;
  };
  return async (utilityCode) => {
    requireUtilityCode(utilityCode);
    const underWay = looks.get(utilityCode);
    if (underWay !== undefined) return underWay;
    const begun = look(utilityCode).finally(() => looks.delete(utilityCode));
    looks.set(utilityCode, begun);
    return begun;
  };
}

async function stampOf(path: string): Promise<string | undefined> {
  try {
    const { ino, mtimeMs, size } = await stat(path);
    return [ino, mtimeMs, size].join(' ');
  } catch {
    return undefined;
  }
}

/** Name of the variable with a utility's key: `tokyo-east` is KENSHIN_KEK_TOKYO_EAST. */
function variableOf(utilityCode: string): string {
  return `KENSHIN_KEK_${utilityCode.toUpperCase().replaceAll('-', '_')}`;
}

/** Keys from environment variables, one per utility. */
export function keksFromEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): KekProvider {
  return async (utilityCode) => {
    requireUtilityCode(utilityCode);
    const variable = variableOf(utilityCode);
    const text = environment[variable];
    if (text === undefined) {
      throw new DomainError(
        'unavailable',
        `The key-encryption key of utility "${utilityCode}" is not there: ` +
          `set ${variable} to 32 random bytes as 64 hex digits`,
        { utilityCode, variable },
      );
    }
    return parseKek(text, variable);
  };
}
