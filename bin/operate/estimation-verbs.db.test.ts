// Every verb of estimation, in the order in which an office would need it, without a process for each.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createUtility, fitHousehold } from '../../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import { parseCommandLine } from './command-line.ts';
import { ESTIMATION } from './estimation-verbs.ts';
import { NOUNS } from './nouns.ts';
import { runVerb } from './run-verb.ts';
import type { Outcome } from './verb.ts';

const NOW = new Date('2026-11-26T10:00:00+09:00');

let database: TestDatabase;
const given = process.env.DATABASE_URL;
const used = new Set<string>();

beforeAll(async () => {
  database = await testDatabase();
  process.env.DATABASE_URL = database.adminUrl;
  const utilityId = await createUtility(database.adminPool);
  const { supplyPointId } = await fitHousehold(database.adminPool, utilityId);
  await database.adminPool.query(
    `update supply_point set number = 'S2' where utility_id = $1 and supply_point_id = $2`,
    [utilityId, supplyPointId],
  );
});
afterAll(async () => {
  if (given === undefined) delete process.env.DATABASE_URL;
  else process.env.DATABASE_URL = given;
  await database.close();
});

function run(command: string): Promise<Outcome> {
  const invoked = parseCommandLine(command.split(' '), NOUNS, NOW);
  if (invoked.kind === 'help') throw new Error('help instead of a verb');
  used.add(invoked.verbName);
  return runVerb(invoked, {
    environment: {},
    isScreen: true,
    now: NOW,
    readSecret: async () => '',
    watch: { say: () => undefined, now: () => NOW, pause: async () => undefined },
  });
}

const FACTOR = 'estimation factor --supply-point S2 --from 2026-11-27 --basis 契約';

test.each([
  [
    'estimation set --missed-reading last-usage --interpolate-max-hours 4',
    'missed reading: last-usage',
  ],
  ['estimation show', 'missed reading: last-usage; interpolation: up to 4 hours'],
  [`${FACTOR} --factor 1.0197`, 'S2: factor 1.0197 for periods that begin on 2026-11-27'],
  [
    'estimation circumstance --supply-point S2 --kind absence --from 2026-11-21 --to 2026-12-20 --reason 届出',
    'absence of S2 recorded (1)',
  ],
  ['estimation show --supply-point S2', '2 records'],
  ['estimation withdraw --circumstance 1', 'withdrawn (1)'],
])('%s', async (command, said) => {
  expect((await run(command)).said).toContain(said);
});

test('of a place shows the factor, and days that were recorded', async () => {
  const { table } = await run('estimation show --supply-point S2');
  expect(table?.rows).toContainEqual(
    expect.objectContaining({ kind: 'factor 1.0197', fromOn: '2026-11-27', reason: '契約' }),
  );
});

test('refuses what is not there', async () => {
  await expect(run('estimation withdraw --circumstance 999')).rejects.toMatchObject({
    code: 'conflict',
  });
  await expect(run('estimation show --supply-point S9')).rejects.toMatchObject({
    code: 'not_found',
  });
});

test('every verb of estimation is tested here', () => {
  expect([...used].sort()).toEqual(Object.keys(ESTIMATION.verbs).sort());
});
