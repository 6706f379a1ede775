import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../demo/product-processes.ts';
import { requireNewFile, writeSecretFile } from './secret-file.ts';
import { readFirstLine } from './standard-input.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kenshin-secret-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a file for a secret', () => {
  test('is readable by its owner only, and can be removed again', async () => {
    const path = join(folder, 'new.txt');
    const remove = await writeSecretFile(path, 'secret\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).toBe('secret\n');
    await remove();
    expect(existsSync(path)).toBe(false);
  });

  test('never replaces another, nor follows a link', async () => {
    const path = join(folder, 'there.txt');
    writeFileSync(path, 'the only copy');
    const link = join(folder, 'link.txt');
    symlinkSync(join(folder, 'nowhere.txt'), link);
    for (const taken of [path, link]) {
      await expect(writeSecretFile(taken, 'secret')).rejects.toMatchObject({ code: 'conflict' });
    }
    expect(readFileSync(path, 'utf8')).toBe('the only copy');
    expect(existsSync(join(folder, 'nowhere.txt'))).toBe(false);
  });

  test('in a missing folder is refused with the folder named', () => {
    expect(() => requireNewFile(join(folder, 'none', 'a.txt'))).toThrow(
      /there is no folder .*none/,
    );
    writeFileSync(join(folder, 'a-file'), '');
    expect(() => requireNewFile(join(folder, 'a-file', 'a.txt'))).toThrow(
      /is a file, not a folder/,
    );
  });

  test('in the checkout is refused, also through a link, except where nothing is committed', () => {
    symlinkSync(ROOT, join(folder, 'link'));
    for (const path of ['secret.txt', 'docs/secret.txt'].map((name) => join(ROOT, name))) {
      expect(() => requireNewFile(path)).toThrow(/lies in the checkout/);
    }
    expect(() => requireNewFile(join(folder, 'link', 'secret.txt'))).toThrow(/in the checkout/);
    mkdirSync(join(ROOT, '.local'), { recursive: true, mode: 0o700 });
    expect(() => requireNewFile(join(ROOT, '.local', 'secret.txt'))).not.toThrow();
  });
});

describe('a password on standard input', () => {
  test.each([
    ['one line', ['long enough\n'], 'long enough'],
    ['no newline at the end', ['long enough'], 'long enough'],
    ['CRLF and more lines', ['long ', 'enough\r\nmore'], 'long enough'],
  ])('%s is its first line', async (_, chunks, line) => {
    expect(await readFirstLine(Readable.from(chunks))).toBe(line);
  });

  test.each([
    ['nothing', []],
    ['an empty line', ['\nsecond']],
    ['a line too long', ['x'.repeat(1_025)]],
  ])('%s is refused', async (_, chunks) => {
    await expect(readFirstLine(Readable.from(chunks))).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });

  test('is refused on a screen', async () => {
    const screen = Object.assign(Readable.from(['x\n']), { isTTY: true });
    await expect(readFirstLine(screen)).rejects.toThrow(/screen/);
  });
});
