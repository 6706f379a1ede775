import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Kek } from './kek.ts';
import { keksFromDirectory, keksFromEnvironment } from './kek-provider.ts';

const key = Buffer.alloc(32, 0x5a);
const other = Buffer.alloc(32, 0xa5);

describe('key-encryption keys from a folder', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'kenshin-kek-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('are found by the code of the utility', async () => {
    await writeFile(join(directory, 'tokyo-east.key'), `${key.toString('hex')}\n`);
    await writeFile(join(directory, 'osaka.key'), other.toString('base64'));
    const kekOf = keksFromDirectory(directory);
    expect((await kekOf('tokyo-east')).key).toEqual(key);
    expect((await kekOf('osaka')).key).toEqual(other);
  });

  it('name the file to create when there is none, and are found once it is made', async () => {
    const kekOf = keksFromDirectory(directory);
    const path = join(directory, 'tokyo.key');
    await expect(kekOf('tokyo')).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining(
        `(ENOENT): put 32 random bytes as 64 hex digits into ${path}`,
      ),
    });
    await writeFile(path, key.toString('hex'));
    expect((await kekOf('tokyo')).key).toEqual(key);
  });

  it('are read again when another file takes its path, and stay in use when it is removed', async () => {
    const path = join(directory, 'tokyo.key');
    await writeFile(path, key.toString('hex'));
    const kekOf = keksFromDirectory(directory);
    expect((await kekOf('tokyo')).key).toEqual(key);
    await writeFile(`${path}.new`, other.toString('hex'));
    await rename(`${path}.new`, path);
    expect((await kekOf('tokyo')).key).toEqual(other);
    await rm(path);
    expect((await kekOf('tokyo')).key).toEqual(other);
  });

  it('are read once for all concurrent callers, and again for the next', async () => {
    const path = join(directory, 'tokyo.key');
    const kekOf = keksFromDirectory(directory);
    const atOnce = () => Promise.allSettled([kekOf('tokyo'), kekOf('tokyo'), kekOf('tokyo')]);
    const missed = await atOnce();
    expect(missed.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    await writeFile(path, key.toString('hex'));
    const found = (await atOnce()) as PromiseFulfilledResult<Kek>[];
    expect(new Set(found.map(({ value }) => value)).size).toBe(1);
    await writeFile(`${path}.new`, other.toString('hex'));
    await rename(`${path}.new`, path);
    expect((await kekOf('tokyo')).key).toEqual(other);
  });

  it('name the file that contains no key', async () => {
    await writeFile(join(directory, 'tokyo.key'), 'secret');
    await expect(keksFromDirectory(directory)('tokyo')).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('tokyo.key does not hold a key'),
    });
  });

  it.each(['../tokyo', 'tokyo/../x', '', '.', 'TOKYO', 't'])(
    'are not searched for under "%s"',
    async (code) => {
      await expect(keksFromDirectory(directory)(code)).rejects.toMatchObject({
        code: 'invalid_input',
      });
    },
  );
});

describe('key-encryption keys from the environment', () => {
  it('are found by the code of the utility', async () => {
    const kekOf = keksFromEnvironment({ KENSHIN_KEK_TOKYO_EAST: key.toString('hex') });
    expect((await kekOf('tokyo-east')).key).toEqual(key);
  });

  it('name the variable to set when there is none', async () => {
    await expect(keksFromEnvironment({})('tokyo-east')).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('set KENSHIN_KEK_TOKYO_EAST to 32 random bytes'),
    });
  });
});
