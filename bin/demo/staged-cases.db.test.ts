import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase } from '../../db/client.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import { seedDemo } from '../seed.ts';
import { DEMO_UTILITY, ensureUtility } from '../utility.ts';
import { demoFirstDay, planDemo } from './demo-fleet.ts';
import { stageSilence } from './staged-cases.ts';

const SIZE = 20;
const NOW = new Date('2026-03-21T12:00:00+09:00');

let database: TestDatabase;
let directory: string;
beforeAll(async () => {
  database = await testDatabase();
  directory = await mkdtemp(join(tmpdir(), 'kenshin-cases-'));
});
afterAll(async () => {
  await database.close();
  await rm(directory, { recursive: true, force: true });
});

function seed() {
  return seedDemo({
    db: createDatabase(database.adminPool),
    kekDirectory: join(directory, 'keys'),
    fleetFile: join(directory, 'fleet.json'),
    accountsFile: join(directory, 'accounts.json'),
    apiKeyFile: join(directory, 'api-key.txt'),
    months: 1,
    size: SIZE,
    now: NOW,
  });
}

describe('a silent terminal of the demo', () => {
  it('was last heard when it reported its last day, though its history came later', async () => {
    await seed();
    const admin = createDatabase(database.adminPool);
    await database.adminPool.query('update terminal_state set last_seen_at = $1', [NOW]);
    const plan = planDemo(SIZE, demoFirstDay('2026-03-21', 1), '2026-03-21');
    await stageSilence(admin, await ensureUtility(admin, DEMO_UTILITY), plan);
    const { rows } = await database.adminPool.query(
      `select t.number, s.last_seen_at from terminal_state s join terminal t using (utility_id, terminal_id)
       where s.last_seen_at < $1`,
      [NOW],
    );
    const { terminalNumber, reportMinute } = plan[16]!;
    const midnight = new Date('2026-03-17T00:00:00+09:00').getTime();
    expect(rows).toEqual([
      { number: terminalNumber, last_seen_at: new Date(midnight + reportMinute * 60_000) },
    ]);
  });

  it("gets new accounts when the accounts' file is of an earlier version", async () => {
    const file = join(directory, 'accounts.json');
    const earlier = { utilityCode: 'demo', staff: [], consumer: { customerNumber: '001010' } };
    await writeFile(file, JSON.stringify(earlier));
    expect((await seed()).households).toHaveLength(3);
  });
});
