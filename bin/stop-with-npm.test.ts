import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from './demo/product-processes.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kenshin-npm-'));
  const program = `
    import { onEndOfNpm } from ${JSON.stringify(join(ROOT, 'bin/stop-with-npm.mjs'))};
    onEndOfNpm('work', () => { console.log('told to stop'); process.exit(0); });
    console.log('works');
    setInterval(() => undefined, 1000);`;
  await writeFile(join(folder, 'work.mjs'), program);
  const scripts = { work: 'node work.mjs' };
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'work', scripts }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a SIGTERM to npm', () => {
  it('reaches the program that npm runs', async () => {
    const npm = spawn('npm', ['run', '-s', 'work'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const said: string[] = [];
    const lines = createInterface({ input: npm.stdout });
    lines.on('line', (line) => {
      said.push(line);
      if (line === 'works') npm.kill('SIGTERM');
    });
    // The pipe closes when the last process that writes into it has ended.
    await once(lines, 'close');
    expect(said).toEqual(['works', 'told to stop']);
  }, 30_000);
});
