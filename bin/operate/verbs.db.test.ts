// Every verb once, in the order in which an office would need it, without a process for each.
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import { SUPPLY_POINT_COLUMNS } from '../../lib/register/supply-point-file.ts';
import { ArgumentFault } from '../run-command.ts';
import { parseCommandLine } from './command-line.ts';
import { NOUNS } from './nouns.ts';
import { runVerb } from './run-verb.ts';
import type { Outcome } from './verb.ts';

const NOW = new Date('2026-11-26T10:00:00+09:00');

let database: TestDatabase;
let folder: string;
const given = process.env.DATABASE_URL;
const used = new Set<string>();
/** Lines that verbs printed while waiting. */
const lines: string[] = [];

beforeAll(async () => {
  database = await testDatabase();
  folder = mkdtempSync(join(tmpdir(), 'kenshin-verbs-'));
  process.env.DATABASE_URL = database.adminUrl;
});
afterAll(async () => {
  if (given === undefined) delete process.env.DATABASE_URL;
  else process.env.DATABASE_URL = given;
  rmSync(folder, { recursive: true, force: true });
  await database.close();
});

/** Runs a command line; `@name` is a file in the test's folder. */
function run(command: string): Promise<Outcome> {
  const words = command.split(' ').map((word) => word.replace(/^@/, `${folder}/`));
  const invoked = parseCommandLine(words, NOUNS, NOW);
  if (invoked.kind === 'help') throw new Error('help instead of a verb');
  used.add(`${invoked.noun.name} ${invoked.verbName}`);
  return runVerb(invoked, {
    environment: { KENSHIN_KEK_DIRECTORY: join(folder, 'keys') },
    isScreen: true,
    now: NOW,
    readSecret: async () => 'a password of some length',
    watch: { say: (line) => void lines.push(line), now: () => NOW, pause: async () => undefined },
  });
}

const A_TERMINAL = '--number 0012345678';

describe('every verb', () => {
  test.each([
    ['utility create --code kita --name 北ガス', 'utility kita (北ガス) created'],
    ['utility list', '1 utility'],
    [
      'account create --login kanri --role admin --name 係 --password-stdin',
      'account kanri (admin, 係)',
    ],
    ['account password --login kanri', 'account kanri has a new password'],
    ['account role --login kanri --role admin', 'has the role admin already; nothing was changed'],
    [
      'account role --login kanri --role billing',
      'role billing, before admin.\nNo account with the role admin',
    ],
    ['account role --login kanri --role admin', 'role admin, before billing'],
    ['account unlock --login kanri', 'may be tried again'],
    ['account end-sessions --login kanri', '0 sessions ended'],
    [
      'account disable --login kanri',
      'disabled; 0 sessions ended.\nNo account with the role admin',
    ],
    ['account enable --login kanri', 'may sign in again'],
    ['account mail --login kanri --address a@gas.example', 'kanri gets its mail at a@gas.example'],
    ['account test-mail --login kanri --wait 0', 'Waiting: NO WORKER RUNS'],
    ['mail list', '1 mail; NO WORKER RUNS: start one (npm run worker)'],
    ['mail show --mail 1', 'mail 1 to kanri, test: shows that mail to the account is sent'],
    ['mail retry --mail 1', 'mail 1 is sent at once'],
    ['account mail --login kanri --clear', 'account kanri gets no mail any more'],
    ['account list', '1 account'],
    [
      'area create --code a --name 区 --gas lp --min-pa 2300 --max-pa 3300',
      'area a (区) registered',
    ],
    ['area create --code b --name 町 --gas lp --min-pa 2300 --max-pa 3300 --parent a', 'area b'],
    ['area limits --code a --min-pa 2400 --max-pa 3200', 'limits 2400 to 3200 Pa'],
    ['area list', '2 areas'],
    ['place template --area a --rows 2', 'a-0002,a,20,000002,00000002,4,10000000,0,,60'],
    [
      'supply-point create --number S1 --area a --closing-day 31 --opened 2026-11-01',
      'S1 in area a',
    ],
    ['supply-point create --number S2 --area a --closing-day 20', 'from 2026-11-26'],
    ['customer move-in --customer 01 --supply-point S1 --on 2026-11-01', 'is at supply point S1'],
    ['meter register --serial 001 --gas lp --size 2.5 --dial-l 10000000', 'meter 001 registered'],
    ['meter register --serial 002 --gas lp --size 2.5 --dial-l 10000000', 'meter 002 registered'],
    [
      'meter fit --serial 001 --supply-point S1 --at 2026-11-01 --start-l 7',
      'meter 001 fitted at S1',
    ],
    [
      `terminal register ${A_TERMINAL} --supply-point S1 --at 2026-11-01 --credentials @one.json`,
      'fitted at S1',
    ],
    [`terminal renew ${A_TERMINAL} --credentials @two.json`, 'a key of generation 2'],
    [
      'meter exchange --supply-point S1 --new-serial 002 --final-l 9 --start-l 0 --at 2026-11-26T09:00',
      '001 exchanged for 002',
    ],
    ['meter exchanges --supply-point S1', '1 exchange'],
    ['meter undo-exchange --exchange 1', '001 is fitted at S1 as before; meter 002 stays'],
    ['meter exchange --supply-point S1 --new-serial 003 --size 4 --dial-l 9000', 'for 003'],
    ['meter undo-exchange --exchange 2', '001 is fitted at S1 as before; meter 003 is not'],
    [
      'meter exchange --supply-point S1 --new-serial 002 --final-l 9 --start-l 0 --at 2026-11-26T09:00',
      '001 exchanged for 002',
    ],
    [`terminal move ${A_TERMINAL} --to S2 --at 2026-11-26T09:30`, 'moved from S1 to S2'],
    [`terminal remove ${A_TERMINAL} --at 2026-11-26T09:40`, 'removed from S2'],
    [`terminal fit ${A_TERMINAL} --supply-point S1 --at 2026-11-26T09:50`, 'fitted at S1'],
    [`terminal test ${A_TERMINAL} --wait 0`, 'Its report window opens at 01:00, for 240 minutes.'],
    [`terminal retire ${A_TERMINAL}`, 'it can no longer sign in'],
    [`terminal show ${A_TERMINAL}`, 'last heard: never'],
    ['terminal list', '1 terminal'],
    [
      'meter remove --supply-point S1 --at 2026-11-26T09:50 --final-l 11',
      'meter 002 removed from S1',
    ],
    ['meter list', '2 meters'],
    ['code issue --customer 01', 'registration code for customer 01 issued'],
    ['code unlock --customer 01', 'customer 01 may be tried again'],
    ['customer move-out --customer 01', 'customer 01 moved out, 2026-11-26'],
    ['code withdraw --customer 01', '1 registration code of customer 01 withdrawn'],
    [
      'key issue --name 料金 --scope closing.export,closing.read --days 30 --file @key.txt',
      'key 1 (料金) issued for closing.export, closing.read; it ends on 2026-12-26',
    ],
    ['key issue --name 監視 --scope collection.read', 'it ends on 2027-11-26'],
    ['key revoke --key 2', 'key 2 (監視) revoked'],
    ['key list', '2 keys'],
    ['supply-point close --number S1', 'supply point S1 closed on 2026-11-26'],
    ['supply-point list', '2 supply points'],
    ['supply-point list --limit 1', '1 supply point (the first; there are more: --limit)'],
    ['meter list --limit 1', '1 meter (the first; there are more: --limit)'],
    ['utility show', 'supplyPoints: 1'],
    ['utility second-look --above-l 5000', 'moves more than 5000 L needs a second person'],
  ])('%s', async (command, said) => {
    const outcome = await run(command);
    expect(outcome.said).toContain(said);
    expect(JSON.stringify({ ...outcome, secret: null })).not.toContain('a password of some length');
  });

  test('of a job shows why it failed, and runs it again', async () => {
    await database.adminPool.query('delete from graphile_worker._private_jobs');
    expect((await run('job list')).said).toBe('0 jobs; NO WORKER RUNS: start one (npm run worker)');
    const { rows } = await database.adminPool.query<{ id: number }>(
      `select (graphile_worker.add_job('plan-polling', json_build_object('utilityId', (select max(utility_id) from utility), 'input', '{}'::json))).id`,
    );
    const jobId = rows[0]!.id;
    await database.adminPool.query(
      `update graphile_worker._private_jobs set attempts = max_attempts, last_error = 'no such table'`,
    );
    expect((await run('job list')).table?.rows).toMatchObject([
      {
        jobId,
        kind: 'plan-polling',
        scope: 'utility',
        state: 'failed',
        lastError: 'no such table',
      },
    ]);
    const shown = await run(`job show --job ${jobId}`);
    expect(shown.said).toContain('failed, attempt 25 of 25');
    expect(shown.said).toContain('run no more');
    expect(shown.said).toContain('the latest attempt failed: no such table');
    expect((await run(`job retry --job ${jobId}`)).said).toBe(`job ${jobId} is run again at once`);
    expect((await run(`job show --job ${jobId}`)).said).toContain('waiting, attempt 0 of 25');
    await expect(run('job show --job 999')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('of a test prints the events, and shows it again; a dry run neither requests nor waits', async () => {
    await run('terminal register --number 5 --credentials @five.json');
    const dry = await run('terminal test --number 5 --dry-run');
    expect(dry).toMatchObject({ said: 'test of terminal 5 requested' });
    const invoked = await run('terminal test --number 5 --wait 0');
    const { testId } = invoked.data as { testId: number };
    expect(invoked).toMatchObject({
      isUnproven: true,
      said: expect.stringContaining(`--test ${testId} `),
      data: { testId, terminalNumber: '5', state: 'requested', sentAt: null },
    });
    expect(invoked.data).not.toHaveProperty('nonce');
    expect(lines.filter((line) => line.includes('terminal 5'))).toEqual([
      `2026-11-26T10:00:00+09:00 test ${testId} of terminal 5 requested`,
    ]);
    await database.adminPool.query(
      `update terminal_test set sent_at = requested_at, answered_at = requested_at where test_id = $1`,
      [testId],
    );
    const again = await run(`terminal test --test ${testId} --wait 5`);
    expect(lines).toContain(
      `Test ${testId} is followed for 5 s; Ctrl-C ends the following, not the test.`,
    );
    expect(again).toMatchObject({ isUnproven: false, data: { state: 'answered' } });
    const { rows } = await database.adminPool.query('select test_id from terminal_test');
    expect(rows).toHaveLength(2);
  });

  test('of a key shows it once, in its own file, and stores its hash; a dry run creates nothing', async () => {
    const path = join(folder, 'one-key.txt');
    const command = 'key issue --name 試 --scope meter.read --file @one-key.txt';
    await run(`${command} --dry-run`);
    expect(existsSync(path)).toBe(false);
    const { rows: none } = await database.adminPool.query(`select from api_key where name = '試'`);
    expect(none).toEqual([]);
    const { secret, ...shown } = await run(command);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const key = readFileSync(path, 'utf8').trimEnd();
    expect(key).toMatch(/^kenshin_[A-Za-z0-9_-]{43}$/);
    expect(secret?.value.trimEnd()).toBe(key);
    expect(JSON.stringify(shown)).not.toContain(key);
    const { rows } = await database.adminPool.query(
      `select key_hash = sha256(convert_to($1, 'UTF8')) as hashed, scopes, expires_at - created_at = interval '365 days' as year
       from api_key where name = '試'`,
      [key],
    );
    expect(rows).toEqual([{ hashed: true, scopes: ['meter.read'], year: true }]);
    const { rows: kept } = await database.adminPool.query(
      `select detail::text as text from audit where act = 'api-key.issued'`,
    );
    expect(JSON.stringify(kept)).not.toContain(key);
  });

  test('of a revoked or unknown key is refused', async () => {
    await expect(run('key revoke --key 2')).rejects.toMatchObject({ code: 'conflict' });
    await expect(run('key revoke --key 999')).rejects.toMatchObject({ code: 'not_found' });
  });

  test.each([
    'terminal test',
    'terminal test --number 5 --test 1',
    'account password --login kanri --password-stdin --password-file @both.txt',
    'account mail --login kanri',
    'account mail --login kanri --clear --address a@gas.example',
  ])('%s is refused: one of the two has to be named', async (command) => {
    await expect(run(command)).rejects.toThrow(ArgumentFault);
  });

  test.each([
    'terminal retire --number 5',
    'terminal remove --number 5',
    'terminal fit --number 5 --supply-point S2',
    'terminal move --number 5 --to S2',
    'meter fit --serial 001 --supply-point S2',
    'meter remove --supply-point S2',
    'meter exchange --supply-point S2 --new-serial 001',
  ])('%s: an instant in the future is refused', async (command) => {
    await expect(run(`${command} --at 2026-11-26T10:01`)).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('still to come'),
    });
  });

  test('is tested here, or in a test of its own process', () => {
    const all = NOUNS.flatMap(({ name, verbs }) =>
      Object.keys(verbs).map((verb) => `${name} ${verb}`),
    );
    const left = all.filter((verb) => !used.has(verb) && !verb.startsWith('estimation '));
    expect(left).toEqual(['place import']);
  });

  test('of an import reports the faults of the file together with those of the register', async () => {
    const rows = ['S1,a,20,,7,4,10000000,0,,60', 'S9,a,40,,8,4,10000000,0,,60'];
    writeFileSync(join(folder, 'both.csv'), [SUPPLY_POINT_COLUMNS.join(','), ...rows].join('\n'));
    const refused = run('place import @both.csv --credentials @both.json');
    await expect(refused).rejects.toMatchObject({
      details: {
        faults: [
          { row: 2, column: 'supply_point' },
          { row: 3, column: 'closing_day' },
        ],
      },
    });
  });

  test('that changes something is recorded in the audit', async () => {
    const { rows } = await database.adminPool.query('select act from audit order by audit_id');
    expect(rows.map(({ act }) => act)).toEqual([
      ...['utility.created', 'key-encryption-key.made', 'account.created', 'account.password-set'],
      ...[
        'account.role-set',
        'account.role-set',
        'sign-in.unlocked',
        'account.sessions-ended',
        'account.disabled',
      ],
      ...['account.enabled', 'account.mail-address-set', 'mail.test-entered', 'mail.retried'],
      ...['account.mail-address-cleared'],
      ...['area.registered', 'area.registered', 'area.limits-set'],
      ...['supply-point.registered', 'supply-point.registered', 'occupancy.begun'],
      ...['meter.registered', 'meter.registered', 'meter.fitted', 'terminal.registered'],
      ...['terminal.fitted', 'terminal.reissued', 'meter.exchanged', 'meter.exchange-undone'],
      ...['meter.registered', 'meter.exchanged', 'meter.exchange-undone', 'meter.exchanged'],
      'terminal.removed',
      ...['terminal.fitted', 'terminal.removed', 'terminal.fitted', 'terminal.test-requested'],
      ...[
        'terminal.retired',
        'meter.removed',
        'registration-code.issued',
        'sign-in.unlocked',
        'occupancy.ended',
      ],
      ...['registration-code.withdrawn', 'api-key.issued', 'api-key.issued', 'api-key.revoked'],
      ...['supply-point.closed', 'utility.second-look-set', 'job.retried'],
      ...['terminal.registered', 'terminal.test-requested', 'api-key.issued'],
    ]);
  });
});
