import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createDatabase } from '../db/client.ts';
import type { Database } from '../db/schema.ts';
import { type TestDatabase, testDatabase } from '../db/testing/testing.ts';
import { readFleetFile } from '../ingest/simulator/fleet-file.ts';
import { openFleetState } from '../ingest/simulator/fleet-state.ts';
import { ensureKek } from './kek-file.ts';
import { type SeedOptions, seedDemo } from './seed.ts';
import { ensureUtility } from './utility.ts';

const SIZE = 12;

let database: TestDatabase;
let admin: Kysely<Database>;
let directory: string;
let options: SeedOptions;
beforeEach(async () => {
  database = await testDatabase();
  admin = createDatabase(database.adminPool);
  directory = await mkdtemp(join(tmpdir(), 'kenshin-seed-'));
  options = {
    db: admin,
    kekDirectory: join(directory, 'keys'),
    fleetFile: join(directory, 'fleet.json'),
    accountsFile: join(directory, 'accounts.json'),
    apiKeyFile: join(directory, 'api-key.txt'),
    months: 13,
    size: SIZE,
    now: new Date('2026-03-21T12:00:00+09:00'),
  };
});
afterEach(async () => {
  await database.close();
  await rm(directory, { recursive: true, force: true });
});

async function count(table: string): Promise<number> {
  const { rows } = await database.adminPool.query(`select count(*)::int as n from ${table}`);
  return rows[0].n;
}

describe('seeding the demo', () => {
  test('registers every household with meter, terminal and customer', async () => {
    const accounts = await seedDemo(options);
    expect(await count('supply_point')).toBe(SIZE);
    expect(await count('terminal_fitting')).toBe(SIZE);
    expect(await count('terminal_key')).toBe(SIZE);
    // One meter was exchanged and one flat changed hands.
    expect(await count('meter_fitting')).toBe(SIZE + 1);
    expect(await count('occupancy')).toBe(SIZE + 1);
    expect(accounts.staff.map(({ role }) => role)).toEqual(['admin', 'analyst', 'billing']);
    expect(accounts.households.map(({ customerNumber }) => customerNumber)).toEqual([
      '001010',
      '001030',
      '001090',
    ]);
    const fleet = await readFleetFile(options.fleetFile);
    expect(fleet).toMatchObject({ firstDay: '2025-02-01' });
    expect(fleet.terminals).toHaveLength(SIZE);
  });

  test('the files are readable by their owner alone', async () => {
    await seedDemo(options);
    const { fleetFile, accountsFile, apiKeyFile } = options;
    const kekFile = join(options.kekDirectory, 'demo.key');
    for (const file of [fleetFile, accountsFile, apiKeyFile, kekFile])
      expect((await stat(file)).mode & 0o077).toBe(0);
  });

  test('a second run keeps everything', async () => {
    const first = await seedDemo(options);
    const fleet = await readFleetFile(options.fleetFile);
    expect(await seedDemo({ ...options, now: new Date('2026-05-01T12:00:00+09:00') })).toEqual(
      first,
    );
    expect(await readFleetFile(options.fleetFile)).toEqual(fleet);
    expect(await count('supply_point')).toBe(SIZE);
    expect(await count('account')).toBe(3);
  });

  test('gives accounts of the staff an address that is nobody’s, and leaves one that was set', async () => {
    const addresses = async () => {
      const { rows } = await database.adminPool.query<{ login: string; mail_address: string }>(
        'select login, mail_address from account order by login',
      );
      return rows.map(({ mail_address }) => mail_address);
    };
    await seedDemo(options);
    const [admin, analyst, billing] = ['admin', 'analyst', 'billing'].map(
      (login) => `${login}@demo-gas.example`,
    );
    expect(await addresses()).toEqual([admin, analyst, billing]);
    await database.adminPool.query(
      `update account set mail_address = case login when 'admin' then 'kanri@gas.example' end where login <> 'billing'`,
    );
    await seedDemo(options);
    expect(await addresses()).toEqual(['kanri@gas.example', analyst, billing]);
  });

  test.each([
    ['ends soon', async () => new Date('2026-06-10T12:00:00+09:00')],
    [
      'was lost',
      async () => {
        await rm(options.apiKeyFile);
        return options.now;
      },
    ],
  ])('a key that %s is replaced, and the old one revoked', async (_what, harm) => {
    const first = await seedDemo(options);
    const now = await harm();
    const second = await seedDemo({ ...options, ...(now && { now }) });
    expect(second).toEqual({ ...first, apiKey: expect.stringMatching(/^kenshin_/) });
    expect(second.apiKey).not.toBe(first.apiKey);
    expect((await readFile(options.apiKeyFile, 'utf8')).trim()).toBe(second.apiKey);
    const { rows } = await database.adminPool.query(
      'select revoked_at is null as live, scopes from api_key order by api_key_id',
    );
    const scopes = ['collection.read'];
    expect(rows).toEqual([
      { live: false, scopes },
      { live: true, scopes },
    ]);
  });

  test('after the loss of all files the same supply points get new credentials', async () => {
    const first = await seedDemo(options);
    const lost = await readFleetFile(options.fleetFile);
    await rm(directory, { recursive: true, force: true });
    const second = await seedDemo(options);
    const fleet = await readFleetFile(options.fleetFile);
    expect(fleet.id).not.toBe(lost.id);
    expect(fleet.terminals.map(({ number, meters }) => ({ number, meters }))).toEqual(
      lost.terminals.map(({ number, meters }) => ({ number, meters })),
    );
    expect(fleet.terminals.every(({ generation }) => generation === 2)).toBe(true);
    expect(second.staff[0]!.password).not.toBe(first.staff[0]!.password);
    expect(second.households[0]?.registrationCode).not.toBe(first.households[0]?.registrationCode);
    expect(await count('supply_point')).toBe(SIZE);
  });

  test.each([
    ['is lost', () => rm(join(directory, 'fleet-state.json'))],
    ['is damaged', () => writeFile(join(directory, 'fleet-state.json'), '{"half')],
  ])(
    'when the state %s the fleet gets new keys and continues above the used counters',
    async (_what, harm) => {
      await seedDemo(options);
      const before = await readFleetFile(options.fleetFile);
      const { number } = before.terminals[0]!;
      await harm();
      await database.adminPool.query(
        'update terminal_state s set up_high = 400 from terminal t where t.terminal_id = s.terminal_id and t.number = $1',
        [number],
      );
      await seedDemo(options);
      const after = await readFleetFile(options.fleetFile);
      expect(after.terminals[0]).toMatchObject({ number, generation: 2 });
      expect(after.terminals[0]!.key).not.toBe(before.terminals[0]!.key);
      const state = await openFleetState(join(directory, 'fleet-state.json'), after.id);
      expect(await state.of(number).nextCounter()).toBe(401);
      await state.close();
      await seedDemo(options);
      expect(await readFleetFile(options.fleetFile)).toEqual(after);
    },
  );

  test('a state older than the database counts as lost', async () => {
    await seedDemo(options);
    await database.adminPool.query('update terminal_state set up_high = 7');
    await seedDemo(options);
    const { terminals } = await readFleetFile(options.fleetFile);
    expect(terminals.every(({ generation }) => generation === 2)).toBe(true);
  });

  test('files of another database are replaced', async () => {
    await seedDemo(options);
    const old = await readFleetFile(options.fleetFile);
    const other = await testDatabase();
    try {
      const accounts = await seedDemo({ ...options, db: createDatabase(other.adminPool) });
      expect((await readFleetFile(options.fleetFile)).id).not.toBe(old.id);
      expect(accounts.utilityCode).toBe('demo');
    } finally {
      await other.close();
    }
  });

  test.each([
    ['a blank of no width in its name', { code: 'demo', name: 'デモ\u200bガス' }],
    ['a code that is none', { code: 'Demo ガス', name: 'デモガス' }],
  ])('a utility with %s is refused', async (_what, utility) => {
    await expect(ensureUtility(admin, utility)).rejects.toMatchObject({ code: 'invalid_input' });
    expect(await count('utility')).toBe(0);
  });

  test("an existing utility without the demo's supply points is filled", async () => {
    await ensureUtility(admin, { code: 'demo', name: '先にあった会社' });
    await ensureKek(options.kekDirectory, 'demo');
    await seedDemo(options);
    expect(await count('utility')).toBe(1);
    expect(await count('supply_point')).toBe(SIZE);
  });
});
