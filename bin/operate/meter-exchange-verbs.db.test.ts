// Exchange of a meter on the command line: missing options, and closings of which a file was made.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import { ArgumentFault } from '../run-command.ts';
import { parseCommandLine } from './command-line.ts';
import { NOUNS } from './nouns.ts';
import { runVerb } from './run-verb.ts';
import type { Outcome } from './verb.ts';

const NOW = new Date('2026-11-26T10:00:00+09:00');

let database: TestDatabase;
const given = process.env.DATABASE_URL;

beforeAll(async () => {
  database = await testDatabase();
  process.env.DATABASE_URL = database.adminUrl;
  await run('utility create --code kita --name 北ガス');
  await run('area create --code a --name 区 --gas lp --min-pa 2300 --max-pa 3300');
  await run('supply-point create --number S3 --area a --closing-day 20 --opened 2026-11-01');
  await run('customer move-in --customer 03 --supply-point S3 --on 2026-11-01');
  await run('meter register --serial 030 --gas lp --size 2.5 --dial-l 10000000');
  await run('meter fit --serial 030 --supply-point S3 --at 2026-11-01');
});
afterAll(async () => {
  if (given === undefined) delete process.env.DATABASE_URL;
  else process.env.DATABASE_URL = given;
  await database.close();
});

async function run(command: string): Promise<Outcome> {
  const parsed = parseCommandLine(command.split(' '), NOUNS, NOW);
  if (parsed.kind === 'help') throw new Error('help instead of a verb');
  return runVerb(parsed, {
    environment: {},
    isScreen: true,
    now: NOW,
    readSecret: async () => '',
    watch: { say: () => undefined, now: () => NOW, pause: async () => undefined },
  });
}

const EXCHANGE = 'meter exchange --supply-point S3 --new-serial 031 --at 2026-11-19T09:00';
const NEW = `${EXCHANGE} --size 4 --dial-l 10000000`;

test('an exchange to an unregistered meter requires both its size and its dial', async () => {
  await expect(run(EXCHANGE)).rejects.toMatchObject({
    code: 'invalid_input',
    message: expect.stringContaining('meter 031 is not registered'),
  });
  await expect(run(`${EXCHANGE} --size 4`)).rejects.toThrow('--size and --dial-l together');
  const { said } = await run(`${NEW} --dry-run`);
  expect(said).toContain('030 exchanged for 031');
});

test('filed closings must be named, and keep the exchange from being undone', async () => {
  const file = (act: string) =>
    database.adminPool.query(
      `insert into audit (utility_id, actor, act, subject, detail)
       select utility_id, 'system:test', $1, 'closing-day:20', '{"closings": ["2026-11-20"], "export": "x"}'
       from supply_point where number = 'S3'`,
      [act],
    );
  await file('closing.export-begun');
  await file('closing.exported');
  await expect(run(NEW)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('closing of 2026-11-20:'),
  });
  await expect(run(`${NEW} --filed-closings 2026-11-2x`)).rejects.toThrow(ArgumentFault);
  const { data } = await run(`${NEW} --filed-closings 2026-11-20`);
  expect(data).toMatchObject({ removed: '030', fitted: '031' });
  const listed = async () => (await run('meter exchanges --supply-point S3')).table?.rows;
  expect(await listed()).toMatchObject([{ exchange: data?.exchange, resting: '' }]);
  await file('closing.exported');
  expect(await listed()).toMatchObject([{ resting: 'closing-file' }]);
  await expect(run(`meter undo-exchange --exchange ${data?.exchange}`)).rejects.toMatchObject({
    code: 'conflict',
  });
});
