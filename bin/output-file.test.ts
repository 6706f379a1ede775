import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeFileWhole } from './output-file.ts';

let folder: string;
let output: string;
let umask: number;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kenshin-output-'));
  output = join(folder, 'april.csv');
  umask = process.umask(0);
});
afterEach(async () => {
  process.umask(umask);
  await rm(folder, { recursive: true, force: true });
});

describe('an output file', () => {
  test('is readable by its owner only, while it is written and afterwards', async () => {
    const modes: number[] = [];
    await writeFileWhole(output, async (write) => {
      await write(Buffer.from('rows'));
      for (const name of await readdir(folder)) {
        modes.push((await stat(join(folder, name))).mode & 0o777);
      }
    });
    modes.push((await stat(output)).mode & 0o777);
    expect(modes).toEqual([0o600, 0o600]);
    expect(await readFile(output, 'utf8')).toBe('rows');
  });

  test('is not written through a link under a guessable name', async () => {
    const victim = join(folder, 'victim');
    await writeFile(victim, 'of somebody');
    await symlink(victim, `${output}.${process.pid}.part`);
    await writeFileWhole(output, (write) => write(Buffer.from('rows')));
    expect(await readFile(victim, 'utf8')).toBe('of somebody');
    expect(await readFile(output, 'utf8')).toBe('rows');
  });

  test('that fails leaves nothing, and keeps an earlier file unchanged', async () => {
    await writeFile(output, 'before');
    const failing = writeFileWhole(output, async (write) => {
      await write(Buffer.from('half'));
      throw new Error('no more');
    });
    await expect(failing).rejects.toThrow('no more');
    expect(await readdir(folder)).toEqual(['april.csv']);
    expect(await readFile(output, 'utf8')).toBe('before');
  });
});
