import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import mqtt from 'mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createUtility } from '../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../db/testing/testing.ts';
import { readFleetFile } from '../ingest/simulator/fleet-file.ts';
import { signInStaff } from '../lib/accounts/sign-in-commands.ts';
import { newBrowser, signInDatabaseOf } from '../lib/accounts/testing-sign-in.ts';
import { addDays, dayOf } from '../lib/time.ts';
import { ROOT } from './demo/product-processes.ts';

let database: TestDatabase;
let folder: string;
let sidecar: { child: ChildProcess; mqttUrl: string };
const today = dayOf(new Date());

beforeAll(async () => {
  database = await testDatabase();
  folder = mkdtempSync(join(tmpdir(), 'kenshin-operate-'));
  sidecar = await startSidecar();
});
afterAll(async () => {
  sidecar?.child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
  await database?.close();
});

const keys = () => join(folder, 'keys');
const file = (name: string) => join(folder, name);
const modeOf = (path: string) => statSync(path).mode & 0o777;

/** Starts the sidecar before there is any utility, key or folder of keys. */
async function startSidecar() {
  const child = spawn(process.execPath, ['--import', 'tsx', join(ROOT, 'ingest/main.ts')], {
    env: {
      ...process.env,
      DATABASE_URL: database.ingestUrl,
      KENSHIN_KEK_DIRECTORY: keys(),
      KENSHIN_MQTT_PORT: '0',
      KENSHIN_HEALTH_PORT: '0',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const mqttUrl = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const entry = JSON.parse(line);
      if (entry.msg === 'listening') resolve(`mqtt://127.0.0.1:${entry.mqttPort}`);
    });
    child.once('exit', (code) => reject(new Error(`the sidecar ended with ${code}`)));
  });
  return { child, mqttUrl };
}

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Commands as package.json starts them, without npm's start-up time. */
const COMMANDS = { operate: 'bin/operate.ts', simulate: 'ingest/simulator/main.ts' } as const;

function command(
  name: keyof typeof COMMANDS,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Ended> {
  return ended(process.execPath, ['--import', 'tsx', COMMANDS[name], ...args], options);
}

type RunOptions = { input?: string; DATABASE_URL?: string };

function ended(
  program: string,
  args: readonly string[],
  { input = '', DATABASE_URL = database.adminUrl }: RunOptions = {},
): Promise<Ended> {
  const env = { ...process.env, DATABASE_URL, KENSHIN_KEK_DIRECTORY: keys() };
  const run = promisify(execFile)(program, args, { cwd: ROOT, env });
  run.child.stdin?.end(input);
  return run.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: Ended) => ({ code, stdout, stderr }),
  );
}

const operate = (...args: string[]) => command('operate', args);

/** Runs a verb that must succeed, and returns its JSON. */
async function done(...args: string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await operate(...args, '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const answer = JSON.parse(stdout);
  expect(answer.ok).toBe(true);
  return answer;
}

async function count(table: string): Promise<number> {
  const { rows } = await database.adminPool.query(`select count(*)::int as n from ${table}`);
  return rows[0].n;
}

/** Signs in; rejects when the password is not the account's. */
const enter = (login: string, password: string) =>
  newBrowser().enter((source) =>
    signInStaff(signInDatabaseOf(database), { utilityCode: 'minato', login, password }, source),
  );

/** Error of a terminal that signs in with a made-up secret. */
async function refusalOf(number: string): Promise<unknown> {
  const client = mqtt.connect(sidecar.mqttUrl, {
    ...{ protocolVersion: 4, clientId: number, username: number, password: 'none' },
    ...{ reconnectPeriod: 0, keepalive: 60 },
  });
  const error = await new Promise<unknown>((resolve) => client.once('error', resolve));
  await client.endAsync(true);
  return (error as { code?: unknown }).code;
}

describe('npm run operate', () => {
  test('creates a utility with its key, three accounts and an area in an empty database', async () => {
    const args = ['utility', 'create', '--code', 'minato', '--name', '港ガス', '--json'];
    const first = await ended('npm', ['run', '-s', 'operate', '--', ...args]);
    const created = JSON.parse(first.stdout);
    const keyFile = file('keys/minato.key');
    expect(created).toMatchObject({ keyFile, isKeyNew: true, keyId: expect.any(String) });
    expect([modeOf(keyFile), modeOf(keys())]).toEqual([0o600, 0o700]);

    const accounts = [
      ['kanri', 'admin'],
      ['kyokyu', 'analyst'],
      ['kenshin', 'billing'],
    ] as const;
    await Promise.all(
      accounts.map(([login, role]) => {
        const password = ['--password-file', file(`${login}.txt`)];
        const args = ['--login', login, '--role', role, '--name', '係', ...password];
        return done('account', 'create', ...args);
      }),
    );
    for (const [login] of accounts) expect(modeOf(file(`${login}.txt`))).toBe(0o600);
    const area = ['--code', 'kita', '--name', '北地区', '--gas', 'city'];
    await done('area', 'create', ...area, '--min-pa', '1000', '--max-pa', '2500');
  });

  test('imports supply points, whose terminals are accepted by a sidecar already running', async () => {
    const csv = await operate('place', 'template', '--area', 'kita', '--rows', '10');
    // The first terminal's number is its maker's, and it signs in before it is registered.
    const number = '0012345678';
    writeFileSync(file('places.csv'), csv.stdout.replace(',0,,60', `,0,${number},60`));
    expect(await refusalOf(number)).toBe(4);

    const fleetFile = file('fleet.json');
    const from = ['--from', addDays(today, -7), '--credentials', fleetFile];
    const imported = await done('place', 'import', file('places.csv'), ...from);
    expect(imported).toMatchObject({ places: 10 });
    expect(modeOf(fleetFile)).toBe(0o600);
    const fleet = await readFleetFile(fleetFile);
    expect(fleet.terminals.map((terminal) => terminal.number)).toContain(number);

    expect(modeOf(`${fleetFile}.state.json`)).toBe(0o600);
  });

  test('stores the days of the imported terminals', async () => {
    const played = await command('simulate', [
      ...['--fleet', file('fleet.json'), '--broker', sidecar.mqttUrl, '--history-only'],
    ]);
    const events = played.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const sent = events.find(({ event }) => event === 'backlog-sent');
    expect(sent.reported).toBeGreaterThanOrEqual(50);
    expect(sent.reported).toBe(sent.due);
    expect(await count('series.meter_day')).toBe(sent.due);

    const { rows } = (await done('supply-point', 'list')) as { rows: Record<string, unknown>[] };
    expect(rows).toHaveLength(10);
    for (const row of rows) expect([addDays(today, -1), addDays(today, -2)]).toContain(row.lastDay);
    expect((await operate('supply-point', 'list')).stdout).toContain('kita-0010');
  });

  test('prints no secret to standard output and writes none to the audit', async () => {
    const fleet = await readFleetFile(file('fleet.json'));
    const secrets = [
      ...fleet.terminals.flatMap(({ secret, key }) => [secret, key]),
      ...['kanri', 'kyokyu', 'kenshin'].map((login) =>
        readFileSync(file(`${login}.txt`), 'utf8').trim(),
      ),
      readFileSync(file('keys/minato.key'), 'utf8').trim(),
    ];
    const again = await operate(
      'terminal',
      'renew',
      '--number',
      '0012345678',
      '--credentials',
      file('one.json'),
    );
    expect(again.code).toBe(0);
    const [renewed] = (await readFleetFile(file('one.json'))).terminals;
    secrets.push(renewed!.secret, renewed!.key);
    const { rows } = await database.adminPool.query(
      `select actor, act, detail, row_to_json(a)::text as text from audit a order by audit_id`,
    );
    const printed = [...rows.map(({ text }) => text), again.stdout, again.stderr].join('\n');
    for (const secret of secrets) expect(printed.includes(secret)).toBe(false);
    const acts = rows.map(({ act }) => act);
    expect(acts[0]).toBe('utility.created');
    for (const act of ['supply-point.registered', 'meter.fitted', 'terminal.fitted']) {
      expect(acts.filter((each) => each === act)).toHaveLength(10);
    }
    expect(acts.at(-1)).toBe('terminal.reissued');
    for (const { actor } of rows) expect(actor).toMatch(/^system:operate\/\d+$/);
  });

  test('generates passwords with which the accounts can sign in', async () => {
    const { rows } = (await done('account', 'list')) as { rows: { login: string; role: string }[] };
    expect(rows.map(({ login, role }) => [login, role])).toEqual([
      ['kanri', 'admin'],
      ['kenshin', 'billing'],
      ['kyokyu', 'analyst'],
    ]);
    for (const { login } of rows) {
      await enter(login, readFileSync(file(`${login}.txt`), 'utf8').trim());
    }
  });

  test('renews a terminal, whose counter continues and whose days are stored', async () => {
    const [renewed] = (await readFleetFile(file('one.json'))).terminals;
    expect(renewed).toMatchObject({ generation: 2, number: '0012345678' });
    const [written] = JSON.parse(readFileSync(file('one.json'), 'utf8')).terminals;
    const before = await count('series.meter_day');
    const own = `series.meter_day where meter_id = (select meter_id from meter where serial = '${renewed?.meters[0]?.serial}')`;
    expect(written.firstCounter).toBeGreaterThan(await count(own));
    // As if its days had never arrived: days that are held would be duplicates under any counter.
    await database.adminPool.query(`delete from ${own}`);
    expect(await count('series.meter_day')).toBeLessThan(before);
    const test = ['terminal', 'test', '--wait', '0', '--json'];
    const requested = await operate(...test, '--number', '0012345678');
    expect(JSON.parse(requested.stdout)).toMatchObject({ ok: false, state: 'requested' });
    const played = await command('simulate', [
      ...['--fleet', file('one.json'), '--broker', sidecar.mqttUrl, '--history-only'],
    ]);
    expect(played.code).toBe(0);
    expect(await count('series.meter_day')).toBe(before);
    expect(await count(`frame_quarantine where reason = 'replay'`)).toBe(0);
    // It stays connected long enough, also days later, to receive open requests.
    const answered = await operate(...test, '--test', String(JSON.parse(requested.stdout).testId));
    expect(JSON.parse(answered.stdout)).toMatchObject({ ok: true, state: 'answered' });
  });

  test('refuses a second run of an import and changes nothing', async () => {
    const before = [await count('supply_point'), await count('terminal'), await count('audit')];
    const again = await operate(
      ...['place', 'import', file('places.csv'), '--credentials', file('second.json')],
    );
    expect(again).toMatchObject({ code: 1, stdout: '' });
    expect(again.stderr).toContain('every place of this file is registered already');
    expect(again.stderr).toContain('row 2, column supply_point: kita-0001 is registered already');
    expect(existsSync(file('second.json'))).toBe(false);
    expect([await count('supply_point'), await count('terminal'), await count('audit')]).toEqual(
      before,
    );
  });

  test('never replaces an existing file', async () => {
    const taken = file('kanri.txt');
    const before = readFileSync(taken, 'utf8');
    const args = ['account', 'password', '--login', 'kanri', '--password-file', taken];
    expect(await operate(...args)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('exists already'),
    });
    expect(readFileSync(taken, 'utf8')).toBe(before);
  });

  test('shows a secret without a file on a screen only, and refuses otherwise', async () => {
    const { code, stdout, stderr } = await operate('account', 'password', '--login', 'kanri');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('give --password-file FILE');
  });

  test('checks the file of a secret before anything else, and names it in JSON', async () => {
    const missing = ['place', 'import', file('none.csv'), '--credentials', file('kanri.txt')];
    expect((await operate(...missing)).stderr).toContain('exists already');
    const inside = ['account', 'password', '--login', 'kanri', '--password-file', 'kanri.txt'];
    expect((await operate(...inside)).stderr).toContain('lies in the checkout');
    const path = file('named.txt');
    const args = ['account', 'password', '--login', 'kanri', '--password-file', path];
    expect(await done(...args)).toMatchObject({ login: 'kanri', file: path });
  });

  test('reads a password from standard input', async () => {
    const args = ['account', 'password', '--login', 'kanri', '--password-stdin'];
    const given = await command('operate', args, { input: '港町-の-とても-長い-合言葉\n' });
    expect(given.code).toBe(0);
    expect(given.stdout).not.toContain('合言葉');
    await enter('kanri', '港町-の-とても-長い-合言葉');
  });

  test('describes in a dry run what would happen and changes nothing', async () => {
    const tables = ['utility', 'terminal', 'terminal_key', 'audit'];
    const before = await Promise.all(tables.map(count));
    const utility = await done('utility', 'create', '--code', 'kawa', '--name', '川', '--dry-run');
    expect(utility).toMatchObject({ dryRun: true, code: 'kawa', keyId: null });
    expect(existsSync(file('keys/kawa.key'))).toBe(false);
    const args = ['terminal', 'register', '--number', '4711', '--credentials', file('dry.json')];
    const terminal = await operate(...args, '--dry-run');
    expect(terminal.stdout).toMatch(/^Dry run, rolled back. It would be: terminal 4711 registered/);
    expect(existsSync(file('dry.json'))).toBe(false);
    expect(await Promise.all(tables.map(count))).toEqual(before);
  });

  test("does not find another utility's numbers", async () => {
    await createUtility(database.adminPool, 'tonari');
    const foreign = ['--utility', 'tonari', '--number', '0012345678'];
    expect(await operate('terminal', 'retire', ...foreign)).toMatchObject({
      code: 1,
      stderr: 'terminal 0012345678 is not registered: check the number\n',
    });
    const { code, stdout } = await operate('terminal', 'show', ...foreign, '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, error: { code: 'not_found' } });
    expect(await operate('area', 'list')).toMatchObject({
      code: 1,
      stderr: 'say which utility: --utility CODE (there is: minato, tonari)\n',
    });
  });
});
