import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readAs, transactAs } from '../../db/client.ts';
import {
  createUtility,
  fitHousehold,
  type Household,
  storeDay,
} from '../../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import { takeDownCounters } from './polling-commands.ts';
import { listTerminalsToAsk } from './polling-queries.ts';

let database: TestDatabase;
let utilityId: number;
let homes: Household[];

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  utilityId = await createUtility(database.adminPool);
  homes = [];
  for (let i = 0; i < 3; i += 1) homes.push(await fitHousehold(database.adminPool, utilityId));
});

async function want(home: Household, day: string): Promise<void> {
  await database.adminPool.query(
    `insert into reading_request (utility_id, meter_id, day, terminal_id, reason, first_hour, last_hour, due_at)
     values ($1, $2, $3, $4, 'absent', 1, 24, now())`,
    [utilityId, home.meterId, day, home.terminalId],
  );
}

describe('the connected terminals with open requests', () => {
  it('are found for more of them than a statement has parameters', async () => {
    await want(homes[1]!, '2025-02-03');
    const connected = Array.from({ length: 70_000 }, (_, at) => at + 1);
    const found = await readAs(database.ingestDb, utilityId, (tx) =>
      listTerminalsToAsk(tx, connected),
    );
    expect(found).toEqual([homes[1]!.terminalId]);
  });
});

describe('requests', () => {
  it('are closed terminal by terminal, in as many transactions as it takes', async () => {
    for (const home of homes) {
      await want(home, '2025-02-03');
      await storeDay(database.adminPool, utilityId, { ...home, day: '2025-02-03' });
    }
    await database.adminPool.query(
      'update terminal_state set last_seen_at = now() where utility_id = $1',
      [utilityId],
    );
    const slices: unknown[] = [];
    let from: number | null = 0;
    while (from !== null) {
      const after: number = from;
      const slice: { settled: number; last_terminal: number | null } = await transactAs(
        database.workerDb,
        utilityId,
        async (tx) => {
          const { rows } = await sql<{ settled: number; last_terminal: number | null }>`
            select * from settle_reading_requests('2025-02-05', '-infinity', ${after}::integer, 2)`.execute(
            tx,
          );
          return rows[0]!;
        },
      );
      slices.push(slice.settled);
      from = slice.last_terminal;
    }
    expect(slices).toEqual([2, 1]);
  });
});

describe('a downlink counter', () => {
  it("is on disk before its frame is sealed, whatever the role's settings", async () => {
    await transactAs(database.ingestDb, utilityId, async (tx) => {
      await sql`set local synchronous_commit = off`.execute(tx);
      expect(await takeDownCounters(tx, homes[0]!.terminalId, 2)).toBe(1);
      const { rows } = await sql`show synchronous_commit`.execute(tx);
      expect(rows).toEqual([{ synchronous_commit: 'on' }]);
    });
  });
});
