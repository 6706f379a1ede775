import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { logDestination, tellsLost } from './log-destination.ts';

const folder = mkdtempSync(join(tmpdir(), 'kenshin-log-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const opened = (name: string) => {
  const path = join(folder, name);
  return { path, fd: openSync(path, 'a') };
};

describe.each(['ingest/log.ts', 'app/log.ts'])('a process that logs through %s', (module) => {
  it('continues while the disk is full, and ends at the end signal', () => {
    const program = `
      const log = await import('./${module}').then(({ log, createLog }) => log ?? createLog('info'));
      for (let line = 0; line < 3; line += 1) log.info({}, 'a line');
      setTimeout(() => {
        log.info({}, 'a later line');
        console.error('alive');
        process.exit(0);
      }, 50);`;
    const full = openSync('/dev/full', 'w');
    const args = ['--import', 'tsx', '--input-type=module', '--eval', program];
    const { status, stderr } = spawnSync(process.execPath, args, {
      ...{ stdio: ['ignore', full, 'pipe'], timeout: 20_000 },
      encoding: 'utf8',
    });
    closeSync(full);
    expect({ status, stderr }).toEqual({ status: 0, stderr: 'alive\n' });
  });
});

describe('the destination of a log', () => {
  it('writes lines whole and in order, what waits at the exit too', async () => {
    const { path, fd } = opened('whole');
    const destination = logDestination(fd);
    const lines = Array.from({ length: 500 }, (_, at) => `line ${at} 検針\n`);
    for (const line of lines) destination.write(line);
    destination.flushSync();
    await vi.waitUntil(() => readFileSync(path, 'utf8').includes('line 0 '));
    const written = readFileSync(path, 'utf8').split('\n').filter(Boolean);
    expect(written.toSorted()).toEqual(lines.map((line) => line.trim()).toSorted());
    closeSync(fd);
  });

  it('holds what the reader did not accept, and writes it at the exit', () => {
    const { path, fd } = opened('held');
    const busy = Object.assign(new Error('busy'), { code: 'EAGAIN' });
    const destination = logDestination(fd, { write: (_, __, done) => done(busy, 0) });
    destination.write('first\n');
    destination.write('second\n');
    destination.flushSync();
    expect(readFileSync(path, 'utf8')).toBe('first\nsecond\n');
    closeSync(fd);
  });

  it('buffers a limited amount for a slow reader and drops the rest, counted in one line', async () => {
    const { path, fd } = opened('slow');
    const destination = logDestination(fd, { maxWaiting: 20 });
    const warn = vi.fn();
    tellsLost({ warn }, destination);
    // The first is being written, two wait, and there is no room for the others.
    for (let line = 0; line < 10; line += 1) destination.write('ten bytes\n');
    await vi.waitUntil(() => warn.mock.calls.length > 0);
    expect(warn.mock.calls).toEqual([[{ lost: 7 }, 'lines of the log could not be written']]);
    await vi.waitUntil(() => readFileSync(path, 'utf8').length === 30);
    closeSync(fd);
  });

  it('drops what cannot be written, starts a new line after a torn one, and counts dropped lines', () => {
    const outcomes: { error?: NodeJS.ErrnoException; written: number }[] = [
      { written: 2 },
      { error: Object.assign(new Error('no space'), { code: 'ENOSPC' }), written: 0 },
      { written: 6 },
    ];
    const pieces: string[] = [];
    const done: (() => void)[] = [];
    const destination = logDestination(1, {
      write: (_, bytes, callback) => {
        const { error, written } = outcomes.shift()!;
        pieces.push(bytes.toString().slice(0, written));
        done.push(() => callback(error ?? null, written));
      },
    });
    const warn = vi.fn();
    tellsLost({ warn }, destination);
    destination.write('lost\n');
    done.shift()?.();
    done.shift()?.();
    expect(warn).not.toHaveBeenCalled();
    destination.write('kept\n');
    done.shift()?.();
    expect(pieces).toEqual(['lo', '', '\nkept\n']);
    expect(warn.mock.calls).toEqual([[{ lost: 1 }, 'lines of the log could not be written']]);
  });
});
