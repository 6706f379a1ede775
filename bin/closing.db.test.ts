import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  createArea,
  createUtility,
  fitHousehold,
  rising,
  steady,
  storeDay,
} from '../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../db/testing/testing.ts';
import { ROOT } from './demo/product-processes.ts';

let database: TestDatabase;
let folder: string;
let customerNumber: string;
let utilityId: number;

beforeAll(async () => {
  database = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), 'kenshin-closing-'));
  utilityId = await createUtility(database.adminPool, 'minato');
  const areaId = await createArea(database.adminPool, utilityId, { name: '𠮷野地区' });
  const home = await fitHousehold(database.adminPool, utilityId, { closingDay: 20, areaId });
  customerNumber = home.customerNumber;
  const days = { '2025-03-20': rising(1_000, 10), '2025-04-20': steady(1_230) };
  for (const [day, indexL] of Object.entries(days)) {
    await storeDay(database.adminPool, utilityId, { ...home, day, indexL });
  }
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

async function closing(...args: string[]): Promise<Ended> {
  const run = promisify(execFile)('npm', ['run', '-s', 'closing', '--', ...args], {
    cwd: ROOT,
    env: { ...process.env, DATABASE_URL: database.adminUrl, npm_config_loglevel: 'error' },
  });
  return run.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: Ended) => ({ code, stdout, stderr }),
  );
}

async function countRuns(): Promise<number> {
  const { rows } = await database.adminPool.query(
    'select count(*)::integer as runs from closing_run',
  );
  return rows[0].runs;
}

const APRIL = ['--closing-day', '20', '--from', '2025-03', '--to', '2025-04'];

describe('npm run closing', () => {
  test('prints the file of the only utility and nothing else, and names what it issued', async () => {
    const { code, stdout, stderr } = await closing(...APRIL, '--format', 'machine');
    expect(code).toBe(0);
    expect(stderr.trimEnd().split('\n').slice(-3)).toEqual([
      expect.stringMatching(/^1 of 2 rows to check before billing: 1 without an earlier reading/),
      expect.stringMatching(/^run \d+ of 2025-03-20: issued, 1 rows, sha256 [0-9a-f]{64}$/),
      expect.stringMatching(/^run \d+ of 2025-04-20: issued, 1 rows, sha256 [0-9a-f]{64}$/),
    ]);
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^customer_number,terminal_number,meter_serial,closing_on,/),
      expect.stringMatching(
        `^${customerNumber},.*,2025-03-20,1230,2025-03-21T00:00:00\\+09:00,0,,,,actual,regular,no-previous,,,,,,$`,
      ),
      expect.stringMatching(
        `^${customerNumber},.*,2025-04-20,1230,2025-04-21T00:00:00\\+09:00,0,1230,0,0,actual,regular,,,,actual,,,$`,
      ),
      '',
    ]);
  });

  test('writes a file completely or not at all, and names characters that CP932 lacks', async () => {
    const file = join(folder, 'april.csv');
    const refused = await closing(...APRIL, '--format', 'office-cp932', '-o', file);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('row 2, column 地区: "𠮷" in "𠮷野地区"');
    expect(await readdir(folder)).toEqual([]);
    expect((await closing(...APRIL, '--format', 'office-utf8', '-o', file)).code).toBe(0);
    expect(await readFile(file, 'utf8')).toContain('𠮷野地区');
    expect(await readdir(folder)).toEqual(['april.csv']);
  });

  test('names the rows to check by reason, as many as the page, and what was used while vacant', async () => {
    for (const [at, stored] of [
      ['a', ['2025-03-05', '2025-04-05']],
      ['b', ['2025-03-25']],
      ['c', []],
    ] as const) {
      const home = await fitHousehold(database.adminPool, utilityId, { closingDay: 5 });
      await database.adminPool.query(
        `update occupancy set to_on = '2025-04-01', customer_number = $2 where occupancy_id = $1`,
        [home.occupancyId, at],
      );
      for (const [nth, day] of stored.entries()) {
        const indexL = rising(1_000 + 5_000 * nth, 10);
        await storeDay(database.adminPool, utilityId, { ...home, day, indexL });
      }
    }
    const args = ['--closing-day', '5', '--from', '2025-04', '--to', '2025-04'];
    const { code, stdout, stderr } = await closing(...args, '--format', 'machine');
    expect(code).toBe(0);
    expect(stdout.split('\n').slice(1)).toEqual([
      expect.stringMatching('^a,.*,2025-03-31,.*,0,0,substituted,final,,,,,,,$'),
      expect.stringMatching('^b,.*,2025-03-31,.*,substituted,final,no-previous,,,,,,$'),
      expect.stringMatching('^c,.*,2025-03-31,.*,none,final,,,,,,,$'),
      '',
    ]);
    expect(stderr.trimEnd().split('\n')).toEqual([
      '2 of 3 rows to check before billing: 1 without a reading, 1 without an earlier reading',
      '5000 L are in no row: used at vacant supply points (1)',
      expect.stringMatching(/^run \d+ of 2025-04-05: issued, 3 rows, sha256 [0-9a-f]{64}$/),
    ]);
  });

  test('ends in the database when it is killed in the middle of an issue, and leaves no run', async () => {
    const running = async () => {
      const { rows } = await database.adminPool.query<{ pid: number }>(
        `select pid from pg_stat_activity
         where application_name = 'kenshin closing' and state = 'active' and query like '%insert into closing_run_row%'`,
      );
      return rows.length;
    };
    // Holds a table that every closing reads, so that the closing runs until it is ended.
    const holder = await database.adminPool.connect();
    await holder.query('begin');
    await holder.query('lock table meter_fitting in access exclusive mode');
    const runs = await countRuns();
    const march = ['--closing-day', '20', '--from', '2025-02', '--to', '2025-02'];
    const args = ['--import', 'tsx', 'bin/closing.ts', ...march, '--format', 'machine'];
    const command = spawn(process.execPath, args, {
      cwd: ROOT,
      env: { ...process.env, DATABASE_URL: database.adminUrl },
      stdio: 'ignore',
    });
    await vi.waitFor(async () => expect(await running()).toBe(1), { timeout: 30_000 });
    command.kill('SIGKILL');
    await vi.waitFor(async () => expect(await running()).toBe(0), { timeout: 30_000 });
    await holder.query('rollback');
    holder.release();
    expect(await countRuns()).toBe(runs);
    const { code, stderr } = await closing(...march, '--format', 'machine');
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(': issued,'),
    });
    expect(await countRuns()).toBe(runs + 1);
  });

  test('writes the file of a run again, and marks what changed since in the next closing', async () => {
    const home = await fitHousehold(database.adminPool, utilityId, { closingDay: 15 });
    const store = (day: string, firstL: number) =>
      storeDay(database.adminPool, utilityId, { ...home, day, indexL: rising(firstL, 10) });
    const ask = (month: string) => [
      ...['--closing-day', '15', '--from', month, '--to', month, '--format', 'machine'],
    ];
    await store('2025-03-15', 1_000);
    await store('2025-04-10', 2_000);
    const april = await closing(...ask('2025-04'));
    const run = /run (\d+) of/.exec(april.stderr)?.[1] ?? '';
    await store('2025-04-15', 3_000);
    await store('2025-05-15', 4_000);
    expect(await closing('--run', run, '--format', 'machine')).toEqual({ ...april, stderr: '' });
    const draft = await closing(...ask('2025-05'), '--draft');
    expect(draft.stderr).toContain('a draft: nothing was issued');
    const may = await closing(...ask('2025-05'));
    expect(may.stdout).toBe(draft.stdout);
    expect(may.stdout).toMatch(
      /,4230,.*,2230,2000,2,actual,regular,previous-changed,1000,,substituted,,,\n$/,
    );
    expect(may.stderr).toMatch(/: issued, 1 rows, 1 with 前回値変更, sha256/);
  });

  test('names the rows that a re-issue changes', async () => {
    const home = await fitHousehold(database.adminPool, utilityId, { closingDay: 16 });
    const store = (day: string, firstL: number) =>
      storeDay(database.adminPool, utilityId, { ...home, day, indexL: rising(firstL, 10) });
    const args = ['--closing-day', '16', '--from', '2025-04', '--to', '2025-04'];
    await store('2025-03-16', 1_000);
    await store('2025-04-10', 2_000);
    await closing(...args, '--format', 'machine');
    await store('2025-04-16', 3_000);
    const { stderr } = await closing(...args, '--format', 'machine');
    expect(stderr).toMatch(/it supersedes run \d+; rows that changed: 1\n/);
    expect(stderr).toContain(
      `customer ${home.customerNumber}: late; index 2230 L, usage 1 m3 -> index 3230 L, usage 2 m3`,
    );
  });

  test('lists the closings that have not passed yet', async () => {
    const args = ['--closing-day', 'end', '--from', '2999-01', '--to', '2999-01'];
    const { code, stderr } = await closing(...args, '--format', 'machine');
    expect(code).toBe(0);
    expect(stderr).toContain('not closed yet, left out: 2999-01-31');
  });

  test.each([
    { args: [], code: 2, says: '--closing-day is missing' },
    { args: [...APRIL, '--format', 'xls'], code: 2, says: 'machine, office-cp932, office-utf8' },
    {
      args: [...APRIL, '--format', 'machine', '--customer', '1'],
      code: 1,
      says: 'no customer "1"',
    },
    {
      args: [...APRIL, '--format', 'machine', '--utility', 'yama'],
      code: 1,
      says: 'there is: minato',
    },
  ])('with $args exits with $code and advice', async ({ args, code, says }) => {
    const ended = await closing(...args);
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toContain(says);
  });

  test("of several utilities chooses none by itself, not even the demo's", async () => {
    await createUtility(database.adminPool, 'demo');
    const ended = await closing(...APRIL, '--format', 'machine');
    expect(ended).toMatchObject({
      ...{ code: 1, stdout: '' },
      stderr: 'say which utility: --utility CODE (there is: demo, minato)\n',
    });
    const named = await closing(...APRIL, '--format', 'machine', '--utility', 'minato');
    expect(named.stdout).toContain(customerNumber);
  });
});
