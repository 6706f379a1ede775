import { copyFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openReplayLock } from './replay-lock.ts';
import { replayFile } from './run-replay.ts';
import { type ReplayBench, replayBench, replayDays } from './testing-replay.ts';

const WAIT = { timeout: 120_000, interval: 20 };
// Child processes, which a busy machine starts slowly.
vi.setConfig({ testTimeout: 300_000 });

let bench: ReplayBench;
beforeEach(async () => {
  bench = await replayBench();
});
afterEach(() => bench.close());

async function file(name: string, text: string): Promise<string> {
  const path = join(bench.directory, name);
  await writeFile(path, text);
  return path;
}

/** Terminal and counter of every committed frame, of current and earlier versions of the days. */
async function counters(): Promise<string[]> {
  const rows = await bench.rows(`
    select terminal_id || ' ' || counter as used from series.meter_day
    union all select terminal_id || ' ' || counter from meter_day_revision`);
  return rows.map(({ used }) => used as string);
}

async function expectNoCounterTwice(frames: number): Promise<void> {
  const used = await counters();
  expect(used).toHaveLength(frames);
  expect(new Set(used).size).toBe(frames);
  expect(await bench.rows('select reason from frame_quarantine')).toEqual([]);
}

async function fileOf(kind: 'state' | 'credentials'): Promise<string> {
  const { stateDirectory } = bench.options;
  const names = (await readdir(stateDirectory)).filter((name) => name.endsWith(`.${kind}.json`));
  expect(names).toHaveLength(1);
  return join(stateDirectory, names[0]!);
}

async function generations(): Promise<unknown[]> {
  const rows = await bench.rows('select generation from terminal_key order by generation');
  return rows.map(({ generation }) => generation);
}

async function replay(text: string) {
  await writeFile(bench.options.file, text);
  return replayFile(bench.options);
}

const customer = ['--customer', '0042'];

describe('two replays of one customer at once', () => {
  test('are both committed, and no counter is used twice', async () => {
    const first = await file('a.csv', replayDays('2024-01-01', 100));
    const second = await file('b.csv', replayDays('2025-03-01', 100, 3_000_000));
    const runs = [first, second].map((name) => bench.start(name, ...customer));
    // Another customer, whose supply point is in the same area.
    runs.push(bench.start(first, '--customer', '0043'));
    for (const { ended } of runs) {
      expect(await ended).toMatchObject({
        code: 0,
        stdout: 'sent 100\ncommitted 100\nquarantined 0\n',
      });
    }
    await expectNoCounterTwice(300);
    expect(await bench.rows('select count(*)::int as n from supply_point')).toEqual([{ n: 2 }]);
  });

  test('are announced: the second says that it waits, and continues when the first has ended', async () => {
    await replay(replayDays('2024-01-01', 2));
    const [{ utility_id, number }] = (await bench.rows(
      'select utility_id, number from terminal',
    )) as [{ utility_id: number; number: string }];
    const lock = await openReplayLock(bench.database.adminPool, utility_id, () => undefined);
    await lock.take([number]);
    const run = bench.start(await file('b.csv', replayDays('2024-02-01', 2)), ...customer);
    const line = `waiting for another replay of terminal ${number} to end\n`;
    await vi.waitFor(() => expect(run.printed()).toContain(line), WAIT);
    expect(await counters()).toHaveLength(2);
    lock.release();
    expect(await run.ended).toMatchObject({ code: 0 });
    await expectNoCounterTwice(4);
  });
});

describe('a replay that is interrupted', () => {
  test('reports its progress and ends at once', async () => {
    await replay(replayDays('2024-01-01', 2));
    const [{ utility_id, number }] = (await bench.rows(
      'select utility_id, number from terminal',
    )) as [{ utility_id: number; number: string }];
    const lock = await openReplayLock(bench.database.adminPool, utility_id, () => undefined);
    await lock.take([number]);
    const run = bench.start(await file('b.csv', replayDays('2024-02-01', 2)), ...customer);
    await vi.waitFor(() => expect(run.printed()).toContain('waiting for'), WAIT);
    run.child.kill('SIGINT');
    const { code, stderr } = await run.ended;
    expect(code).toBe(130);
    expect(stderr).toContain('interrupted: nothing was sent; run it again to send the others\n');
    lock.release();
  });
});

describe('a replay that was killed', () => {
  test('locks out no later run, which sends the rest under new counters', async () => {
    const name = await file('a.csv', replayDays('2023-01-01', 500));
    const run = bench.start(name, ...customer);
    await vi.waitFor(async () => expect((await counters()).length).toBeGreaterThan(20), WAIT);
    run.child.kill('SIGKILL');
    await run.ended;
    expect((await counters()).length).toBeLessThan(500);
    expect(await bench.start(name, ...customer).ended).toMatchObject({
      code: 0,
      stdout: 'sent 500\ncommitted 500\nquarantined 0\n',
    });
    await expectNoCounterTwice(500);
  });
});

describe('the counter state of a terminal', () => {
  const later = (count: number) => replayDays('2024-06-01', count, 5_000_000);

  test.each<[string, (state: string) => Promise<void>]>([
    ['was deleted', (state) => rm(state)],
    ['is cut off', (state) => writeFile(state, '{"half')],
    [
      'is that of other credentials',
      (state) => writeFile(state, JSON.stringify({ version: 1, fleetId: 'other', terminals: {} })),
    ],
  ])(
    'that %s is replaced with new credentials, which continue above the used counters',
    async (_what, harm) => {
      await replay(replayDays('2024-01-01', 100));
      await harm(await fileOf('state'));
      const result = await replay(later(100));
      expect(result).toMatchObject({ committed: 100, quarantined: [] });
      expect(result.registered).toEqual([
        expect.stringMatching(
          /^new credentials of terminal .* \(which counters it used is not known\)$/,
        ),
      ]);
      expect(await generations()).toEqual([1, 2]);
      await expectNoCounterTwice(200);
    },
  );

  test('that is an older copy is replaced likewise', async () => {
    await replay(replayDays('2024-01-01', 10));
    const state = await fileOf('state');
    await copyFile(state, `${state}.copy`);
    await replay(replayDays('2024-02-01', 300, 2_000_000));
    await copyFile(`${state}.copy`, state);
    expect(await replay(later(10))).toMatchObject({ committed: 10, quarantined: [] });
    expect(await generations()).toEqual([1, 2]);
    await expectNoCounterTwice(320);
  });

  test('that is valid is continued, with unchanged credentials', async () => {
    await replay(replayDays('2024-01-01', 10));
    expect(await replay(later(10))).toMatchObject({ committed: 10, registered: [] });
    expect(await generations()).toEqual([1]);
  });
});

describe('damaged credentials', () => {
  test('are refused with their file, and replaced with --take-over', async () => {
    await replay(replayDays('2024-01-01', 5));
    const credentials = await fileOf('credentials');
    await writeFile(credentials, '{"secret":"abc');
    const name = await file('b.csv', replayDays('2024-02-01', 5));
    const refused = await bench.start(name, ...customer).ended;
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain(`${credentials} is damaged: give --take-over`);
    expect(refused.stderr).not.toContain('    at ');
    const taken = await bench.start(name, ...customer, '--take-over').ended;
    expect(taken).toMatchObject({ code: 0 });
    expect(taken.stderr).toContain(`${credentials} was damaged`);
    await expectNoCounterTwice(10);
  });
});
