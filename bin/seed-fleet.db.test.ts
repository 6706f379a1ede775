import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createDatabase } from '../db/client.ts';
import { type TestDatabase, testDatabase } from '../db/testing/testing.ts';
import { createLog } from '../ingest/log.ts';
import { startIngest } from '../ingest/start.ts';
import { keksFromDirectory } from '../lib/keys/kek-provider.ts';
import { ROOT } from './demo/product-processes.ts';
import { seedDemo } from './seed.ts';

let database: TestDatabase;
let folder: string;
let ingest: Awaited<ReturnType<typeof startIngest>>;
beforeEach(async () => {
  database = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), 'kenshin-seed-'));
  await seed();
  ingest = await startIngest({
    pool: database.ingestPool,
    keks: keksFromDirectory(join(folder, 'keys')),
    log: createLog('silent'),
    mqtt: { host: '127.0.0.1', port: 0, maxConnections: 40 },
    healthPort: 0,
  });
});
afterEach(async () => {
  await ingest.stop();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

function seed() {
  return seedDemo({
    db: createDatabase(database.adminPool),
    kekDirectory: join(folder, 'keys'),
    fleetFile: join(folder, 'fleet.json'),
    accountsFile: join(folder, 'accounts.json'),
    apiKeyFile: join(folder, 'api-key.txt'),
    // The whole previous month: at least 28 days at any date.
    months: 1,
    size: 10,
    now: new Date(),
  });
}

/** Runs the simulator as the demo does, until the history is sent. */
function simulate(): Promise<{ code: number | null; printed: string }> {
  const broker = `mqtt://127.0.0.1:${ingest.mqttPort}`;
  const files = ['fleet', 'fleet-state'].map((name) => join(folder, `${name}.json`));
  const child = spawn(
    process.execPath,
    [
      ...['--import', 'tsx', 'ingest/simulator/main.ts', '--history-only', '--broker', broker],
      ...['--fleet', files[0]!, '--state', files[1]!],
    ],
    { cwd: ROOT, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let printed = '';
  child.stderr.on('data', (text) => {
    printed += text;
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, printed })));
}

describe('the demo’s fleet', () => {
  test('with a deleted state gets new keys, and no counter is used twice', async () => {
    expect(await simulate()).toMatchObject({ code: 0 });
    await rm(join(folder, 'fleet-state.json'));
    const refused = await simulate();
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.printed).toContain('fleet-state.json is not there: give the terminals new keys');
    await seed();
    expect(await simulate()).toMatchObject({ code: 0 });
    const { rows } = await database.adminPool.query(
      `select count(*)::int as days, count(distinct (terminal_id, counter))::int as counters
       from series.meter_day`,
    );
    expect(rows[0].days).toBeGreaterThan(100);
    expect(rows[0].counters).toBe(rows[0].days);
    const quarantined = await database.adminPool.query('select reason from frame_quarantine');
    expect(quarantined.rows.filter(({ reason }) => reason === 'replay')).toEqual([]);
    const keys = await database.adminPool.query(
      'select distinct generation from terminal_key where retired_at is null',
    );
    expect(keys.rows).toEqual([{ generation: 2 }]);
  }, 180_000);
});
