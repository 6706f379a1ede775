// Every command of bin/ under adverse conditions: it ends within a limit, says what is wrong in words, and prints no
// stack.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { fitHousehold } from '../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../db/testing/testing.ts';
import { ROOT } from './demo/product-processes.ts';
import { replayDays } from './replay/testing-replay.ts';

const BOUND_MS = 90_000;
const AT_ONCE = 3;
const WAIT = { timeout: 60_000, interval: 20 };
// Child processes, which a busy machine starts slowly.
vi.setConfig({ testTimeout: 300_000 });
const SECRET = 'geheim-4711';
const APRIL = ['--closing-day', '20', '--from', '2025-03', '--to', '2025-04'];

let database: TestDatabase;
let folder: string;
let customerNumber: string;
beforeAll(async () => {
  database = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), 'kenshin-commands-'));
  const { rows } = await database.adminPool.query(
    `insert into utility (code, name) values ('minato', '港ガス') returning utility_id`,
  );
  ({ customerNumber } = await fitHousehold(database.adminPool, rows[0].utility_id));
  await writeFile(join(folder, 'days.csv'), replayDays('2024-02-20', 2));
  await mkdir(join(folder, 'gas-daily24'));
  await writeFile(join(folder, 'gas-daily24', '1.csv'), replayDays('2024-02-20', 2));
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

/** Every command, with arguments for which it would succeed. */
const COMMANDS: Readonly<Record<string, () => string[]>> = {
  'audit.ts': () => ['--utility', 'minato'],
  'bench.ts': () => ['query'],
  'closing.ts': () => [...APRIL, '--format', 'machine'],
  'demo/run-demo.ts': () => ['--check'],
  'golden.ts': () => ['--check'],
  'migrate.ts': () => [],
  'openapi.ts': () => ['--check'],
  'operate.ts': () => ['area', 'list', '--utility', 'minato'],
  'prove.ts': () => ['rollup', '--histories', '1'],
  'replay.ts': () => [
    ...[join(folder, 'days.csv'), '--customer', 'R-1'],
    ...['--credentials', join(folder, 'replay')],
  ],
  'verify-closing.ts': () => [],
};
const WITH_DATABASE = Object.keys(COMMANDS).filter((name) => name !== 'openapi.ts');
/** Commands that end within seconds and print to standard output. */
const QUICK = ['audit.ts', 'closing.ts', 'migrate.ts', 'openapi.ts', 'operate.ts', 'replay.ts'];

interface Ended {
  name: string;
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

interface RunOptions {
  databaseUrl?: string;
  args?: string[];
  /** A file descriptor for standard output, or `closed`: a pipe whose other end is gone. */
  stdout?: number | 'closed';
  /** True: standard input is closed, not only empty. */
  noInput?: boolean;
  onStart?: (child: ChildProcess) => Promise<void>;
}

function run(name: string, options: RunOptions = {}): Promise<Ended> {
  const { databaseUrl = database.adminUrl, stdout: output = 'pipe' } = options;
  const args = options.args ?? COMMANDS[name]!();
  const script = `exec "$0" --import tsx "$@" ${options.noInput ? '<&-' : ''}`;
  const child = spawn('sh', ['-c', script, process.execPath, `bin/${name}`, ...args], {
    cwd: ROOT,
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      KENSHIN_KEK_DIRECTORY: join(folder, 'keys'),
      KENSHIN_REFERENCE_DATA: folder,
    },
    stdio: ['ignore', output === 'closed' ? 'pipe' : output, 'pipe'],
  });
  const ended: Ended = { name, code: null, signal: null, stdout: '', stderr: '' };
  if (output === 'closed') child.stdout?.destroy();
  const started = options.onStart?.(child);
  child.stdout?.on('data', (text) => {
    ended.stdout += text;
  });
  child.stderr?.on('data', (text) => {
    ended.stderr += text;
  });
  const late = setTimeout(() => child.kill('SIGKILL'), BOUND_MS);
  return new Promise((resolve) => {
    child.once('close', (code, signal) => {
      clearTimeout(late);
      resolve(Promise.resolve(started).then(() => Object.assign(ended, { code, signal })));
    });
  });
}

async function runAll(
  names: readonly string[],
  options: RunOptions,
  atOnce = AT_ONCE,
): Promise<Ended[]> {
  const queue = names.values();
  const ended: Ended[] = [];
  const workers = Array.from({ length: atOnce }, async () => {
    for (const name of queue) ended.push(await run(name, options));
  });
  await Promise.all(workers);
  return ended;
}

function expectTold(ended: Ended, message: RegExp): void {
  const { name, code, signal, stderr } = ended;
  expect({ name, code, signal, stderr }).toMatchObject({
    code: expect.toSatisfy((value: number | null) => value === 1 || value === 2, '1 or 2'),
    stderr: expect.stringMatching(message),
  });
  expect(stderr).not.toMatch(/^ {4}at |Unhandled|node:internal/m);
  expect(stderr).not.toContain(SECRET);
}

/** Programs that are not run here: developer scripts, and the web process. */
const ELSEWHERE = [
  ...[
    'build.mjs',
    'check.mjs',
    'clock.mjs',
    'demo.mjs',
    'lock-platforms.mjs',
    'test.mjs',
    'web.ts',
  ],
];

test('every program of bin is tested', () => {
  const all = readdirSync(join(ROOT, 'bin'), { recursive: true, encoding: 'utf8' });
  // Files of bin/checks are run by check.mjs.
  const names = all.filter((name) => /^(?!checks\/)[^.]+\.(ts|mjs)$/.test(name));
  const texts = new Map(names.map((name) => [name, readFileSync(join(ROOT, 'bin', name), 'utf8')]));
  // A module without exports, or one that reads its arguments, is a program.
  const starts = names.filter(
    (name) =>
      /^await runCommand\(|process\.argv\b/m.test(texts.get(name)!) ||
      !/^export /m.test(texts.get(name)!),
  );
  const expected = [...Object.keys(COMMANDS), ...ELSEWHERE, 'run-command.ts'];
  expect(starts.sort()).toEqual(expected.sort());
});

describe('every command that needs a database', () => {
  test('reports an invalid DATABASE_URL without its contents', async () => {
    const databaseUrl = `postgres:/kenshin:${SECRET}@127.0.0.1/kenshin`;
    for (const ended of await runAll(WITH_DATABASE, { databaseUrl })) {
      expectTold(ended, /^\n?DATABASE_URL is not the address of a database: give postgres:\/\//);
    }
  });

  test('reports that nothing answers at DATABASE_URL', async () => {
    const databaseUrl = `postgres://kenshin:${SECRET}@127.0.0.1:1/kenshin`;
    for (const ended of await runAll(WITH_DATABASE, { databaseUrl })) {
      expectTold(
        ended,
        /the database of DATABASE_URL cannot be used: 127\.0\.0\.1:1: nothing answers/,
      );
    }
  });

  test('gives up on a server that never answers', async () => {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    try {
      const address = server.address() as { port: number };
      const databaseUrl = `postgres://kenshin:${SECRET}@127.0.0.1:${address.port}/kenshin`;
      // All at once: each waits only for its own time limit.
      for (const ended of await runAll(WITH_DATABASE, { databaseUrl }, WITH_DATABASE.length)) {
        expectTold(ended, /the database of DATABASE_URL cannot be used: .*time/);
      }
    } finally {
      server.close();
    }
  });

  test("reports the server's message for a wrong password", async () => {
    const databaseUrl = new URL(database.adminUrl);
    databaseUrl.password = SECRET;
    for (const ended of await runAll(WITH_DATABASE, { databaseUrl: databaseUrl.toString() })) {
      expectTold(ended, /cannot be used: the database refuses: password authentication failed/);
    }
  });
});

describe('a command whose output cannot be written', () => {
  test('on a full disk says so and fails', async () => {
    const full = openSync('/dev/full', 'w');
    try {
      for (const ended of await runAll(QUICK, { stdout: full })) {
        expectTold(ended, /no space is left on the disk \(ENOSPC\)/);
      }
    } finally {
      closeSync(full);
    }
  });

  test('into a closed pipe says so and fails', async () => {
    for (const ended of await runAll(QUICK, { stdout: 'closed' })) {
      expectTold(ended, /standard output: it was closed before the end of the output \(EPIPE\)/);
    }
  });
});

test('commands work without a standard input', async () => {
  for (const ended of await runAll(QUICK, { noInput: true })) {
    expect(ended).toMatchObject({ code: 0, signal: null });
  }
});

describe('the closing file', () => {
  const write = (output: string) =>
    run('closing.ts', { args: [...APRIL, '--format', 'machine', '-o', output] });

  test.each<[string, () => string, RegExp]>([
    [
      'a folder that is not there',
      () => join(folder, 'none', 'x.csv'),
      /none\/x\.csv: there is no such file or folder \(ENOENT\)\n$/,
    ],
    [
      'a path through a file',
      () => join(folder, 'days.csv', 'x.csv'),
      /x\.csv: a part of the path is no folder/,
    ],
    ['a folder itself', () => join(folder, 'gas-daily24'), /gas-daily24: this is a folder/],
    [
      'a place where nobody may write',
      () => '/sys/x.csv',
      /\/sys\/x\.csv: (?:permission|this is not|the file system)/,
    ],
    ['a full disk', () => '/dev/full', /\/dev\/full: no space is left on the disk/],
  ])('into %s is refused with its path and leaves nothing', async (_what, output, message) => {
    expectTold(await write(output()), message);
    expect((await readdir(folder)).filter((name) => name.includes('part'))).toEqual([]);
    expect(statSync('/dev/full').isCharacterDevice()).toBe(true);
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('interrupted by %s leaves nothing', async (signal, code) => {
    const output = join(folder, 'interrupted.csv');
    const args = [...APRIL, '--format', 'machine', '-o', output];
    const client = await database.adminPool.connect();
    try {
      // The export waits for this table while its file is open.
      await client.query('begin; lock table occupancy in access exclusive mode');
      const ended = run('closing.ts', {
        args,
        onStart: async (child) => {
          const names = () => readdirSync(folder).join();
          await vi.waitFor(() => expect(names()).toContain('interrupted.csv'), WAIT);
          child.kill(signal);
        },
      });
      expect(await ended).toMatchObject({ code, stdout: '', stderr: '' });
      expect((await readdir(folder)).filter((name) => name.startsWith('interrupted'))).toEqual([]);
    } finally {
      await client.query('rollback');
      client.release();
    }
  });

  test('of a customer without a row is explained', async () => {
    const args = ['--closing-day', '20', '--from', '2015-03', '--to', '2015-04'];
    const ended = await run('closing.ts', {
      args: [...args, '--format', 'machine', '--customer', customerNumber],
    });
    expect(ended).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^customer_number,.*\n$/),
    });
    expect(ended.stderr).toMatch(
      /no row for customer ".*": there was no supply to them at a closing from 2015-03-20 to 2015-04-20; they were at supply point .* from 20\d\d-\d\d-\d\d on/,
    );
  });
});

describe('replay', () => {
  const replay = (...args: string[]) =>
    run('replay.ts', { args: [...args, '--customer', 'R-2', '--utility', 'minato'] });

  test.each<[string, () => string[], RegExp]>([
    [
      'a file that is not there',
      () => [join(folder, 'none.csv')],
      /none\.csv cannot be read \(ENOENT\)/,
    ],
    ['a file that is a folder', () => [folder], /cannot be read \(EISDIR\)/],
    [
      'credentials behind a file',
      () => [join(folder, 'days.csv'), '--credentials', join(folder, 'days.csv', 'x')],
      /days\.csv\/x: a part of the path is no folder/,
    ],
    [
      'credentials where nobody may write',
      () => [join(folder, 'days.csv'), '--credentials', '/sys/kenshin'],
      /\/sys\/kenshin: (?:permission|this is not|the file system)/,
    ],
  ])('with %s is refused with its name and registers nothing', async (_what, args, message) => {
    expectTold(await replay(...args()), message);
    const { rows } = await database.adminPool.query(
      `select 1 from occupancy where customer_number = 'R-2'`,
    );
    expect(rows).toEqual([]);
  });
});
