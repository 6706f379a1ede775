import type { FileHandle } from 'node:fs/promises';
import {
  chmod,
  chown,
  mkdtemp,
  open,
  readdir,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ensureKek, kekFile } from './kek-file.ts';

const isRoot = process.getuid?.() === 0;
/** A user id other than root; it needs no entry in the list of users. */
const OTHER = 65_432;

let parent: string;
let folder: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'kenshin-kek-'));
  folder = join(parent, 'keys');
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(parent, { recursive: true, force: true });
});

const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

describe('the key-encryption key of a utility', () => {
  test('is made once, in a folder and a file that only the owner can read', async () => {
    const [first, second] = await Promise.all([
      ensureKek(folder, 'minato'),
      ensureKek(folder, 'minato'),
    ]);
    expect(second).toEqual(first);
    expect(await readdir(folder)).toEqual(['minato.key']);
    expect(await modeOf(folder)).toBe(0o700);
    expect(await modeOf(kekFile(folder, 'minato'))).toBe(0o600);
  });

  test('leaves the mode of a folder that was there as it is', async () => {
    await chmod(parent, 0o750);
    await ensureKek(parent, 'minato');
    expect(await modeOf(parent)).toBe(0o750);
  });

  test.runIf(isRoot)('made by root belongs to the owner of the folder', async () => {
    await chown(parent, OTHER, OTHER);
    await ensureKek(parent, 'minato');
    expect(await stat(kekFile(parent, 'minato'))).toMatchObject({ uid: OTHER, gid: OTHER });
  });

  test.runIf(isRoot)(
    'changes the owner of no other file, whatever the owner of the folder puts under its path',
    async () => {
      await chown(parent, OTHER, OTHER);
      const victim = join(tmpdir(), `kenshin-kek-victim-${process.pid}`);
      await writeFile(victim, 'of root');
      try {
        await whenWritten(async () => {
          const [name = ''] = await readdir(parent);
          await rename(join(parent, name), join(parent, 'aside'));
          await symlink(victim, join(parent, name));
        });
        await ensureKek(parent, 'minato').catch(() => undefined);
        expect(await stat(join(parent, 'aside'))).toMatchObject({ uid: OTHER, gid: OTHER });
        expect(await stat(victim)).toMatchObject({ uid: 0, gid: 0 });
      } finally {
        await rm(victim, { force: true });
      }
    },
  );
});

/** Runs `act` right after the next file was written through a handle. */
async function whenWritten(act: () => Promise<void>): Promise<void> {
  const handle = await open(parent, 'r');
  const prototype = Object.getPrototypeOf(handle) as FileHandle;
  await handle.close();
  const write = prototype.writeFile;
  vi.spyOn(prototype, 'writeFile').mockImplementationOnce(async function (
    this: FileHandle,
    ...args: Parameters<FileHandle['writeFile']>
  ) {
    await write.apply(this, args);
    await act();
  });
}
