import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openFleetState } from './fleet-state.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kenshin-fleet-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

describe('memory of a simulated fleet', () => {
  test('counters begin at 1 and go up by one', async () => {
    const state = await openFleetState(join(directory, 'state.json'), 'fleet');
    const memory = state.of('0001');
    const counters = await Promise.all(Array.from({ length: 600 }, () => memory.nextCounter()));
    expect(counters.toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 600 }, (_, i) => i + 1),
    );
    await state.close();
  });

  test('a counter is never handed out twice, even when the process ended without saying so', async () => {
    const path = join(directory, 'state.json');
    const used = new Set<number>();
    for (let run = 0; run < 4; run += 1) {
      const memory = (await openFleetState(path, 'fleet')).of('0001');
      for (let i = 0; i < 5; i += 1) {
        const counter = await memory.nextCounter();
        expect(used.has(counter)).toBe(false);
        used.add(counter);
      }
    }
  });

  test('what was reported and what is held back is there after an orderly end', async () => {
    const path = join(directory, 'state.json');
    const state = await openFleetState(path, 'fleet');
    state.of('0001').rememberProgress({ reportedThrough: '2026-03-04', held: ['2026-03-02'] });
    state.of('0001').remember({ historyThrough: '2026-03-01' });
    await state.close();
    const { remembered } = (await openFleetState(path, 'fleet')).of('0001');
    expect(remembered).toMatchObject({
      reportedThrough: '2026-03-04',
      held: ['2026-03-02'],
      historyThrough: '2026-03-01',
    });
  });

  test('another fleet begins anew, because its terminals have other keys', async () => {
    const path = join(directory, 'state.json');
    const state = await openFleetState(path, 'fleet');
    state.of('0001').remember({ reportedThrough: '2026-03-04' });
    await state.close();
    const other = await openFleetState(path, 'another fleet');
    expect(other.of('0001').remembered.reportedThrough).toBeNull();
  });

  test('the file is readable by its owner alone', async () => {
    const path = join(directory, 'state.json');
    const state = await openFleetState(path, 'fleet');
    await state.of('0001').nextCounter();
    await state.close();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('a damaged file is refused rather than begun anew, because counters would come twice', async () => {
    const path = join(directory, 'state.json');
    await writeFile(path, '{"version":1,"terminals":{"0001":{"countersThr');
    await expect(openFleetState(path, 'fleet')).rejects.toThrow(/is damaged/);
    expect(await readFile(path, 'utf8')).toContain('countersThr');
  });
});
