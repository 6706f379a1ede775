import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createProcessTable } from './process-table.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kenshin-processes-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = (): string => join(folder, 'processes.json');
const waiting = ['-e', 'setInterval(() => {}, 1000)'];

function start(args: readonly string[], isReady = async () => true) {
  const options = { name: 'part', args, env: {}, logFile: join(folder, 'part.log') };
  return createProcessTable(file()).start({ ...options, isReady, readyTimeoutMs: 10_000 });
}

describe('the processes of a run', () => {
  it('that a killed run left are found and ended by the next one', async () => {
    const left = await start(waiting);
    const next = createProcessTable(file());
    expect(next.findEarlier('part')).toBe(left.pid);
    expect(await next.endLeftovers()).toEqual(['part']);
    expect(await left.exited).toBeNull();
    expect(createProcessTable(file()).findEarlier('part')).toBeUndefined();
  });

  it('are not confused with another process that reused the id', async () => {
    const foreign = spawn(process.execPath, waiting);
    await once(foreign, 'spawn');
    writeFileSync(file(), JSON.stringify([{ name: 'part', pid: foreign.pid, startedAt: '1' }]));
    expect(await createProcessTable(file()).endLeftovers()).toEqual([]);
    expect(foreign.exitCode).toBeNull();
    expect(foreign.kill(0)).toBe(true);
    foreign.kill('SIGKILL');
    await once(foreign, 'exit');
  });

  it('are removed from the list when they end', async () => {
    const part = await start(waiting);
    await part.stop();
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toEqual([]);
  });

  it('that end before they are ready report so with the end of their log', async () => {
    const failing = ['-e', 'console.error("no such port"); process.exit(3)'];
    await expect(start(failing, async () => false)).rejects.toThrow(
      /part ended with code 3[\s\S]*no such port/,
    );
  });
});
