import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { FileHandle } from 'node:fs/promises';
import { mkdtemp, open, readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { beginFleetState, openFleetState, readUsedCounters } from './fleet-state.ts';

const NEW = { absent: 'new' } as const;

let directory: string;
let path: string;
const children: ChildProcess[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kenshin-fleet-'));
  path = join(directory, 'state.json');
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(directory, { recursive: true, force: true });
});

/** A process that opens the state, takes five counters, prints them and keeps running. */
async function takeCounters(): Promise<{ counters: number[]; kill: () => Promise<void> }> {
  const module = new URL('./fleet-state.ts', import.meta.url).pathname;
  const script = `
    const { openFleetState } = await import(${JSON.stringify(module)});
    const memory = (await openFleetState(${JSON.stringify(path)}, 'fleet', { absent: 'new' })).of('0001');
    const counters = [];
    for (let i = 0; i < 5; i += 1) counters.push(await memory.nextCounter());
    console.log(JSON.stringify(counters));
    setInterval(() => undefined, 1000);`;
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', script],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  children.push(child);
  const [line] = await once(child.stdout, 'data');
  return {
    counters: JSON.parse(String(line)),
    kill: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

describe('memory of a simulated fleet', () => {
  test('counters begin at 1 and go up by one', async () => {
    const state = await openFleetState(path, 'fleet', NEW);
    const memory = state.of('0001');
    const counters = await Promise.all(Array.from({ length: 600 }, () => memory.nextCounter()));
    expect(counters.toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 600 }, (_, i) => i + 1),
    );
    await state.close();
  });

  test('a counter is never handed out twice, even when the process was killed', async () => {
    const used = new Set<number>();
    for (let run = 0; run < 3; run += 1) {
      const { counters, kill } = await takeCounters();
      for (const counter of counters) {
        expect(used.has(counter)).toBe(false);
        used.add(counter);
      }
      await kill();
    }
  }, 60_000);

  test('a second process is refused, or waits, until the first ends; a killed one holds no lock', async () => {
    const { kill } = await takeCounters();
    await expect(openFleetState(path, 'fleet')).rejects.toThrow(`${path} is in use by another`);
    const onWait = vi.fn();
    const waiting = openFleetState(path, 'fleet', { absent: 'lost', onWait });
    await vi.waitFor(() => expect(onWait).toHaveBeenCalledTimes(1));
    // An incomplete temporary file, as left by a kill during a save.
    await writeFile(`${path}.4242.0123abcd`, '{"half');
    await kill();
    const state = await waiting;
    expect(await state.of('0001').nextCounter()).toBeGreaterThan(5);
    await state.close();
    expect(await readdir(directory)).toEqual(['state.json']);
  }, 60_000);

  test('file and folder are written through to the disk before a counter is handed out', async () => {
    const state = await openFleetState(path, 'fleet', NEW);
    const synced: string[] = [];
    const handle = await open(directory, 'r');
    const prototype = Object.getPrototypeOf(handle) as FileHandle;
    await handle.close();
    const sync = prototype.sync;
    vi.spyOn(prototype, 'sync').mockImplementation(async function (this: FileHandle) {
      synced.push(await readlink(`/proc/self/fd/${this.fd}`));
      return sync.call(this);
    });
    await state.of('0001').nextCounter();
    expect(synced).toEqual([expect.stringMatching(/state\.json\./), directory]);
    await state.close();
  });

  test('what was reported and what is held back is there after an orderly end', async () => {
    const state = await openFleetState(path, 'fleet', NEW);
    state.of('0001').rememberProgress({ reportedThrough: '2026-03-04', held: ['2026-03-02'] });
    state.of('0001').remember({ historyThrough: '2026-03-01' });
    await state.close();
    const again = await openFleetState(path, 'fleet');
    expect(again.of('0001').remembered).toMatchObject({
      reportedThrough: '2026-03-04',
      held: ['2026-03-02'],
      historyThrough: '2026-03-01',
    });
    await again.close();
  });

  test('a new fleet begins anew, because its terminals have other keys', async () => {
    const state = await openFleetState(path, 'fleet', NEW);
    state.of('0001').remember({ reportedThrough: '2026-03-04' });
    await state.close();
    const other = await openFleetState(path, 'another fleet', NEW);
    expect(other.of('0001').remembered.reportedThrough).toBeNull();
    await other.close();
  });

  test('a state that is missing, or of another fleet, is lost unless the fleet is said to be new', async () => {
    await expect(openFleetState(path, 'fleet')).rejects.toThrow(`${path} is not there`);
    await beginFleetState(path, 'fleet', new Map());
    await expect(openFleetState(path, 'other')).rejects.toThrow('give the terminals new keys');
  });

  test('new credentials go on above the counters that the cloud has accepted', async () => {
    await beginFleetState(path, 'fleet', new Map([['0001', 400]]));
    expect(await readUsedCounters(path, 'fleet')).toEqual(new Map([['0001', 400]]));
    const state = await openFleetState(path, 'fleet');
    expect(await state.of('0001').nextCounter()).toBe(401);
    expect(await state.of('0002').nextCounter()).toBe(1);
    await state.close();
  });

  test('the counters of a file are unknown that is missing, damaged or of another fleet', async () => {
    expect(await readUsedCounters(path, 'fleet')).toBeUndefined();
    await writeFile(path, '{"half');
    expect(await readUsedCounters(path, 'fleet')).toBeUndefined();
    await beginFleetState(path, 'other', new Map());
    expect(await readUsedCounters(path, 'fleet')).toBeUndefined();
  });

  test('the file is readable by its owner alone', async () => {
    const state = await openFleetState(path, 'fleet', NEW);
    await state.of('0001').nextCounter();
    await state.close();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('a damaged file is refused rather than begun anew, because counters would come twice', async () => {
    await writeFile(path, '{"version":1,"terminals":{"0001":{"countersThr');
    await expect(openFleetState(path, 'fleet', NEW)).rejects.toThrow(/is damaged/);
    expect(await readFile(path, 'utf8')).toContain('countersThr');
  });
});
